"""Which posts `manage.py regenerate_posts` is for: those that match all options, or every one if that is said."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, NamedTuple

from django.core.management.base import CommandError
from django.db.models.functions import Length
from django.utils import timezone

from accounts.models import User
from blogs.models import BlogPost, BlogPostQuerySet, Status, has_persons_text, is_of_deactivated_owner
from generation.management.arguments import WRONG_USAGE, count, duration

SELECTING = ("status", "owner", "ids", "older_than")

NO_SELECTION = (
    "No posts are selected, and nothing was done. Select some with --status, --owner, --id or --older-than (--limit "
    "takes the oldest of them); --all means every finished or failed post."
)
ALL_AND_SELECTION = "--all means every post: it does not go together with --status, --owner, --id or --older-than."
NO_OWNER = "There is no user with the email address {email}."


class Selected(NamedTuple):
    pk: int
    title: str
    model: str
    has_persons_text: bool
    length: str
    language: str
    brief: int  # characters


def add_selection(parser: ArgumentParser) -> None:
    parser.add_argument("--status", choices=Status.values, help="Only posts with this status.")
    parser.add_argument("--owner", metavar="EMAIL", help="Only posts of this user.")
    parser.add_argument("--id", dest="ids", metavar="N", type=count, nargs="+", help="Only these posts.")
    parser.add_argument(
        "--older-than",
        metavar="AGE",
        type=duration,
        help="Only posts unchanged for this long, such as 90m, 12h, 7d or 2w.",
    )
    parser.add_argument("--all", action="store_true", help="Every finished or failed post, instead of a selection.")
    parser.add_argument("--limit", metavar="N", type=count, help="At most this many, the oldest first.")


def check_selection(options: dict[str, Any], is_needed: bool) -> None:
    """Check that the options select posts, or that all are meant.

    Args:
        is_needed: False if nothing will be done to the posts: without a selection it is all of them then.

    Raises:
        CommandError: they do not.
    """
    has_selection = any(options[name] for name in SELECTING)
    if has_selection and options["all"]:
        raise CommandError(ALL_AND_SELECTION, returncode=WRONG_USAGE)
    if is_needed and not has_selection and not options["all"]:
        raise CommandError(NO_SELECTION, returncode=WRONG_USAGE)


def selected(options: dict[str, Any]) -> list[Selected]:
    posts = matching(options).exclude(is_of_deactivated_owner())
    rows = posts.values_list("pk", "title", "model", has_persons_text(), "length", "language", Length("brief"))
    return [Selected(*row) for row in rows[: options["limit"]]]


def skipped(options: dict[str, Any]) -> int:
    """Return how many posts match, but their owners are deactivated."""
    return matching(options).filter(is_of_deactivated_owner()).count()


def matching(options: dict[str, Any]) -> BlogPostQuerySet:
    posts: BlogPostQuerySet = BlogPost.objects.order_by("id")
    if options["status"]:
        posts = posts.filter(status=options["status"])
    elif not options["ids"]:
        posts = posts.filter(status__in=(Status.COMPLETED, Status.FAILED))
    if options["owner"]:
        posts = posts.of(owner_of(options["owner"]))
    if options["ids"]:
        posts = posts.filter(pk__in=options["ids"])
    if options["older_than"]:
        posts = posts.filter(updated_at__lt=timezone.now() - options["older_than"])
    return posts


def owner_of(email: str) -> User:
    try:
        return User.objects.get(email=email)
    except User.DoesNotExist as error:
        raise CommandError(NO_OWNER.format(email=email)) from error
