"""Kinds of bulk work in the admin: which posts each is for, what it asks and does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import DELETION, LogEntry

from accounts.models import User
from blogs.models import RUNNING, BlogPost, Status
from blogs.roles import Action
from generation.queue import transitions


@dataclass(frozen=True)
class Kind:
    """Args:
    name: of the action in a request.
    label: in the list's menu of actions.
    question: what is to be confirmed.
    statuses: of the posts that it is for; the others are skipped.
    none: said when there are no such posts.
    done: said before their number afterwards.
    do: what is done to one post, whose row is locked, for a user, with what the `Choice` says.
    consequence: what becomes of the texts.
    is_paid: whether the model is called.
    right: to each post, that the user must have.
    """

    name: str
    label: str
    question: str
    statuses: tuple[Status, ...]
    none: str
    done: str
    do: Callable[..., object]
    consequence: str = "Each post keeps its text until the new one lands."
    is_paid: bool = True
    right: Action = Action.CHANGE


def request_generation(post: BlogPost, user: User, *, model: str = "", **choice: Any) -> None:
    post.request_generation(requested_by=user, urgent=False, model=model or None, **choice)


def cancel(post: BlogPost, user: User, **choice: Any) -> None:
    transitions.cancel(post)


def delete(post: BlogPost, user: User, **choice: Any) -> None:
    LogEntry.objects.log_actions(user.pk, [post], DELETION)
    post.delete()


REGENERATE = Kind(
    "regenerate",
    "Regenerate selected posts",
    "Regenerate these posts?",
    (Status.COMPLETED, Status.FAILED),
    "All selected posts are already queued or in progress.",
    "Posts queued for regeneration",
    request_generation,
)
RETRY = Kind(
    "retry_failed",
    "Retry selected failed posts",
    "Retry these failed posts?",
    (Status.FAILED,),
    "None of the selected posts has failed.",
    "Posts queued for regeneration",
    request_generation,
)
CANCEL = Kind(
    "cancel",
    "Cancel generation of selected posts",
    "Cancel the generation of these posts?",
    RUNNING,
    "None of the selected posts is queued or in progress.",
    "Generations cancelled",
    cancel,
    "Posts keep the text that is live.",
    is_paid=False,
)
DELETE_SELECTED = Kind(
    "delete_selected",  # in the place of Django's, which sends every id along, and takes no more than 995
    "Delete selected posts",
    "Delete these posts?",
    tuple(Status),
    "You may delete none of the selected posts.",
    "Posts deleted",
    delete,
    "Their revisions and generations are deleted too.",
    is_paid=False,
    right=Action.DELETE,
)
