"""Cleans what people type before it goes into a prompt or a post. Pure: no Django, no network.

Code and links to the web stay to the letter, unless there is something in them that code and links have no need of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

TITLE_LIMIT = 120  # characters
NOTES_LIMIT = 20_000  # characters, as many as a brief may have
# Templates of chat models: text that looks like one of their control tokens is read as one by some servers.
_CONTROL_TOKEN = re.compile(r"<\|[^<>\n]{0,60}\|>|\[/?INST\]|<</?SYS>>")
_TAG = re.compile(r"<[/!?]?[a-zA-Z][^<>]*>")
_OPEN_TAG = re.compile(r"<[/!?]?[a-zA-Z][^<>]*\Z")
_LINK = re.compile(r"(!?)\[([^\[\]\n]*)\]\(((?:[^()\n]|\([^()\n]*\))*)\)")
_WEB = re.compile(r"(?:https?://|mailto:)[^\s<>\"'`]+", re.IGNORECASE)
_CODE = re.compile(r"^[ \t]*```[^`\n]*\n(?:[^`]|`(?!``))*+^[ \t]*```[ \t]*$|(?<!`)`[^`\n]{1,600}`(?!`)", re.MULTILINE)
# Tags that a prompt is made of, and those that do harm wherever they end up.
_UNSAFE_TAG = re.compile(
    r"</?(?:script|iframe|object|embed|notes|title|system|style_guide|house_style|user|assistant)\b", re.IGNORECASE
)
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.!?;\n]{0,40}\b(?:instructions?|prompts?)\b"
    r"|\b(?:ignore|disregard|forget)\s+(?:(?:all|any|everything|of|the|your)\s+){0,3}(?:previous|prior|above|earlier)\b"
    r"|\b(?:system|developer)\s+(?:prompt|message)\b|\byou\s+are\s+now\s+an?\b|\bpretend\s+(?:to\s+be|you)\b",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[<>\[\]`]")
_CLAUSE = re.compile(r"[^.!?;\n]*[.!?;]*\n*")


def clean(text: str, limit: int) -> str:
    """Return `text` without control tokens, tags, images, scripts, control characters or lone surrogates.

    Args:
        text: what a person typed.
        limit: the longest result, in characters.
    """
    text = _flat(_plain_characters(text[: 10 * limit + 1000]))
    cut = _cut(text, limit)
    # What is cut off may have been what closed a piece of code.
    return cut if _without_markup(cut) == cut else _cut(_flat(_BRACKETS.sub(" ", cut)), limit)


def _flat(text: str) -> str:
    """Return `text` without markup, however deep it is nested."""
    for _ in range(5):
        before, text = text, _without_markup(text)
        if text == before:
            return text
    # Deeper than anyone writes by chance: without brackets nothing can nest.
    return text if _without_markup(text) == text else _BRACKETS.sub(" ", text)


def _cut(text: str, limit: int) -> str:
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
    return _outside_code(text, lambda part: _LINK.sub(_link, _TAG.sub(" ", _without_comments(_tokenless(part)))))


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """Return `text` with everything changed but its code."""
    parts, done = [], 0
    for code in _CODE.finditer(text):
        is_in_tag = _OPEN_TAG.match(text, max(text.rfind("<", done, code.start()), 0), code.start())
        if not (is_in_tag or _CONTROL_TOKEN.search(code[0]) or _UNSAFE_TAG.search(code[0])):
            parts += [change(text[done : code.start()]), code[0]]
            done = code.end()
    return "".join([*parts, change(text[done:])])


def _tokenless(text: str) -> str:
    return _CONTROL_TOKEN.sub(" ", text)


def _link(link: re.Match[str]) -> str:
    """A link to the web stays; an image, and what would run or load something, leaves its words."""
    is_image, words, target = link[1], link[2], link[3]
    return link[0] if not is_image and words.strip() and _WEB.fullmatch(target) else words


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
    return _outside_code(text, _collapsed).strip()


def _collapsed(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" ?\n ?", "\n", re.sub(r"[^\S\n]+", " ", text)))
