"""Prompts for models that write a whole post: plan and draft, whole or by sections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generation.llm.prompt_size import most_tokens
from generation.llm.request import ModelRequest
from generation.writer.prompts import corrections, material, schemas
from generation.writer.prompts.budgets import (
    DRAFT_TOKENS,
    HEADING_LINE_TOKENS,
    PLAN_TOKENS,
    SECTION_TOKENS,
    TEXT_TOKENS,
    outline_tokens,
    section_tokens,
)
from generation.writer.prompts.material import Material, chat, reply
from generation.writer.prompts.targets import CHARACTERS_A_WORD, WORDS

__all__ = ["Material"]

_PLAN_SAMPLING = {"max_tokens": PLAN_TOKENS, "temperature": 0.7}
_TEMPERATURES = {"draft": 0.7, "rewrite": 0.4}
TEXTS = {  # all of the profile's, so that none of them can turn up in a post unnoticed
    **material.TEXTS,
    **corrections.TEXTS,
    "plan": (
        "Plan a blog post of about {length}.\n\n{brief}\n\nGive it 3 to 6 sections. Each section has a heading of its"
        " own in two to seven plain words, the points it makes, and its length in {unit}; the lengths add up to about"
        " {words}. Every note has its place in one section. With each point goes the number of the note it comes from,"
        " or 0 if it is common knowledge. The title keeps to the author's words: at most make it clearer, with nothing"
        " that the notes do not hold. Answer in JSON:"
        ' {{"title": "…", "sections": [{{"heading": "…", "points": [{{"text": "…", "note": 1}}], "words": 200}}]}}'
    ),
    "plan_again": "This plan cannot be used: {problems} Send the whole plan again with that put right.",
    "draft": (
        "Write the blog post that this outline describes, about {length} long.\n\n{brief}\n\n<outline>\n"
        "{outline}\n</outline>\n\nBegin with two or three sentences of introduction without a heading. {form} End with"
        " a whole sentence."
    ),
    "form": (
        "Give each section its heading from the outline as a line that begins with `## `, and no other headings."
        " Markdown. A point says no more and no less than its note. Say nothing before or after the post,"
        " and nothing in it about the post itself."
    ),
    "sections": (
        "Write the blog post that this outline describes, about {length} long, one section at a time.\n\n{brief}\n\n"
        "<outline>\n{outline}\n</outline>\n\n{form}\n\nBegin with two or three sentences of introduction without a"
        " heading. Then write the section “{heading}”, about {section} long, and stop."
    ),
    "next_section": (
        "Go on with the section “{heading}”, about {section} long, and stop after it. Make its own points only, and"
        " repeat nothing of the text so far."
    ),
}

VERSIONED = [  # what `prompts.version` covers
    [TEXTS, schemas.EVERY, material.OPTIONS, corrections.SAMPLING],
    [WORDS, CHARACTERS_A_WORD, _PLAN_SAMPLING, _TEMPERATURES, TEXT_TOKENS, SECTION_TOKENS],
]


def sampling(length: str = "standard") -> dict[str, Any]:
    """Return how the answers are sampled, by the kind of call."""
    texts = {kind: {"max_tokens": TEXT_TOKENS[length], "temperature": t} for kind, t in _TEMPERATURES.items()}
    return {"plan": _PLAN_SAMPLING, **texts, **corrections.SAMPLING}


def plan(material: Material, rejected: tuple[str, Sequence[str]] | None = None) -> ModelRequest:
    """Request an outline; after `rejected`, the text of an unusable plan and what is wrong with it, request another."""
    messages = chat(material, _instruction("plan", material))
    written = []
    if rejected:
        text, problems = rejected
        messages += reply(text, TEXTS["plan_again"].format(problems=" ".join(problems)))
        written = [(text, PLAN_TOKENS)]
    return ModelRequest(messages, _PLAN_SAMPLING, schemas.PLAN, written)


def draft(material: Material, outline: str) -> ModelRequest:
    """Request the whole post, along an `outline`."""
    instruction = _instruction("draft", material, outline=outline)
    return ModelRequest(
        chat(material, instruction), sampling(material.length)["draft"], written=[_outline(outline, material)]
    )


def section(
    material: Material, outline: str, written: Sequence[str], planned: Sequence[tuple[str, int]]
) -> ModelRequest:
    """Request the next section of a post, with the introduction before the first.

    Args:
        material: the brief.
        outline: of the whole post.
        written: the sections so far.
        planned: heading and size, in words or characters, of each of these and of the next one.
    """
    steps = [{"heading": heading, "section": f"{size} {material.unit}"} for heading, size in planned]
    messages = chat(material, _instruction("sections", material, outline=outline, **steps[0]))
    for text, step in zip(written, steps[1:], strict=True):
        messages += reply(text, TEXTS["next_section"].format(**step))
    words = [size // (CHARACTERS_A_WORD if material.unspaced else 1) for _, size in planned]
    tokens = [section_tokens(count) for count in words]
    sampling = {"max_tokens": tokens[-1], "temperature": _TEMPERATURES["draft"]}
    parts = [(text, allowed + HEADING_LINE_TOKENS) for text, allowed in zip(written, tokens[:-1], strict=True)]
    return ModelRequest(messages, sampling, written=[_outline(outline, material), *parts])


def _outline(outline: str, material: Material) -> tuple[str, int]:
    return outline, outline_tokens(most_tokens(material.notes))


def rewrite(material: Material, outline: str, content: str, problems: Sequence[str]) -> ModelRequest:
    """Request the whole of `content` again without these problems, and with nothing else changed."""
    messages = chat(material, _instruction("draft", material, outline=outline))
    messages += reply(content, TEXTS["rewrite"].format(problems=corrections.numbered(problems)))
    written = [_outline(outline, material), (content, DRAFT_TOKENS[material.length])]
    return ModelRequest(messages, sampling(material.length)["rewrite"], written=written)


def _instruction(kind: str, material: Material, **more: str) -> str:
    words, unit = material.words, material.unit
    form = TEXTS["form"]
    return TEXTS[kind].format(length=f"{words} {unit}", words=words, unit=unit, brief=material, form=form, **more)
