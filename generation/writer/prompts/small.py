"""Prompts for the embedded model: one paragraph a call."""

from __future__ import annotations

from typing import Any

from generation.llm.request import ModelRequest

# The embedded model understands one plain instruction in one user message; a system message or examples make it worse.
TEXTS = {
    "introduction": 'Write a short introduction of three sentences for a blog post titled "{title}".',
    "introduction_plain": "{title}: what is it about, and why does it matter? Answer in three sentences.",
    "section": 'Write one paragraph for a blog post titled "{title}". The paragraph is about: {clause}.',
    "section_plain": "{title}: tell me about {clause}. Answer in one paragraph.",
    "section_why": 'Write one paragraph for a blog post titled "{title}". Explain this, and why it matters: {clause}.',
    "conclusion": 'Write a short conclusion of three sentences for a blog post titled "{title}".',
    "conclusion_plain": "{title}: what should people remember? Answer in three sentences.",
}
_SAMPLING = {"temperature": 0.5, "frequency_penalty": 0.3, "presence_penalty": 0.2}
TOKENS = {kind: 180 if kind.startswith("section") else 100 for kind in TEXTS}
RETRY_TEMPERATURE = 0.7
# These get the author's points as the prefilled beginning of their answer; for the others they are prepended to it.
OPENED = ("section", "section_why")
VERSIONED = [TEXTS, _SAMPLING, TOKENS, RETRY_TEMPERATURE, OPENED]  # what `prompts.version` covers


def paragraph(
    kind: str, title: str, clause: str = "", *, seed: int, again: bool = False, opening: str = ""
) -> ModelRequest:
    """Request one paragraph from the embedded model.

    Args:
        kind: a key of `TEXTS`.
        title: the clean title.
        clause: what a section is about.
        seed: makes the answer repeatable.
        again: a retry after a weak answer, sampled more freely.
        opening: how the answer begins; the model goes on from there, and its answer may or may not repeat it.
    """
    text = TEXTS[kind].format(title=title.replace('"', "'"), clause=clause.rstrip(" .,;:"))
    sampling = _SAMPLING | {"max_tokens": TOKENS[kind], "seed": seed}
    if again:
        sampling["temperature"] = RETRY_TEMPERATURE
    prefill = [{"role": "assistant", "content": opening}] if opening else []
    return ModelRequest([{"role": "user", "content": text}, *prefill], sampling)


def sampling() -> dict[str, Any]:
    """Return how the answers are sampled, by the kind of call."""
    return {
        "paragraph": _SAMPLING | {"max_tokens": max(TOKENS.values())},
        "again": {"temperature": RETRY_TEMPERATURE},
    }
