"""A request to a model: the messages, the sampling, and the schema of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Message = dict[str, str]


@dataclass(frozen=True)
class ModelRequest:
    """The chat so far, and how the answer is sampled (`max_tokens`, `temperature` and so on)."""

    messages: list[Message]
    sampling: Mapping[str, Any]
    json_schema: dict[str, Any] | None = None
