"""Which lines are logged, and how."""

from typing import Any


def logging_config(formatter: str) -> dict[str, Any]:
    """Return the configuration of Python's logging.

    Args:
        formatter: `line` for people, or `json` for programs.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "accounts.request_ids.RequestIdFilter"}},
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s request=%(request_id)s %(message)s"},
            "json": {"()": "blogsite.logs.JsonFormatter"},
        },
        "handlers": {
            "stderr": {
                "class": "blogsite.logs.LineHandler",
                "formatter": formatter,
                "filters": ["request_id"],
            }
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": []},  # its own would print each line again
            "django.request": {"level": "ERROR"},  # a client's mistake is answered, not logged
            # The engine logs what its tasks did.
            "django-q": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
            "httpx2": {"level": "WARNING"},
            "httpcore2": {"level": "WARNING"},
        },
    }
