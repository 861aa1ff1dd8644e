from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from blogsite.conf.databases import database_from_url


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///./test.db", "/srv/blog/test.db"),
        ("sqlite:///test.db", "/srv/blog/test.db"),
        ("sqlite:////var/lib/test.db", "/var/lib/test.db"),
    ],
)
def test_a_sqlite_path_starts_at_the_project(url, name):
    settings = database_from_url(url, Path("/srv/blog"))

    assert settings["NAME"] == name
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_connections_are_kept_and_checked():
    settings = database_from_url("postgres://user:pa%40ss@db:5433/blog", Path("/srv"))

    assert (settings["NAME"], settings["PASSWORD"], settings["PORT"]) == ("blog", "pa@ss", 5433)
    assert (settings["CONN_MAX_AGE"], settings["CONN_HEALTH_CHECKS"]) == (60, True)


def test_an_error_does_not_repeat_a_password():
    with pytest.raises(ImproperlyConfigured) as error:
        database_from_url("oracle://user:hunter2@db/blog", Path("/srv"))

    assert "hunter2" not in str(error.value)
