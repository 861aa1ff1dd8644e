"""The tables that `manage.py evaluate_writer` prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.table import Table

from generation.evaluation.agreement import Agreement
from generation.evaluation.kept import Kept
from generation.evaluation.labels import LABELS
from generation.evaluation.measures import MEASURES
from generation.evaluation.separation import LEAST, Auc, Separation
from generation.evaluation.targets import targets_of

POST_COLUMNS = (
    "contradictions", "lost_facts", "invented", "own_share", "expansion", "machine_phrases", "heading_quality",
)  # fmt: skip
SANITY = ("sane_share", "unharmed_share", "words_median")
NOT_QUALITY = "Sanity checks: whether it is a text at all, not whether it is a good one"
SEPARATES = f"Separates what the first reader keeps (an AUC of {LEAST:g} or more, its interval above 0.5)"
DOES_NOT_SEPARATE = "Does not separate, and is not called quality"


def posts_table(results: Sequence[Mapping[str, Any]]) -> Table:
    table = _table("Posts", ("brief", "kind"), (*POST_COLUMNS, "words", "seconds"), ("problems",))
    for result in results:
        table.add_row(
            result["id"],
            result["kind"],
            *(formatted(result["measures"].get(name)) for name in POST_COLUMNS),
            formatted(result["sanity"]["words"]),
            formatted(result["seconds"]),
            ", ".join(_problems(result)),
        )
    return table


def _problems(result: Mapping[str, Any]) -> list[str]:
    if not result["text"]:
        return [result["failure"] or "no text"]
    return [*([] if result["sanity"]["sane"] else ["not sane"]), *([] if result["unharmed"] else ["harmed"])]


def summary_tables(summary: Mapping[str, Any]) -> Iterable[Table]:
    """Return what the run was, its measures beside their targets, and apart from them the sanity checks."""
    targets = targets_of(summary)
    table = _table("Summary", ("measure",), ("mean", "95 %", "target"))
    for name, value in summary.items():
        if name not in SANITY or name in targets:
            target = targets.get(name)
            wanted = str(target) if target else ""
            for label, shown in _rows(name, value):
                table.add_row(label, formatted(shown), _interval(summary["intervals"].get(name)), wanted)
    yield table
    sanity = _table(NOT_QUALITY, ("check",), ("value",))
    for name in SANITY:
        sanity.add_row(name, formatted(summary[name]))
    yield sanity


def _rows(name: str, value: Any) -> Iterable[tuple[str, Any]]:
    if name == "intervals":
        return []
    return value.items() if isinstance(value, Mapping) else [(name, value)]


def agreement_table(found: Mapping[str, Agreement]) -> Table:
    table = _table("Two readings", ("of",), ("count", "equal", "kappa"))
    for name, one in found.items():
        table.add_row(name, str(one.count), formatted(one.equal), formatted(one.kappa))
    return table


def kept_table(found: Mapping[str, Kept]) -> Table:
    table = _table("What the first reader keeps", ("source",), ("posts", "kept as a draft", "sentences", *LABELS))
    for source, one in found.items():
        shares = (formatted(one.labels[label]) for label in LABELS)
        table.add_row(source, str(one.posts), formatted(one.kept), str(one.sentences), *shares)
    return table


def separation_tables(found: Sequence[Separation]) -> Iterable[Table]:
    """Return the AUC of each measure: of those that separate, and of those that do not."""
    labels = {measure.name: measure.finds for measure in MEASURES}
    for title, separates in ((SEPARATES, True), (DOES_NOT_SEPARATE, False)):
        table = _table(title, ("measure",), ("posts kept", "sentences kept", "its label"), ("label",))
        for one in found:
            if one.separates == separates:
                label = labels[one.measure] if one.label else ""
                table.add_row(one.measure, *map(_auc, (one.posts, one.sentences, one.label)), label)
        yield table


def _table(title: str, texts: Sequence[str], numbers: Sequence[str], more_texts: Sequence[str] = ()) -> Table:
    table = Table(title=title, title_justify="left")
    for name in (*texts, *numbers, *more_texts):
        table.add_column(name.replace("_", " "), justify="right" if name in numbers else "left")
    return table


def _auc(one: Auc | None) -> str:
    return f"{one.value:.2f} ({one.low:.2f}-{one.high:.2f})" if one else "-"


def _interval(bounds: Sequence[float] | None) -> str:
    return f"{bounds[0]:.3g}-{bounds[1]:.3g}" if bounds else ""


def formatted(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "-" if value is None else str(value)
