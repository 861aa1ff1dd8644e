"""Posts that are requested as the API requests them, and texts for them as a worker's writer finishes them."""

from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost, Revision
from generation.costs import Usage
from generation.models import Generation
from generation.queue.billing import Bill
from generation.queue.claim import Claim
from generation.queue.finished_text import FinishedText

MODEL = "gpt-4o-mini"
NOTES = "flour and water; patience; a hot oven"
PLANNING, DRAFTING = "Plan a blog post", "Write the blog post"  # in a large model's two calls for a post


def request_post(title: str = "Bread", notes: str = NOTES, *, owner: User | None = None, **options: str) -> BlogPost:
    """Return a new post whose text is requested.

    Args:
        title: of the brief, and of the post until a text lands.
        notes: of the brief.
        owner: who requests it; a new writer unless given.
        options: of `blogs.options.CHOICES`.
    """
    owner = owner or writer.make()
    post = BlogPost(owner=owner, title=title, brief=notes, **options)
    post.submit(requested_by=owner)
    return post


def owner_of(post: BlogPost) -> User:
    """Return the owner of a post that has one."""
    assert post.owner
    return post.owner


def fresh(post: BlogPost) -> BlogPost:
    """Return a post as it is now."""
    return BlogPost.objects.get(pk=post.pk)


def changes_of(row: Model) -> dict[str, Any]:
    """Return the columns that are no longer as `row` has them, with what they hold now."""
    columns = type(row)._base_manager.filter(pk=row.pk).values().get()
    return {name: value for name, value in columns.items() if value != getattr(row, name)}


def rows_of_others(*posts: BlogPost) -> list[dict[str, Any]]:
    """Return the rows of all other posts, of their generations and revisions, to be compared before and after."""
    keys = [post.pk for post in posts]
    others = [
        BlogPost.objects.exclude(pk__in=keys),
        Generation.objects.exclude(post__in=keys),
        Revision.objects.exclude(post__in=keys),
    ]
    return [row for rows in others for row in rows.order_by("pk").values()]


class FromNow:
    """Equal to each moment that is so many seconds from now, give or take what a busy machine needs for a test."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __eq__(self, moment: object) -> bool:
        if not isinstance(moment, datetime):
            return NotImplemented
        return abs((moment - timezone.now()).total_seconds() - self.seconds) < 60

    def __repr__(self) -> str:
        return f"FromNow({self.seconds})"


NOW = FromNow(0)


def bill(usage: Usage | None = None) -> Bill:
    """Return the bill of an attempt at the priced model; by default nothing was spent."""
    return Bill("openai", MODEL, usage or Usage())


def finished_text(
    claim: Claim, title: str = "Bread", content: str = "The text.", usage: Usage | None = None
) -> FinishedText:
    """Return a text that passed the checks."""
    return FinishedText(
        claim=claim,
        title=title,
        content=content,
        bill=bill(usage),
        gate={"failed": []},
        warnings=[],
        prompt_version="test",
        provenance={},
    )
