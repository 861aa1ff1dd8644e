"""Log lines for programs."""

import json
import logging
from io import StringIO
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.request_ids import RequestIdFilter
from blogsite.api import problems
from blogsite.logs import JsonFormatter, LineHandler


def line_of(**more: Any) -> Any:
    record = logging.makeLogRecord({"name": "blogsite.generation", "levelname": "INFO", "created": 0.25, **more})
    return json.loads(JsonFormatter().format(record))


def test_a_line_is_one_object_with_the_requests_id_and_what_the_caller_added():
    assert line_of(msg="fetched %s", args=(7,), request_id="r1", post=42) == {
        "time": "1970-01-01T00:00:00.250000Z",
        "level": "INFO",
        "logger": "blogsite.generation",
        "request": "r1",
        "message": "fetched 7",
        "post": 42,
    }


def test_a_trace_is_part_of_its_line():
    try:
        raise RuntimeError("broken\nin two")
    except RuntimeError as error:
        line = line_of(msg="it broke", exc_info=(type(error), error, error.__traceback__))

    assert line["trace"].endswith("RuntimeError: broken\nin two")


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


urlpatterns = [path("broken", breaks)]
handler500 = problems.server_error


@pytest.mark.urls(__name__)
def test_a_line_that_django_logs_of_a_request_has_its_id_and_not_its_query(api):
    handler = logging.StreamHandler(lines := StringIO())
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestIdFilter())
    api.raise_request_exception = False
    logging.getLogger("django.request").addHandler(handler)
    try:
        answer = api.get("/broken?token=hunter2", headers={"X-Request-ID": "r1"})
    finally:
        logging.getLogger("django.request").removeHandler(handler)

    (line,) = lines.getvalue().splitlines()
    assert (answer.status_code, answer["X-Request-ID"]) == (500, "r1")
    assert (json.loads(line)["request"], json.loads(line)["status_code"]) == ("r1", 500)
    assert "hunter2" not in line


def test_a_record_that_cannot_be_formatted_is_logged_all_the_same(capfd):
    LineHandler().handle(logging.makeLogRecord({"levelname": "INFO", "name": "a.name", "msg": "%d", "args": ("x",)}))

    assert capfd.readouterr().err.startswith("INFO a.name %d (not formatted: ")


@pytest.mark.parametrize(
    "line", ["path='{}' status=200", "Forbidden (CSRF cookie not set.): {}", '{{"message": "{}"}}']
)
def test_a_link_in_a_mail_is_logged_without_its_token(capfd, line):
    path = "/account/invitation/WzEsZmFsc2Vd:1xWnCj:KT5B_eE8y-gw"

    LineHandler().handle(logging.makeLogRecord({"msg": line.format(path)}))

    assert capfd.readouterr().err.strip() == line.format("/account/invitation/...")
