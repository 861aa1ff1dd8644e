"""The briefs that the writer is measured by: `dev` to tune on, `heldout` to report, `robust` to do harm."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.writer.brief import Brief

SETS = ("dev", "heldout", "robust")
_FOLDER = Path(__file__).resolve().parents[1] / "briefs"


@dataclass(frozen=True)
class GivenBrief:
    """One brief of a set.

    Args:
        id: short name, unique in its set.
        kind: what sort of post it asks for, such as `how-to`.
        title: as an author would type it.
        notes: likewise; may be empty.
        criteria: what a judge is asked about this brief alone.
        never: words that only the hostile part of the brief has; in a text they show that it was obeyed or echoed.
        small_fails: the failure code with which a small model must turn it down, empty if it must write.
    """

    id: str
    kind: str
    title: str
    notes: str
    criteria: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    small_fails: str = ""

    @property
    def for_writer(self) -> Brief:
        return Brief(self.title, self.notes)


def load(name: str) -> list[GivenBrief]:
    """Return the briefs of one of `SETS`, in their order."""
    rows = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return [_brief(row) for row in rows]


def _brief(row: dict[str, Any]) -> GivenBrief:
    return GivenBrief(**row | {name: tuple(row.get(name, ())) for name in ("criteria", "never")})
