"""Panels: what the parts of this admin, and other apps, add to the pages of posts."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.safestring import SafeString

from blogs.admin.pages import PostPages
from blogs.models import BlogPost, Revision
from blogs.text.marks import Mark

# As `admin.action` makes it; called with the posts' ModelAdmin.
BulkAction = Callable[..., HttpResponse | None]


@dataclass(frozen=True)
class Tool:
    """A link beside "History" at the top of a post's page."""

    label: str
    url: str


class Panel:
    """Each method adds nothing until a panel overrides it."""

    def __init__(self, pages: PostPages) -> None:
        self.pages = pages

    def urls(self) -> list[URLPattern]:
        """Return further pages below the list of posts."""
        return []

    def bulk_actions(self) -> list[BulkAction]:
        return []

    def list_filters(self) -> list[type[SimpleListFilter]]:
        return []

    def join_posts(self, posts: QuerySet[BlogPost]) -> QuerySet[BlogPost]:
        """Return `posts` with what `labels` needs, so that a long list costs no more queries."""
        return posts

    def labels(self, post: BlogPost) -> SafeString | str:
        """Return what the list's column "review" says about a post."""
        return ""

    def tools(self, request: HttpRequest, post: BlogPost) -> list[Tool]:
        return []

    def slots(self, request: HttpRequest, post: BlogPost) -> dict[str, SafeString | str]:
        """Return parts of the box above a post's form by their names; they are refreshed while the page is open."""
        return {}

    def text_so_far(self, post: BlogPost) -> str:
        """Return the unfinished text of the generation in progress."""
        return ""

    def marks(self, post: BlogPost, text: str, number: int | None) -> list[Mark]:
        """Return what is pointed out in a text of a post, the gravest first.

        Args:
            text: as it is shown.
            number: of the revision that it is; None if it is none.
        """
        return []

    def join_revisions(self, revisions: QuerySet[Revision]) -> QuerySet[Revision]:
        """Return `revisions` with what `revision_facts` needs, so that a long history costs no more queries."""
        return revisions

    def revision_facts(self, revision: Revision) -> dict[str, str]:
        """Return further columns of the history by their headings, which must be the same for all revisions."""
        return {}

    def above_revisions(self, request: HttpRequest, post: BlogPost) -> SafeString | str:
        """Return a section of the history page."""
        return ""

    def below_revisions(self, request: HttpRequest, post: BlogPost) -> SafeString | str:
        """Return a section of the history page."""
        return ""


registered: list[type[Panel]] = []


def register_panel(panel: type[Panel]) -> None:
    """Put a panel on the pages of posts, after those that were registered earlier."""
    registered.append(panel)


def panels_of(pages: PostPages) -> list[Panel]:
    return [panel(pages) for panel in registered]
