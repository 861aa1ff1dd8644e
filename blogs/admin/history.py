"""The history of a post in the admin: its revisions, and the sections that panels add above and below them."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest

from blogs.admin.pages import PostPages, current_user
from blogs.admin.panels import panels_of
from blogs.models import BlogPost, Revision
from blogs.roles import Action, may

PAGE = 50  # revisions


@dataclass(frozen=True)
class Row:
    """A revision as the history shows it."""

    revision: Revision
    facts: dict[str, str]


class History:
    def __init__(self, pages: PostPages) -> None:
        self.pages, self.panels = pages, panels_of(pages)

    def context(self, request: HttpRequest, post: BlogPost) -> dict[str, Any]:
        """Return what the template adds to what Django logged about the post."""
        revisions: QuerySet[Revision] = post.revisions.select_related("author").defer("content")
        revisions = revisions.annotate(length=Length("content"))
        for panel in self.panels:
            revisions = panel.join_revisions(revisions)
        page = Paginator(revisions, PAGE).get_page(request.GET.get("page"))
        return {
            "rows": [self.row(revision) for revision in page],
            "page": page,
            "may_change": self.pages.may_change(request, post),
            "may_delete": may(current_user(request), Action.DELETE, post),
            "above": [panel.above_revisions(request, post) for panel in self.panels],
            "below": [panel.below_revisions(request, post) for panel in self.panels],
        }

    def row(self, revision: Revision) -> Row:
        facts: dict[str, str] = {}
        for panel in self.panels:
            facts |= panel.revision_facts(revision)
        return Row(revision, facts)
