"""A generation's life in the log: one line a step, from the request to its end."""

import logging
from typing import Any, Protocol

from django.utils import timezone

from generation.models import Generation

logger = logging.getLogger(__name__)


class Loggable(Protocol):
    """A generation, or a worker's claim to one."""

    id: int
    post_id: int
    attempts: int
    worker: str
    request_id: str


def log_step(step: str, of: Loggable, seconds: float, **facts: Any) -> None:
    """Write one line: `step=landed post=7 generation=9 attempt=1 worker=host:42 ms=2100`.

    Args:
        step: what happened.
        of: whose life it is.
        seconds: since its claim for what a worker does, since it was asked for otherwise.
        facts: more to say; a worker's steps say `why` where something was given up.
    """
    line = f"step={step} post={of.post_id} generation={of.id} attempt={of.attempts} worker={of.worker or '-'}"
    told = "".join(f" {name}={value}" for name, value in facts.items())
    # The request that asked is named in the web server's log too.
    logger.info("%s ms=%.0f%s", line, seconds * 1000, told, extra={"request_id": of.request_id or "-"})


def age(generation: Generation) -> float:
    """Return the seconds since it was asked for."""
    return (timezone.now() - generation.created_at).total_seconds()
