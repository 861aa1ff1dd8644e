"""The log: lines for people or, one JSON object each, for programs, on standard error."""

import logging
import re
from datetime import UTC, datetime

import orjson

from generation.processes.output import LineOutput

# Django adds its whole `request`, which would take the place of the request's id and put its query into the log.
KNOWN = {*vars(logging.makeLogRecord({})), "message", "asctime", "request_id", "taskName", "request"}

UNFORMATTED = "{record.levelname} {record.name} {record.msg} (not formatted: {error})"


# Pages that links in mail lead to: who reads the log could follow them.
LINK = re.compile(r"(/account/[a-z_-]+/)[^\s'\"\\<]+")


class LineHandler(logging.Handler):
    """Writes to standard error without waiting for its reader: a full pipe must not stop a request or a worker."""

    def __init__(self) -> None:
        super().__init__()
        self.output = LineOutput(2)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.output.write(without_tokens(self.format(record)))
        except Exception as error:
            self.output.write(UNFORMATTED.format(record=record, error=error))


def without_tokens(line: str) -> str:
    return LINK.sub(r"\1...", line) if "/account/" in line else line


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in KNOWN},
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str, option=orjson.OPT_UTC_Z).decode()
