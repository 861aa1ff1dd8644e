"""Generations that have been through a lot, and what a transition makes of them."""

from dataclasses import astuple, replace
from decimal import Decimal
from typing import Any

from django.conf import settings

from blogs.models import Failure
from blogsite.testing.posts import MODEL, finished_text
from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.providers import configured_provider
from generation.models import Generation
from generation.queue.claim import Claim
from generation.queue.fetch import fetch_due
from generation.queue.finished_text import FinishedText
from generation.tests.baker_recipes import waiting, written

PROVIDER, ANOTHER_PROVIDER = configured_provider().key, "another provider"
SAVED = Usage(prompt_tokens=1_000, completion_tokens=500, calls=1)  # of an answer that is paid for, but on no bill
STEPS: dict[str, Any] = {"seed": 7, "answers": {"a request's hash": ["A plan.", astuple(SAVED)]}}
# A generation that has been through a lot: each of its columns shows whether a transition cleared it.
VETERAN: dict[str, Any] = {
    "worker": "elsewhere:1",
    "content": "So far.",
    "failure_code": "timeout",
    "failure_message": "It was slow.",
    "provider": "embedded",
    "model": "gpt-4o",
    "calls": 1,
    "prompt_tokens": 100,
    "cached_tokens": 10,
    "completion_tokens": 50,
    "cost": Decimal("0.5"),
    "steps": STEPS,
}
SPENT = Usage(prompt_tokens=1_000_000, completion_tokens=1_000_000, cached_tokens=1_000, calls=2)
BILLED: dict[str, Any] = {  # `SPENT` and what the veteran had spent before
    "provider": "openai",
    "model": MODEL,
    "calls": 3,
    "prompt_tokens": 1_000_100,
    "cached_tokens": 1_010,
    "completion_tokens": 1_000_050,
    "cost": Decimal("1.249925"),
}
SETTLED: dict[str, Any] = {  # what the veteran had spent before, and its saved answers
    "calls": 2,
    "prompt_tokens": 1_100,
    "completion_tokens": 550,
    "cost": Decimal("0.5075"),
}
TEXT: dict[str, Any] = {
    "title": "Rye",
    "content": "The text.",
    "gate": {"failed": ["words"]},
    "prompt_version": "7",
    "provenance": {"seed": 7},
}

RECORDED = TEXT | {"provenance": {"seed": 7, "prices_of": f"built-in, {settings.MODEL_PRICES_DATE}"}}


def fetched(worker: str = "one:1", **columns: Any) -> tuple[Claim, Generation]:
    """Return a claim, and the generation under it as it is now."""
    waiting.make(**VETERAN | columns)
    (claim,) = fetch_due(1, worker)
    Generation.objects.filter(pk=claim.id).update(stage="write", done=1, total=4)
    return claim, Generation.objects.select_related("post").get(pk=claim.id)


def make_others() -> None:
    """Make generations that no transition of a first one may change: leased to another worker, queued, and landed."""
    _, generation = fetched("two:2")
    waiting.make(**VETERAN, turn=1)
    written.make(post__owner=generation.post.owner)


def text_for(claim: Claim) -> FinishedText:
    """Return a text that cost `SPENT`."""
    return replace(finished_text(claim, usage=SPENT), **TEXT)


def failure(code: FailureCode = FailureCode.TIMEOUT, **details: Any) -> GenerationFailed:
    return GenerationFailed(code, "The server said no.", **details)


def shown(code: FailureCode, attempts: int) -> Failure:
    """Return what a post shows of a failure."""
    return {"code": code, "message": code.summary, "retryable": code.retryable, "attempts": attempts}
