from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from blogsite.conf.databases import BAD_POOL_MODE, database_from_url


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


def test_options_of_the_url_are_kept():
    settings = database_from_url("postgres://user@db/blog?sslmode=require&pool_mode=transaction", Path("/srv"))

    assert settings["OPTIONS"].pop("isolation_level")
    assert settings["OPTIONS"] == {"sslmode": "require"}
    assert settings["DISABLE_SERVER_SIDE_CURSORS"] is True


def test_another_mode_of_the_pool_is_refused():
    with pytest.raises(ImproperlyConfigured) as error:
        database_from_url("postgres://user@db/blog?pool_mode=statement", Path("/srv"))

    assert str(error.value) == BAD_POOL_MODE.format("statement")


def test_an_error_does_not_repeat_a_password():
    with pytest.raises(ImproperlyConfigured) as error:
        database_from_url("oracle://user:hunter2@db/blog", Path("/srv"))

    assert "hunter2" not in str(error.value)
