"""Answers that are data: the objects in a model's JSON, whatever stands around it."""

from __future__ import annotations

import json
from typing import Any

from generation.llm.responses import storable
from generation.llm.thoughts import without_thoughts
from generation.writer.tidy import json_in

UNUSABLE = "It is not JSON of the schema."


class UnusableAnswer(ValueError):
    """An answer that is not the data that was asked for; the exception's arguments are sentences that say how."""


def objects_in(text: str, name: str) -> list[dict[str, Any]]:
    """Return the objects in the list `name` of an answer, or in the list that it is.

    Raises:
        UnusableAnswer: there is no such list, or something else is in it.
    """
    found = _read(json_in(text), name)
    if found is None:
        found = _read(_list_in(text), name)
    if found is None or not all(isinstance(item, dict) for item in found):
        raise UnusableAnswer(UNUSABLE)
    return found


def _read(text: str, name: str) -> list[Any] | None:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):  # some numbers are too large to be integers
        return None
    found = answer.get(name) if isinstance(answer, dict) else answer
    return found if isinstance(found, list) else None


def _list_in(text: str) -> str:
    text = without_thoughts(text)
    return text[text.find("[") : text.rfind("]") + 1] if "[" in text else text


def string(item: dict[str, Any], name: str) -> str:
    """Return a string of an object.

    Raises:
        UnusableAnswer: it is missing, or something else.
    """
    value = item.get(name)
    if not isinstance(value, str):
        raise UnusableAnswer(UNUSABLE)
    return storable(value)
