"""The gate, adapted to what was requested: other lengths, and languages other than the English it was made for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generation.writer.checks.gate import LIMITS, gate, split_post
from generation.writer.language import foreign_language
from generation.writer.prompts.targets import CHARACTERS_A_WORD, LANGUAGES, WORDS
from generation.writer.words import distinct, is_unspaced, words

WORD_LIMITS = {"short": (150.0, 700.0), "standard": LIMITS["words"], "long": (600.0, 2800.0)}
# English stems say nothing about other languages: there, words count as the same when they begin alike.
ROOT = 5
# In characters: what is ten words in a row elsewhere, and how far apart a language of few sounds can tell its phrases.
UNSPACED_REPEAT, UNSPACED_RUN = 24, 6
_ABOUT_THE_BRIEF = ("title_cover", "notes_cover", "stray_sections")
_ENGLISH = frozenset("the and to with that from".split())
_ENGLISH_LEAST = 3


@dataclass(frozen=True)
class Wanted:
    """What a text is checked against besides the brief itself.

    Args:
        length: of `blogs.options.Length`.
        translated: the text is in another language than the brief, so it need not share any of its words.
    """

    length: str = "standard"
    translated: bool = False


def is_translated(language: str, brief: str) -> bool:
    """Whether a text in `language` (a tag, or `auto`) differs from the language of its `brief`; in doubt it does."""
    if language == "auto":
        return False
    written_in = foreign_language(brief[:2000])
    return written_in != (None if language == "en" else LANGUAGES[language])


def assess(title: str, notes: str, content: str, wanted: Wanted = Wanted()) -> dict[str, Any]:
    """Return the measures of the gate, with the names of those beyond the limits under `failed`.

    Args:
        title: the brief's title.
        notes: the brief's notes, possibly empty.
        content: the post, in Markdown with `##` headings.
        wanted: what else was requested.
    """
    measures = gate(title, notes, content)
    limits = LIMITS | {"words": WORD_LIMITS[wanted.length]}
    unit = "words"
    if measures["failed"] and not _is_english(content):
        measures |= _by_roots(title, notes, content)
        if is_unspaced(content):
            unit = "characters"
            measures["distinct_3"] = round(distinct(words(content), UNSPACED_RUN), 3)
            limits |= _in_characters(limits)
    skipped = _ABOUT_THE_BRIEF if wanted.translated else ()
    failed = [
        name for name, (least, most) in limits.items() if name not in skipped and not least <= measures[name] <= most
    ]
    share = CHARACTERS_A_WORD if unit == "characters" else 1
    return measures | {"failed": failed, "wanted": f"{WORDS[wanted.length] * share} {unit}"}


def _is_english(content: str) -> bool:
    return len(_ENGLISH & set(words(content))) >= _ENGLISH_LEAST


def _in_characters(limits: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    longer = {
        name: tuple(CHARACTERS_A_WORD * bound for bound in limits[name]) for name in ("words", "shortest_section")
    }
    return {**longer, "longest_repeat": (0, UNSPACED_REPEAT)}  # type: ignore[dict-item]


def _by_roots(title: str, notes: str, content: str) -> dict[str, float]:
    introduction, sections = split_post(content)
    prose = "\n".join([introduction, *(text for _, text in sections)])
    brief, text_roots = _roots(f"{title} {notes}"), _roots(prose)
    covers = [_share(_roots(heading), _roots(text)) for heading, text in sections]
    return {
        "title_cover": round(_share(_roots(title), text_roots), 3),
        "notes_cover": round(_share(_roots(notes), text_roots), 3),
        "heading_cover": round(sum(covers) / len(covers), 3) if covers else 1.0,
        "stray_sections": sum(1 for _, text in sections if brief and brief.isdisjoint(_roots(text))),
    }


def _roots(text: str) -> set[str]:
    return {word[:ROOT] for word in words(text)}


def _share(wanted: set[str], found: set[str]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 1.0
