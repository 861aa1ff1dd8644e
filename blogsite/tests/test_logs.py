"""Log lines for programs."""

import json
import logging
from typing import Any

from blogsite.logs import JsonFormatter


def line_of(**more: Any) -> Any:
    record = logging.makeLogRecord({"name": "generation.engine", "levelname": "INFO", "created": 0.25, **more})
    return json.loads(JsonFormatter().format(record))


def test_a_line_is_one_object_with_the_requests_id_and_what_the_caller_added():
    assert line_of(msg="claimed %s", args=(7,), request_id="r1", post=42) == {
        "time": "1970-01-01T00:00:00.250000Z",
        "level": "INFO",
        "logger": "generation.engine",
        "request": "r1",
        "message": "claimed 7",
        "post": 42,
    }


def test_a_trace_is_part_of_its_line():
    try:
        raise RuntimeError("broken\nin two")
    except RuntimeError as error:
        line = line_of(msg="it broke", exc_info=(type(error), error, error.__traceback__))

    assert line["trace"].endswith("RuntimeError: broken\nin two")
