"""Thoughts that a model writes into its answer before the text itself: never part of a text."""

from __future__ import annotations

import re

# Where they begin and how they end: of DeepSeek, Qwen, Magistral, Gemini, Seed, Kimi, Cohere, and OpenAI's open models.
_NAMED = r"think(?:ing)?|thoughts?|reasoning|seed:think"
_OPENING = re.compile(
    rf"\s*(?:<(?P<name>{_NAMED})>|(?P<square>\[THINK\])|(?P<kimi>◁think▷)|(?P<cohere><\|START_THINKING\|>)"
    r"|(?P<harmony>(?:<\|start\|>assistant)?<\|channel\|>(?:analysis|commentary)\b))",
    re.IGNORECASE,
)
_CLOSING = {
    "square": "[/THINK]",
    "kimi": "◁/think▷",
    "cohere": "<|END_THINKING|>",
    "harmony": "<|channel|>final<|message|>",
}
# Some chat templates open them in the prompt, so that only the end is in the answer.
_ONLY_CLOSING = re.compile(rf"</(?:{_NAMED})>|\[/THINK\]|◁/think▷|<\|END_THINKING\|>", re.IGNORECASE)
_LONGEST_OPENING = 48  # characters, with blanks before it


def without_thoughts(text: str) -> str:
    """Return a text without the thoughts before it; nothing is left of one that was cut off while it thought."""
    while opened := _OPENING.match(text):
        closing = _closing_of(opened)
        end = text.lower().find(closing, opened.end())
        if end < 0:
            return ""
        text = text[end + len(closing) :].lstrip()
    if (closed := _ONLY_CLOSING.search(text)) and not _is_quoted(text, closed):
        text = text[closed.end() :].lstrip()
    return text


def _closing_of(opened: re.Match[str]) -> str:
    kind = opened.lastgroup or ""
    return f"</{opened[kind]}>".lower() if kind == "name" else _CLOSING[kind].lower()


def _is_quoted(text: str, closed: re.Match[str]) -> bool:
    """Whether the mark is what the text is about: in code, or after its opening."""
    before = text[: closed.start()]
    return before.count("`") % 2 == 1 or closed[0].replace("/", "").lower() in before.lower()


class ThoughtFilter:
    """Holds back the thoughts of a text that arrives in pieces, as far as what has arrived shows them."""

    def __init__(self) -> None:
        self._held = ""  # undecided
        self._closing = ""
        self._tail = ""  # the end of the thoughts so far, in which a closing may have begun
        self._is_text = self._has_closed = False

    def visible(self, piece: str) -> str:
        """Return what is text now that `piece` has arrived."""
        if self._is_text:
            return piece
        if self._closing:
            return self._after_thoughts(piece)
        start, self._held = self._held + piece, ""
        if opened := _OPENING.match(start):
            self._closing = _closing_of(opened)
            return self._after_thoughts(start[opened.end() :])
        if len(start) < _LONGEST_OPENING and _may_open(start):
            self._held = start
            return ""
        self._is_text = True
        return start.lstrip() if self._has_closed else start

    def _after_thoughts(self, piece: str) -> str:
        seen = self._tail + piece
        end = seen.lower().find(self._closing)
        if end < 0:
            self._tail = seen[-len(self._closing) :]
            return ""
        rest, self._closing, self._tail, self._has_closed = seen[end + len(self._closing) :], "", "", True
        return self.visible(rest)

    def rest(self) -> str:
        """Return what is held back and cannot be thoughts, at the end of the text."""
        return self._held


def _may_open(start: str) -> bool:
    return not start.strip() or start.lstrip()[0] in "<[◁"
