"""Cleans what people type before it goes into a prompt. Pure: no Django, no network."""

from __future__ import annotations

import re
import unicodedata

TITLE_LIMIT = 120  # characters
NOTES_LIMIT = 4000  # characters, for a small model
# Templates of chat models: text that looks like one of their control tokens is read as one by some servers.
_CONTROL_TOKEN = re.compile(r"<\|[^<>\n]{0,60}\|>|\[/?INST\]|<</?SYS>>")
_TAG = re.compile(r"<[/!?]?[a-zA-Z][^<>]*>")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)")
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.!?;\n]{0,40}\b(?:instructions?|prompts?)\b"
    r"|\b(?:ignore|disregard|forget)\s+(?:(?:all|any|everything|of|the|your)\s+){0,3}(?:previous|prior|above|earlier)\b"
    r"|\b(?:system|developer)\s+(?:prompt|message)\b|\byou\s+are\s+now\s+an?\b|\bpretend\s+(?:to\s+be|you)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[^.!?;\n]*[.!?;]*\n*")


def clean(text: str, limit: int) -> str:
    """Return `text` as plain characters: no control tokens, tags, link targets, control characters or lone surrogates.

    Args:
        text: what a person typed.
        limit: the longest result, in characters.
    """
    text = _plain_characters(text)
    for _ in range(5):
        text = _without_markup(text)
    if _without_markup(text) != text:
        # Nested deeper than anyone writes by chance: without brackets nothing can nest.
        text = re.sub(r"[<>\[\]]", " ", text)
    return _collapse(_collapse(unicodedata.normalize("NFC", text))[:limit])


def sanitise(text: str, limit: int) -> tuple[str, list[str]]:
    """Clean `text` and drop the clauses that instruct the model instead of giving it material.

    Args:
        text: what a person typed.
        limit: the longest result, in characters.

    Returns:
        The clean text, and the clauses that were dropped from it.
    """
    text = clean(text, limit)
    dropped: list[str] = []
    # Dropping a clause may join the halves of another instruction.
    while instructions := [clause for clause in _CLAUSE.findall(text) if _INSTRUCTION.search(clause)]:
        kept = [clause for clause in _CLAUSE.findall(text) if not _INSTRUCTION.search(clause)]
        text, dropped = clean("".join(kept), limit), dropped + instructions
    return text, [clause.strip() for clause in dropped]


def _without_markup(text: str) -> str:
    return _LINK.sub(r"\1", _TAG.sub(" ", _without_comments(_CONTROL_TOKEN.sub(" ", text))))


def _without_comments(text: str) -> str:
    """Return `text` with a space for each HTML comment.

    A pattern would read the rest of the text for each comment that has no end.
    """
    parts, done = [], 0
    while (begin := text.find("<!--", done)) >= 0 and (end := text.find("-->", begin + 4)) >= 0:
        parts.append(text[done:begin])
        done = end + 3
    return " ".join([*parts, text[done:]])


def _plain_characters(text: str) -> str:
    text = re.sub(r"\r\n?|[\u2028\u2029\x85]", "\n", text)
    return "".join(character for character in text if character in "\n\t" or unicodedata.category(character)[0] != "C")


def _collapse(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" ?\n ?", "\n", re.sub(r"[^\S\n]+", " ", text))).strip()
