"""Request ids in answers, problems and the log."""

import logging

import pytest

from accounts.request_ids import RequestIdFilter
from accounts.tests.baker_recipes import writer

pytestmark = pytest.mark.django_db


def test_a_clients_id_comes_back_and_is_in_the_problem(api):
    answer = api.get("/api/v1/blogs/999", headers={"X-Request-ID": "from-the-app-17"})

    assert answer["X-Request-ID"] == answer.json()["request_id"] == "from-the-app-17"


@pytest.mark.parametrize("given", ["", "two words", "x" * 65, "a\nb", "<script>", "caf\xe9", '"'])
def test_an_invalid_id_is_replaced(api, given):
    answer = api.get("/healthz", headers={"X-Request-ID": given})

    assert len(answer["X-Request-ID"]) == 32
    assert answer["X-Request-ID"].isalnum()


def test_every_request_has_its_own_id(api):
    assert api.get("/")["X-Request-ID"] != api.get("/")["X-Request-ID"]


def test_writes_are_logged_under_it_without_their_secrets(as_user, caplog):
    caplog.handler.addFilter(RequestIdFilter())
    with caplog.at_level(logging.INFO):
        as_user(writer.make()).post(
            "/api/v1/login?password=in-the-address",
            {"email": "bob@example.com", "password": "tulips-in-the-rain"},
            headers={"X-Request-ID": "from-the-app-17"},
        )

    (record,) = (record for record in caplog.records if record.name == "blogsite.requests")
    assert record.request_id == "from-the-app-17"
    assert record.getMessage().startswith("method=POST path='/api/v1/login' status=401 ms=")
    assert "tulips" not in caplog.text
    assert "Bearer" not in caplog.text
    assert "in-the-address" not in caplog.text
