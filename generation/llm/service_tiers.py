"""Service tiers: what OpenAI asks for a call, and how long that may take."""

from collections.abc import Mapping
from typing import Any

FLEX = "flex"  # half the price, for work that nobody waits for; it may be refused at any time
NAME_MAX_LENGTH = 20


def tier_in(answer: Mapping[str, Any]) -> str:
    """Return the tier that a response or a chunk of one names, which is what it costs; empty if it names none."""
    tier = answer.get("service_tier")
    return tier[:NAME_MAX_LENGTH] if isinstance(tier, str) and tier.isidentifier() else ""
