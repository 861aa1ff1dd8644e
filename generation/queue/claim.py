"""Claims: what a worker knows of a generation that it has leased."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from blogs.models import Progress
from generation.budgets.money import has_price, most_of
from generation.costs import Prices, Usage
from generation.llm.paid_answers import PaidAnswers
from generation.llm.providers import Provider


class Snapshot(NamedTuple):
    """How far an attempt is, in what a renewal saves."""

    stage: str = ""
    done: int = 0
    total: int = 0
    text_length: int = 0  # characters or pieces
    calls: int = 0  # that are paid for and not on the bill

    @property
    def progress(self) -> Progress:
        return {"stage": self.stage, "done": self.done, "total": self.total}


NOTHING_SAVED = Snapshot()


def host_of(worker: str) -> str:
    """Return the host in a worker's name."""
    return worker.partition(":")[0]


@dataclass(eq=False)
class Claim:
    """A worker's lease of one generation, what it needs to write it, and how far it got."""

    id: int
    post_id: int
    token: uuid.UUID
    worker: str
    provider: Provider
    detour: dict[str, str]  # why it is not the provider and model that was requested; see `Route`
    brief_title: str
    brief: str
    options: dict[str, str]
    paid_answers: PaidAnswers
    attempts: int
    request_id: str
    may_be_poison: bool = False
    lost_by: str = ""  # the worker on another host whose lease ran out before
    stage: str = ""
    done: int = 0
    total: int = 0
    text: Sequence[str] = ""  # whole, or in pieces that more are added to
    saved: Snapshot = NOTHING_SAVED
    in_flight: list[Usage] = field(default_factory=list)  # the most that calls may use that are not over
    spent_before: int = 0  # millionths of a US dollar, at most, when it was fetched
    prices: Prices = field(default_factory=dict)  # at its fetch: budgets count an attempt by the same ones to its end
    fetched_at: float = field(default_factory=time.monotonic)
    written: bool = False  # from here on the outcome is only to be recorded

    def report_progress(self, stage: str, done: int, total: int, text: Sequence[str] | None = None, /) -> None:
        """Note the progress and the text so far; they are saved with the next renewal."""
        self.stage, self.done, self.total = stage, done, total
        self.text = self.text if text is None else text

    def __post_init__(self) -> None:
        self.used_before = self.paid_answers.usage

    @property
    def is_charged(self) -> bool:
        """Whether budgets are charged for what its model uses."""
        return has_price(self.provider.model, self.prices)

    @property
    def spent_at_most(self) -> int:
        """Millionths of a US dollar that the generation can have cost by now, with the calls in flight.

        A router may answer by another model than was requested: the dearest that has answered may answer these, too.
        """
        in_flight = sum(list(self.in_flight), Usage())  # first: a call that ends meanwhile counts twice, not never
        all_used = self.paid_answers.usage
        used = all_used - self.used_before
        whichever = [in_flight, *(in_flight.answered_by(name) for name in all_used.by_model)]
        return self.spent_before + max(most_of(self.provider.model, used + calls, self.prices) for calls in whichever)

    @property
    def age(self) -> float:
        """Seconds since its fetch."""
        return time.monotonic() - self.fetched_at

    @property
    def snapshot(self) -> Snapshot:
        return Snapshot(self.stage, self.done, self.total, len(self.text), self.paid_answers.usage.calls)

    @property
    def is_saved(self) -> bool:
        return self.snapshot == self.saved
