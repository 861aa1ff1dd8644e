"""The most that one attempt of the large profile can use, known from the brief alone before anything is written."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from generation.costs import Usage
from generation.llm.prompt_size import most_prompt_tokens, most_tokens
from generation.llm.request import ModelRequest
from generation.writer import prompts
from generation.writer.answers import UnusableAnswer
from generation.writer.calls import REPAIRS
from generation.writer.plan import LONGEST, read_plan
from generation.writer.prompts.budgets import (
    BY_SECTIONS,
    DRAFT_TOKENS,
    HEADING_LINE_TOKENS,
    HEADING_TOKENS,
    MOST_SECTIONS,
    MOST_WORDS,
    PLAN_TOKENS,
    PROBLEMS_TOKENS,
    outline_tokens,
    section_tokens,
)
from generation.writer.prompts.material import AUDIENCES, TONES, Material

_ENDS = re.compile("[\n\r\x85\u2028\u2029.;!?…。！？]+")  # no note ends elsewhere
_PIECE = 1000  # characters: normalising takes the square of a row of combining marks


class _Part(NamedTuple):
    """What a call, or several, can use.

    Args:
        prompt: tokens of the prompts' own words, and of what models wrote in them.
        allowed: tokens of the answers.
        outlines, styles: how often the prompts hold each; the brief is in each of them.
        calls: their number.
    """

    prompt: int
    allowed: int
    outlines: int = 0
    styles: int = 1
    calls: int = 1


def worst_case(brief_title: str, brief: str, *, length: str, language: str, house_style: str, verify: bool) -> Usage:
    """Return the most that one full attempt uses: every call that it may make, with the bound of its prompt.

    That is a plan and another one; the draft, or each section of a long post, as often as a spoiled answer is asked for
    again; a verification; and a repair. What a model has written counts in later prompts as much as it was allowed
    (`most_prompt_tokens`). Calls with more room to think are no part: they are reserved when they come.

    Args:
        brief_title: as it was typed.
        brief: the notes, as they were typed.
        length: of `blogs.options.Length`.
        language: of `blogs.options.Language`.
        house_style: of the site.
        verify: drafts are verified (`GENERATION_VERIFY`).
    """
    notes = _normal(brief)
    notes_tokens = most_tokens(notes)
    most_notes = 1 + len(_ENDS.findall(notes))
    numbered = most_notes * most_tokens(f"{most_notes}. \n")
    shown = most_tokens(_normal(brief_title)) + notes_tokens + numbered
    style, outline = _style(house_style), outline_tokens(notes_tokens)
    total = _total(length, language, verify)
    prompt = total.prompt + total.calls * shown + total.outlines * outline + total.styles * style
    return Usage(prompt, total.allowed, calls=total.calls, estimated=total.calls)


def _normal(text: str) -> str:
    """Return a text as cleaning normalises it, which may make it longer; all else makes it shorter."""
    if text.isascii():
        return text
    pieces = (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
    return "".join(unicodedata.normalize("NFC", piece) for piece in pieces)


@lru_cache(maxsize=1)
def _style(house_style: str) -> int:
    return most_tokens(_normal(house_style))


@cache
def _total(length: str, language: str, verify: bool) -> _Part:
    """Return all calls of an attempt together, measured by the prompts for a brief without words."""
    bare, draft = _bare(length, language), DRAFT_TOKENS[length]
    rewrite = _part(prompts.large.rewrite(bare, "", "", []), draft + PROBLEMS_TOKENS)
    edits = _part(prompts.corrections.edits(bare, "", []), draft + PROBLEMS_TOKENS)
    repair = _Part(max(rewrite.prompt, edits.prompt), max(rewrite.allowed, edits.allowed), outlines=1)
    verification = _part(prompts.corrections.verify(bare, ""), draft)._replace(styles=0)
    whole = _part(prompts.large.draft(bare, ""))._replace(outlines=1)
    calls = [
        _part(prompts.large.plan(bare)),
        _part(prompts.large.plan(bare, ("", _problems(bare))), PLAN_TOKENS),
        *(1 + REPAIRS) * (list(_sections(bare)) if length == BY_SECTIONS else [whole]),
        *([verification] if verify else []),
        repair,
    ]
    return _Part(*map(sum, zip(*calls, strict=True)))


def _part(request: ModelRequest, written: int = 0) -> _Part:
    wishes = most_tokens(prompts.material.TEXTS["wishes"])
    return _Part(most_prompt_tokens(request) + wishes + written, request.sampling["max_tokens"])


def _sections(bare: Material) -> Iterator[_Part]:
    """Yield as many sections as a plan may have; the worst is that all words are the first's."""
    for number in range(MOST_SECTIONS):
        planned = [("", bare.words)] * (number + 1)
        headings = number * HEADING_LINE_TOKENS + (number + 1) * HEADING_TOKENS
        written = section_tokens(MOST_WORDS, number) if number else 0
        section = _part(prompts.large.section(bare, "", [""] * number, planned), headings + written)
        yield section._replace(allowed=section_tokens(0 if number else MOST_WORDS), outlines=1)


def _bare(length: str, language: str) -> Material:
    """Return a brief without words, but with the longest options and all that stands around its parts."""
    tone, audience = (max(texts, key=lambda name: most_tokens(texts[name])) for texts in (TONES, AUDIENCES))
    return Material("", "", length, tone, audience, language, house_style="-", unspaced=True)


def _problems(bare: Material) -> Sequence[str]:
    """Return everything that can be wrong with a plan."""
    section = {"heading": "W" * HEADING_TOKENS, "points": [], "words": LONGEST}
    try:
        read_plan(json.dumps({"title": "", "sections": [section] * 200}), replace(bare, notes="spades"))
    except UnusableAnswer as unusable:
        return unusable.args
    return ()
