"""The log: one line for each step of a generation, from the request to its end."""

import logging
from typing import Protocol

logger = logging.getLogger("blogsite.generation")


class Loggable(Protocol):
    """A generation, or a worker's claim to one."""

    id: int
    post_id: int
    attempts: int
    worker: str
    request_id: str

    @property
    def age(self) -> float:
        """Seconds since its request; a claim's since its fetch."""


def log_step(step: str, of: Loggable, **facts: object) -> None:
    """Write one line: `step=landed post=7 generation=9 attempt=1 worker=host:42 ms=2100`.

    Args:
        step: what happened.
        of: to which generation.
        facts: more to say; a worker's steps say `why` where something ended early.
    """
    line = f"step={step} post={of.post_id} generation={of.id} attempt={of.attempts} worker={of.worker or '-'}"
    more = "".join(f" {name}={value}" for name, value in facts.items())
    # The id of the HTTP request that caused it is in the web server's log too.
    logger.info("%s ms=%.0f%s", line, of.age * 1000, more, extra={"request_id": of.request_id or "-"})
