"""What stands in front of a list: its title, and how many points there are."""

from __future__ import annotations

import re

from generation.writer.points import PointKind, kind_of

# A title that nothing can be hung on: it ends, or has two parts.
IS_CLOSED = re.compile(r"[:?!–—]|[.,](?:\s|$)|^$")
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
_NOUNS = frozenset("morning evening spring string building ceiling clothing nothing something everything".split())


def is_about_doing(title: str) -> bool:
    """Whether a title announces how something is done."""
    first = title.split(" ", 1)[0].lower()
    return title.lower().startswith("how to ") or (len(first) > 5 and first.endswith("ing") and first not in _NOUNS)


def lead(title: str, count: int, *, language: str = "en") -> str:
    """Return a line that is true whatever the list says.

    Args:
        title: the author's.
        count: of the points, if they are all that the post has; 0 otherwise.
        language: of title and notes; nothing English goes into a post in another.
    """
    if language != "en" or (not count and not IS_CLOSED.search(title)):
        return f"{title.rstrip(' .:')}:"
    if not count:
        return "In short:"
    if kind_of(title) in (PointKind.SENTENCE, PointKind.INSTRUCTION) and not IS_CLOSED.search(title):
        return f"{title}:"
    named = _NUMBERS[count - 1] if count <= len(_NUMBERS) else str(count)
    what = f"{named} {'steps' if is_about_doing(title) else 'points'}" if count > 1 else "one point"
    return f"In {what}:" if IS_CLOSED.search(title) else f"{title}, in {what}:"
