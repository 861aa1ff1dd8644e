"""The queue, and the workers that process it."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from generation.doctor.findings import Finding, error, ok, warning
from generation.models import SitePause
from generation.reporting import stats

LONG_WAIT = 600.0  # seconds
FULL = "Full, with {depth} unfinished: further requests get 503."
SLOW = "{depth} unfinished, the oldest queued for {minutes:.0f} minutes."
NO_WORKER = "None seen recently, but {depth} queued or in progress."
IDLE = "None seen recently; the queue is empty."
FIX_PAUSE = "Run `manage.py resume` when workers may go on; until then requests queue."


def queue() -> Iterator[Finding]:
    state = stats.queue()
    depth, limit = sum(state.depth.values()), settings.GENERATION_QUEUE_LIMIT
    oldest = state.oldest_pending_seconds or 0
    if depth >= limit:
        fix = "Start more workers, or raise GENERATION_QUEUE_LIMIT."
        yield error("queue", FULL.format(depth=depth), fix)
    elif oldest > LONG_WAIT and not state.is_paused:
        fix = "Start more workers; check their logs for rate limits."
        yield warning("queue", SLOW.format(depth=depth, minutes=oldest / 60), fix)
    else:
        yield ok("queue", f"{depth} queued or in progress.")


def pause() -> Iterator[Finding]:
    if found := SitePause.current():
        yield warning("pause", found.sentence(), FIX_PAUSE)


def worker() -> Iterator[Finding]:
    state = stats.queue()
    if state.workers:
        yield ok("worker", f"{state.workers} seen in the last {stats.SEEN_LATELY:.0f} seconds.")
        return
    fix = "Run `manage.py worker`, or `manage.py up` for everything."
    if depth := sum(state.depth.values()):
        yield error("worker", NO_WORKER.format(depth=depth), fix)
    else:
        yield warning("worker", IDLE, fix)
