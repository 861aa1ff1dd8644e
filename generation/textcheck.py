"""What a sane post is: clean what goes in, measure what comes out, judge it. Pure: no Django, no network."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any

from generation.wording import (
    cover,
    distinct,
    ends_well,
    longest_repeat,
    sentences,
    stems,
    words,
)

TITLE_LIMIT = 120
NOTES_LIMIT = 4000

# Where a post stops being sane: the least and the most of each figure.
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

# Templates of chat models: text that looks like one of their control tokens is read as one by some servers.
_CONTROL_TOKEN = re.compile(r"<\|[^<>\n]{0,60}\|>|\[/?INST\]|<</?SYS>>")
_TAG = re.compile(r"<(?:[/!?]?[a-zA-Z][^<>]*|!--.*?--)>", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)")
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.!?;\n]{0,40}\b(?:instructions?|prompts?)\b"
    r"|\b(?:ignore|disregard|forget)\s+(?:(?:all|any|everything|of|the|your)\s+){0,3}(?:previous|prior|above|earlier)\b"
    r"|\b(?:system|developer)\s+(?:prompt|message)\b|\byou\s+are\s+now\s+an?\b|\bpretend\s+(?:to\s+be|you)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[^.!?;\n]*[.!?;]*\n*")
_META = re.compile(
    r"\b(?:as an ai\b|(?:ai |large )?language model|i (?:cannot|can't) (?:help|assist|provide|write|fulfil)|i'm sorry|"
    r"i apologi[sz]e|let me know|word count|the reader\b|your audience|blog ?post|"
    r"happy to (?:assist|help)|(?:this|the (?:following|next|previous|above)) (?:(?:re\w+|short|final) )?(?:paragraph|"
    r"section|sentence|introduction|conclusion|post|article|essay|prompt|response)|(?:in|of) the (?:post|article|essay|"
    r"paragraph)\b|"
    r"here(?:'s| is) (?:a|an|the|your) (?:\w+ ){0,2}(?:paragraph|introduction|conclusion|post|draft|version)\b|"
    r"the (?:title|notes?) (?:is|are|says?)\b|instructions?:)|^(?:sure|certainly|of course)[,!]"
)
_HEADING = re.compile(r"^##[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


def clean(text: str, limit: int) -> str:
    """Return `text` as plain characters: no control tokens, tags, link targets, control characters or lone surrogates.

    Args:
        text: whatever somebody typed.
        limit: the longest result, in characters.
    """
    text = _plain_characters(text)
    for _ in range(5):
        text = _LINK.sub(r"\1", _TAG.sub(" ", _CONTROL_TOKEN.sub(" ", text)))
    if _LINK.search(text) or _TAG.search(text) or _CONTROL_TOKEN.search(text):
        # Nested deeper than anyone writes by chance: without brackets nothing is left to nest.
        text = re.sub(r"[<>\[\]]", " ", text)
    return _collapse(_collapse(unicodedata.normalize("NFC", text))[:limit])


def sanitise(text: str, limit: int) -> tuple[str, list[str]]:
    """Clean `text` and drop the clauses that give orders to the model instead of material.

    Args:
        text: whatever somebody typed.
        limit: the longest result, in characters.

    Returns:
        The clean text, and the clauses that were dropped from it.
    """
    text = clean(text, limit)
    dropped: list[str] = []
    # Dropping may bring halves of an order together.
    while orders := [clause for clause in _CLAUSE.findall(text) if _ORDER.search(clause)]:
        kept = [clause for clause in _CLAUSE.findall(text) if not _ORDER.search(clause)]
        text, dropped = clean("".join(kept), limit), dropped + orders
    return text, [clause.strip() for clause in dropped]


def _plain_characters(text: str) -> str:
    text = re.sub(r"\r\n?|[\u2028\u2029\x85]", "\n", text)
    return "".join(character for character in text if character in "\n\t" or unicodedata.category(character)[0] != "C")


def _collapse(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" ?\n ?", "\n", re.sub(r"[^\S\n]+", " ", text))).strip()


def has_meta(text: str, subject: str = "") -> bool:
    """Whether `text` talks about itself, its reader or its writer, in phrases that are not those of its `subject`."""
    subject = subject.lower()
    return any(found.group() not in subject for found in _META.finditer(text.lower().replace("’", "'")))


def split_post(content: str) -> tuple[str, list[tuple[str, str]]]:
    """Split Markdown into its introduction and its `##` sections, each with heading and text."""
    parts = _HEADING.split(content)
    return parts[0].strip(), list(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


def measure(title: str, notes: str, content: str) -> dict[str, float]:
    """Return the figures that the gate judges: counts are of words or sections, shares go from 0 to 1.

    Args:
        title: the brief's title.
        notes: the brief's notes, possibly empty.
        content: the post, in Markdown with `##` headings.
    """
    introduction, sections = split_post(content)
    prose = "\n".join([introduction, *(text for _, text in sections)])
    sequence, said = words(content), Counter(tuple(words(sentence)) for sentence in sentences(prose))
    brief = stems(f"{title} {notes}")
    return {
        "words": len(words(prose)),
        "sections": len({" ".join(words(heading)) for heading, _ in sections}),
        "shortest_section": min((len(words(text)) for _, text in sections), default=0),
        "distinct_3": round(distinct(words(prose), 3), 3),
        "longest_repeat": longest_repeat(sequence),
        "repeated_sentences": round(1 - len(said) / (said.total() or 1), 3),
        "title_cover": round(cover(stems(title), prose), 3),
        "notes_cover": round(cover(stems(notes), prose), 3),
        "heading_cover": round(_heading_cover(sections), 3),
        "stray_sections": sum(1 for _, text in sections if brief and brief.isdisjoint(stems(text))),
        "meta": len([sentence for sentence in sentences(prose) if has_meta(sentence, f"{title} {notes}")]),
        "ends_well": int(ends_well(content)),
    }


def _heading_cover(sections: list[tuple[str, str]]) -> float:
    told = [cover(wanted, text) for heading, text in sections if (wanted := stems(heading) - {"conclu", "introduc"})]
    return sum(told) / len(told) if told else 1.0


def gate(title: str, notes: str, content: str) -> dict[str, Any]:
    """Return the figures of `measure` and, under `failed`, the names of those beyond their limits.

    Args:
        title: the brief's title.
        notes: the brief's notes, possibly empty.
        content: the post, in Markdown with `##` headings.
    """
    figures = measure(title, notes, content)
    failed = [name for name, (least, most) in LIMITS.items() if not least <= figures[name] <= most]
    return {**figures, "failed": failed}


def is_post(title: str, figures: dict[str, Any]) -> bool:
    """Whether a text with these figures of the gate is a post at all, sane or not."""
    return bool(title.strip()) and figures["sections"] >= 3 and figures["words"] >= 250
