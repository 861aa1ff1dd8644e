"""The schemas of answers that are data; strict, as OpenAI takes them."""

from __future__ import annotations

from typing import Any


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list_of(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_TEXT, _COUNT = {"type": "string"}, {"type": "integer"}
POINT = _object(text=_TEXT, note=_COUNT)
SECTION = _object(heading=_TEXT, points=_list_of(POINT), words=_COUNT)
PLAN = _object(title=_TEXT, sections=_list_of(SECTION))
EDITS = _object(edits=_list_of(_object(find=_TEXT, replace=_TEXT)))
CLAIM = _object(sentence=_TEXT, note=_COUNT, problem={"type": "string", "enum": ["contradicted", "not_in_notes"]})
CLAIMS = _object(claims=_list_of(CLAIM))
EVERY = [PLAN, EDITS, CLAIMS]
