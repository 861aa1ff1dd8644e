"""The most that one attempt uses."""

from generation.costs import Usage


def worst_case(brief_title: str, brief: str, *, length: str, language: str, house_style: str, verify: bool) -> Usage:
    """Return it."""
    return Usage(12_000 + 8 * len(brief), 14_000, calls=8)
