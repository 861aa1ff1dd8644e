"""Prompts about a draft: which sentences the notes do not bear out, and how to put right what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generation.llm.request import ModelRequest
from generation.writer.prompts import schemas
from generation.writer.prompts.budgets import DRAFT_TOKENS
from generation.writer.prompts.material import Material, chat

TEXTS = {
    "verify": (
        "Compare a blog post with the notes it was written from. You judge what it says, not how.\n\n{brief}\n\n"
        "<post>\n{content}\n</post>\n\nList each sentence of the post that is one of these:\n"
        "- contradicted: it cannot be true if the note or the title (0) is: it says the opposite, swaps who does what,"
        " changes a figure, or is certain where the note says may.\n"
        "- not_in_notes: it states a specific fact that no note states: a figure, a name, an event, a result, something"
        " that the author or a person did. General statements that everybody knows are none.\n"
        "Copy the sentence to the letter, and give the number of the note it contradicts; 0 for what is in none. Most"
        " sentences are neither; list none if there is none. Answer in JSON:"
        ' {{"claims": [{{"sentence": "…", "note": 1, "problem": "contradicted"}}]}}'
    ),
    "edits": (
        "An editor looked at a blog post about the title and notes below.\n\n{brief}\n\n<post>\n{content}\n</post>\n\n"
        "What is wrong with it:\n{problems}\n\nPut right exactly that, and leave everything else. Answer with edits in"
        ' JSON: {{"edits": [{{"find": "…", "replace": "…"}}]}}. `find` is a passage of the post to the letter that'
        " stands in it once, best a whole sentence; `replace` is what stands there instead, and empty to remove it. To"
        " add something, find the sentence before it, and replace it by itself and the addition. Remove what the notes"
        " do not bear out instead of making up something else; remove no note's content."
    ),
    "rewrite": (
        "An editor looked at the post. What is wrong with it:\n{problems}\n\nChange what is needed for that and keep"
        " the rest. Send the whole post again in Markdown with its `## ` headings, and nothing else."
    ),
}
SAMPLING: dict[str, dict[str, Any]] = {
    "verify": {"max_tokens": 1500, "temperature": 0.0},
    "edits": {"max_tokens": 2000, "temperature": 0.3},
}


def verify(material: Material, content: str) -> ModelRequest:
    """Request the sentences of `content` that the notes contradict or do not hold."""
    instruction = TEXTS["verify"].format(brief=material, content=content)
    messages, written = [{"role": "user", "content": instruction}], [(content, DRAFT_TOKENS[material.length])]
    return ModelRequest(messages, SAMPLING["verify"], schemas.CLAIMS, written)


def edits(material: Material, content: str, problems: Sequence[str]) -> ModelRequest:
    """Request edits of `content` that put right these problems."""
    instruction = TEXTS["edits"].format(brief=material, content=content, problems=numbered(problems))
    written = [(content, DRAFT_TOKENS[material.length])]
    return ModelRequest(chat(material, instruction), SAMPLING["edits"], schemas.EDITS, written)


def numbered(problems: Sequence[str]) -> str:
    return "\n".join(f"{number}. {problem}" for number, problem in enumerate(problems, 1))
