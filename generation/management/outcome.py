"""How `manage.py write` ended: with a text, with one that is held back, or without one; and what that cost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from generation.costs import Usage, cost
from generation.failures import GenerationFailed
from generation.llm.providers import Provider
from generation.prices.table import prices_without_fail
from generation.smol_blogwriter import Draft
from generation.writer.checks.findings import Finding

COST_UNKNOWN = "cost unknown"
SANE, NOT_SANE = "The sanity checks pass.", "Sanity checks that fail: {names}."
HELD_BACK = "The service would hold this text back as a proposal. {reason}"
WARNING = "Warning, {name}: {message}"


@dataclass(frozen=True)
class Outcome:
    """What came of a brief.

    Args:
        provider: who was to write.
        usage: everything that was spent, on calls without an answer too.
        seconds: from start to end.
        draft: the text, if there is one.
        failure: why there is no text, or why it is held back.
    """

    provider: Provider
    usage: Usage
    seconds: float
    draft: Draft | None
    failure: GenerationFailed | None

    @property
    def status(self) -> Literal["completed", "proposal", "failed"]:
        if self.draft is None:
            return "failed"
        return "proposal" if self.failure else "completed"

    @property
    def warnings(self) -> list[Finding]:
        """What is wrong with the text; what holds it back comes first."""
        found = self.draft.warnings if self.draft else ()
        return sorted(found, key=lambda finding: not finding.name.holds_back)

    @property
    def dollars(self) -> Decimal | None:
        """What it cost; a database is only looked into for a price that nobody knows without it."""
        known = cost(self.provider.model, self.usage)
        if known is None and not self.usage.estimated:
            return cost(self.provider.model, self.usage, prices_without_fail())
        return known

    def as_json(self) -> str:
        """Return one line, whatever the text holds."""
        dollars = self.dollars
        return json.dumps(
            {
                "title": self.draft.title if self.draft else "",
                "content": self.draft.content if self.draft else "",
                "status": self.status,
                "warnings": [{"name": found.name.value, "sentence": found.sentence} for found in self.warnings],
                "code": self.failure.code.value if self.failure else "",
                "message": self.failure.for_staff if self.failure else "",
                "calls": self.usage.calls,
                "cost": None if dollars is None else float(dollars),
            }
        )

    def remarks(self, draft: Draft) -> Iterator[str]:
        """Yield a line for who wrote the text and what it cost, and one for each thing that is wrong with it."""
        price = "" if self.provider.name == "embedded" else f", {_price(self.dollars)}"
        failed = ", ".join(draft.gate["failed"])
        checks = NOT_SANE.format(names=failed) if failed else SANE
        yield f"{draft.gate['words']} words by {self.provider.model} in {self.seconds:.0f} s{price}. {checks}"
        if self.failure:
            yield HELD_BACK.format(reason=self.failure.for_staff)
        for found in self.warnings:
            yield WARNING.format(name=found.name.value, message=" ".join(found.message.split()))


def _price(dollars: Decimal | None) -> str:
    return COST_UNKNOWN if dollars is None else f"${dollars:.4f}"
