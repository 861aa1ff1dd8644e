"""What a sane post is: the measures of a text and the limits of each. Pure: no Django, no network."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from generation.writer.words import cover, distinct, ends_well, longest_repeat, sentences, stems, words

# Where a post stops being sane: the minimum and maximum of each measure.
LIMITS: dict[str, tuple[float, float]] = {
    "words": (250, 1600),
    "sections": (3, 30),
    "shortest_section": (20, 1600),
    "distinct_3": (0.85, 1),
    "longest_repeat": (0, 9),
    "repeated_sentences": (0, 0.03),
    "title_cover": (0.5, 1),
    "notes_cover": (0.5, 1),
    "heading_cover": (0.3, 1),
    "stray_sections": (0, 0),
    "meta": (0, 0),
    "ends_well": (1, 1),
}

_META = re.compile(
    r"\b(?:as an ai\b|(?:ai |large )?language model|i (?:cannot|can't) (?:help|assist|provide|write|fulfil)|i'm sorry|"
    r"i apologi[sz]e|let me know|word count|the reader\b|your audience|blog ?post|"
    r"happy to (?:assist|help)|(?:this|the (?:following|next|previous|above)) (?:(?:re\w+|short|final) )?(?:paragraph|"
    r"section|sentence|introduction|conclusion|post|article|essay|prompt|response)|(?:in|of) the (?:post|article|essay|"
    r"paragraph)\b|"
    r"here(?:'s| is) (?:a|an|the|your) (?:\w+ ){0,2}(?:paragraph|introduction|conclusion|post|draft|version)\b|"
    r"the (?:title|notes?) (?:is|are|says?)\b|instructions?:)|^(?:sure|certainly|of course)[,!]"
)
_HEADING = re.compile(r"^##[ \t]+(.+)$", re.MULTILINE)


def has_meta(text: str, subject: str = "") -> bool:
    """Whether `text` talks about itself, its reader or its writer, in phrases that are not those of its `subject`."""
    found = _meta(text)
    return bool(found) and any(phrase not in subject.lower() for phrase in found)


@lru_cache(maxsize=64)
def _meta(text: str) -> tuple[str, ...]:
    return tuple(found.group() for found in _META.finditer(text.lower().replace("’", "'")))


def split_post(content: str) -> tuple[str, list[tuple[str, str]]]:
    """Split Markdown into its introduction and its `##` sections, each with heading and text."""
    introduction, *parts = _HEADING.split(content)
    headings = [heading.rstrip(" \t#") or heading[0] for heading in parts[::2]]
    return introduction.strip(), list(zip(headings, (part.strip() for part in parts[1::2]), strict=True))


def measure(title: str, notes: str, content: str) -> dict[str, float]:
    """Return the measures that the gate checks: counts are of words or sections, shares go from 0 to 1.

    Args:
        title: the brief's title.
        notes: the brief's notes, possibly empty.
        content: the post, in Markdown with `##` headings.
    """
    introduction, sections = split_post(content)
    prose = "\n".join([introduction, *(text for _, text in sections)])
    sequence, of_prose = words(content), words(prose)
    counts = Counter(tuple(words(sentence)) for sentence in sentences(prose))
    brief = stems(f"{title} {notes}")
    return {
        "words": len(of_prose),
        "sections": len({" ".join(words(heading)) for heading, _ in sections}),
        "shortest_section": min((len(words(text)) for _, text in sections), default=0),
        "distinct_3": round(distinct(of_prose, 3), 3),
        "longest_repeat": longest_repeat(sequence),
        "repeated_sentences": round(1 - len(counts) / (counts.total() or 1), 3),
        "title_cover": round(cover(stems(title), prose), 3),
        "notes_cover": round(cover(stems(notes), prose), 3),
        "heading_cover": round(_heading_cover(sections), 3),
        "stray_sections": sum(1 for _, text in sections if brief and brief.isdisjoint(stems(text))),
        "meta": len([sentence for sentence in sentences(prose) if has_meta(sentence, f"{title} {notes}")]),
        "ends_well": int(ends_well(content)),
    }


def _heading_cover(sections: list[tuple[str, str]]) -> float:
    covers = [cover(wanted, text) for heading, text in sections if (wanted := stems(heading) - {"conclu", "introduc"})]
    return sum(covers) / len(covers) if covers else 1.0


def gate(title: str, notes: str, content: str) -> dict[str, Any]:
    """Return the result of `measure` and, under `failed`, the names of the measures beyond their limits.

    Args:
        title: the brief's title.
        notes: the brief's notes, possibly empty.
        content: the post, in Markdown with `##` headings.
    """
    measures = measure(title, notes, content)
    failed = [name for name, (least, most) in LIMITS.items() if not least <= measures[name] <= most]
    return {**measures, "failed": failed}


def is_post(title: str, measures: Mapping[str, Any]) -> bool:
    """Whether a text with these measures is a post at all, sane or not."""
    return bool(title.strip()) and measures["sections"] >= 3 and measures["words"] >= 250
