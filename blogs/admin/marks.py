"""What is pointed out in a text on the pages that show it: its legend and its list."""

from typing import Any

from blogs.admin.pages import PostPages
from blogs.admin.panels import panels_of
from blogs.models import BlogPost
from blogs.text.marks import Mark, MarkKind


def marks_on(pages: PostPages, post: BlogPost, text: str, number: int | None) -> list[Mark]:
    """Return what the panels point out in a text of a post.

    Args:
        text: as it is shown.
        number: of the revision that it is; None if it is none.
    """
    return [mark for panel in panels_of(pages) for mark in panel.marks(post, text, number)]


def marks_context(marks: list[Mark]) -> dict[str, Any]:
    """Return what the template of the legend and the list needs."""
    return {
        "legend": [kind for kind in MarkKind if any(mark.kind == kind and mark.sentence for mark in marks)],
        "reasons": [mark for mark in marks if mark.kind == MarkKind.REASON],
        "warnings": [mark for mark in marks if mark.kind == MarkKind.WARNING],
    }
