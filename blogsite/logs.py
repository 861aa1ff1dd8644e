"""Log lines for programs: one JSON object each."""

import logging
from datetime import UTC, datetime

import orjson

# Django adds its whole `request`, which would take the place of the request's id and put its query into the log.
KNOWN = {*vars(logging.makeLogRecord({})), "message", "asctime", "request_id", "taskName", "request"}


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
