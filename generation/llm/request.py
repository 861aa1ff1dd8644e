"""A request to a model: the messages, the sampling, and the schema of the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Message = dict[str, str]


@dataclass(frozen=True)
class ModelRequest:
    """The chat so far, and how the answer is sampled (`max_tokens`, `temperature` and so on).

    Args:
        written: parts of the messages, to the letter, that a model wrote, each with the tokens it was allowed.
    """

    messages: list[Message]
    sampling: Mapping[str, Any]
    json_schema: dict[str, Any] | None = None
    written: Sequence[tuple[str, int]] = ()
