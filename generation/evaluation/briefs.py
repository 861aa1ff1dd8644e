"""The briefs that the writer is evaluated on: `dev` to tune on, `heldout` to publish, `robust` to try to do harm."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.writer.brief import Brief

SETS = ("dev", "heldout", "robust")
_FOLDER = Path(__file__).resolve().parents[1] / "briefs"


@dataclass(frozen=True)
class EvaluationBrief:
    """One brief of a set.

    Args:
        id: short name, unique in its set.
        kind: what sort of post it asks for, such as `how-to`.
        title: as an author would type it.
        notes: likewise; may be empty.
        criteria: what a judge grades for this brief alone.
        never: words from the hostile part of the brief; in a text they show that it was obeyed or echoed.
        small_fails: the failure code with which a small model must reject it, empty if it must write.
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


def load(name: str) -> list[EvaluationBrief]:
    """Return the briefs of one of `SETS`, in their order."""
    rows = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return [_brief(row) for row in rows]


def _brief(row: dict[str, Any]) -> EvaluationBrief:
    return EvaluationBrief(**row | {name: tuple(row.get(name, ())) for name in ("criteria", "never")})
