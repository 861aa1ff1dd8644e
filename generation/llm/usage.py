"""What a model server counted, read defensively."""

from collections.abc import Mapping
from typing import Any

from generation.costs import Usage

COUNT_MAX = 10_000_000  # tokens: no call takes so many, and a server's count must fit its column


def usage_in(answer: Mapping[str, Any]) -> Usage:
    """Return the usage in a response; just one call if it has none."""
    counts = answer.get("usage")
    counts = counts if isinstance(counts, dict) else {}
    details = counts.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else 0
    return Usage(_count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens")), _count(cached), calls=1)


def _count(value: object) -> int:
    return min(value, COUNT_MAX) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
