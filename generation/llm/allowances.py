"""How many tokens an answer may have with a server: as many as the text needs, or as few as the server allows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from generation.llm.request import Message

ROOM_TO_THINK = 4  # times the allowance, for models that spend it on thoughts
LEAST = 256  # tokens; an allowance that leaves less is not about the answer
SPARE = 16  # tokens by which a server may count a prompt differently the next time
TOKENS_A_BYTE = 1 / 3  # of a prompt, at most, until a server says how it counts
_COUNT = r"(\d[\d,_]*\d|\d)"
_CONTEXT = re.compile(
    r"(?:context (?:length|window|size|limit)|maximum (?:input|sequence|total|model) \w+|must be <=|token limit)"
    rf"\D{{0,40}}{_COUNT}"
    rf"|{_COUNT}\D{{0,12}}(?:token )?context",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    rf"{_COUNT} ?`?(?:tokens? )?(?:in the (?:messages|prompt|input)"
    r"|(?:of |from )?(?:the |your )?(?:text )?(?:input|prompt|messages)\b|`?inputs`? tokens)",
    re.IGNORECASE,
)
_LESS = re.compile(r"exclusive|(?:less|lower|smaller) than (?!or)", re.IGNORECASE)
_ABOUT_TOKENS = re.compile(r"tokens?\b|maxoutputtokens|max_new_tokens|context", re.IGNORECASE)


@dataclass
class Allowances:
    """What is known of a server's limits.

    Args:
        most: tokens of one answer.
        context: tokens of prompt and answer together.
        tokens_a_byte: of a prompt, as the server counts them.
        thinks: the model spends a part of its allowance on thoughts.
    """

    most: int | None = None
    context: int | None = None
    tokens_a_byte: float = TOKENS_A_BYTE
    thinks: bool = False

    @property
    def known(self) -> tuple[object, ...]:
        return self.most, self.context, self.tokens_a_byte

    def for_call(self, wanted: int, messages: Sequence[Message]) -> int:
        """Return the allowance to ask for.

        Args:
            wanted: tokens that the text needs.
            messages: the prompt.
        """
        allowed = wanted * ROOM_TO_THINK if self.thinks else wanted
        if self.context is not None:
            allowed = min(allowed, self.context - int(size(messages) * self.tokens_a_byte) - SPARE)
        return max(min(wanted, LEAST), min(allowed, self.most or allowed))

    def learn(self, words: str, asked: int, messages: Sequence[Message]) -> bool:
        """Read from a refusal how large an allowance may be; return whether it said so.

        Args:
            words: what the server said.
            asked: the allowance that it refused, in tokens.
            messages: the prompt that it was for.
        """
        if not asked or not _ABOUT_TOKENS.search(words):
            return False
        if found := _CONTEXT.search(words):
            return self._learn_context(number(found[1] or found[2]), words, asked, messages)
        smaller = [count for count in map(number, re.findall(_COUNT, words)) if LEAST <= count < asked]
        if not smaller:
            return False
        self.most = max(smaller) - (1 if _LESS.search(words) else 0)
        return True

    def _learn_context(self, context: int, words: str, asked: int, messages: Sequence[Message]) -> bool:
        found = _PROMPT.search(words)
        tokens_a_byte = number(found[1]) / max(1, size(messages)) if found else self.tokens_a_byte
        left = context - int(size(messages) * tokens_a_byte) - SPARE
        if not LEAST <= left < asked:  # the prompt itself is too long
            return False
        self.context, self.tokens_a_byte = context, tokens_a_byte
        return True


def size(messages: Sequence[Message]) -> int:
    """Return the bytes of a prompt."""
    return sum(len(message["content"].encode()) for message in messages)


def number(digits: str) -> int:
    return int(re.sub(r"[,_]", "", digits))
