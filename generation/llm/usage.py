"""What a model server counted, and which model it says has answered, read defensively."""

import re
from collections.abc import Mapping
from typing import Any

from generation.costs import AT_HALF_PRICE, Usage
from generation.llm.service_tiers import FLEX, tier_in

COUNT_MAX = 10_000_000  # tokens: no call takes so many, and a server's count must fit its column
NAME_MAX = 80  # characters of a model's name
# How servers name the tokens of a prompt that came from their cache, and those that went into it.
READ = ("cached_tokens", "cache_read_input_tokens", "prompt_cache_hit_tokens")
WRITTEN = ("cache_write_tokens", "cache_creation_input_tokens")


def usage_in(answer: Mapping[str, Any]) -> Usage:
    """Return the usage in a whole answer or in a chunk of a stream; just one call if it has none."""
    counts = _counts(answer)
    details = counts.get("prompt_tokens_details")
    places = [counts, details] if isinstance(details, dict) else [counts]
    prompt = _count(counts.get("prompt_tokens"))
    cached = min(_largest(places, READ), prompt)
    usage = Usage(
        prompt,
        _count(counts.get("completion_tokens")),
        cached,
        calls=1,
        written_tokens=min(_largest(places, WRITTEN), prompt - cached),
    )
    model = answer.get("model")
    name = re.sub(r"[^\x21-\x7e]", "", model)[:NAME_MAX] if isinstance(model, str) else ""
    if name and tier_in(answer) == FLEX:
        name += AT_HALF_PRICE
    return usage.answered_by(name) if name else usage


def _counts(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the counts, which Moonshot puts into the choice."""
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    for place in (answer, choice):
        counts = place.get("usage") if isinstance(place, Mapping) else None
        if counts and isinstance(counts, dict):
            return counts
    return {}


def _largest(places: list[Mapping[str, Any]], names: tuple[str, ...]) -> int:
    return max(_count(place.get(name)) for place in places for name in names)


def _count(value: object) -> int:
    return min(value, COUNT_MAX) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
