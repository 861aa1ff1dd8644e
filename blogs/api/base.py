"""Base of the views on posts: lock the row, check permissions and If-Match, answer with the post."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from rest_framework import serializers, status, viewsets
from rest_framework.exceptions import APIException
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.response import Response

from accounts.api.throttles import CreateThrottle, EditThrottle
from accounts.authentication import authenticated_user
from blogs.api.fast_reads import NoSuchPost, polling_headers
from blogs.api.permissions import check_right
from blogs.api.serializers import OwnPostSerializer
from blogs.etags import check_if_match, etag
from blogs.models import BlogPost
from blogs.roles import Action
from blogs.signals import before_generation_requested

UNKNOWN, TAKES = "Unknown field.", "Send only {}."
AN_ANSWER = (
    "This is a post as answers show it, and nothing was changed. `content` in a request is the brief; it is the text "
    "if you PATCH it, or say that nothing is to be generated."
)
ANSWERED = {"id", "owner_id", "status", "created_at"}  # what only answers have
NAMED, NAMED_TO = 20, 100  # unknown fields, and characters of each, that an answer repeats
AnySerializer = TypeVar("AnySerializer", bound=serializers.Serializer[Any])


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT


class PostView(viewsets.GenericViewSet[BlogPost]):
    """Base of the views on posts; `generation_actions` names the actions that start a generation."""

    queryset = BlogPost.objects.all()
    permission_classes: Any = (IsAuthenticated,)
    generation_actions: tuple[str, ...] = ()

    def get_throttles(self) -> list[Any]:
        if self.action in self.generation_actions:
            return [CreateThrottle()]
        return [EditThrottle()] if self.request.method not in SAFE_METHODS else []

    def count_edit(self) -> None:
        """Count a person's text where most requests start a generation.

        Raises:
            Throttled: nothing is changed.
        """
        throttle = EditThrottle()
        if not throttle.allow_request(self.request, self):
            self.throttled(self.request, throttle.wait())

    @contextmanager
    def locked_post(self, pk: int, action: Action = Action.CHANGE) -> Iterator[BlogPost]:
        """Yield the post with its row locked, in a transaction that ends with the block.

        Args:
            action: that the user must have a right to.

        Raises:
            NoSuchPost, PermissionDenied, PreconditionFailed: nothing is changed.
        """
        with transaction.atomic():
            post = self.get_post(BlogPost.objects.select_for_update(), pk)
            check_right(authenticated_user(self.request), action, post)
            check_if_match(self.request, post)
            yield post

    def readable_post(self, pk: int) -> BlogPost:
        """Return the post, without its texts, to a user who may see its brief, revisions and generations.

        Raises:
            NoSuchPost, PermissionDenied.
        """
        post = self.get_post(BlogPost.objects.defer("content", "brief"), pk)
        check_right(authenticated_user(self.request), Action.VIEW, post)
        return post

    def get_post(self, posts: QuerySet[BlogPost], pk: int) -> BlogPost:
        if post := posts.filter(pk=pk).first():
            return post
        raise NoSuchPost

    def check_queue(self) -> None:
        """Let the queue reject the request before anything is done.

        Raises:
            QueueFull: too many generations are queued.
        """
        before_generation_requested.send(sender=BlogPost, user=authenticated_user(self.request))

    def validated(self, serializer_class: Any) -> dict[str, Any]:
        """Return the body's fields.

        Raises:
            ValidationError: a field is unknown or has an invalid value.
        """
        serializer = shared_instance(serializer_class)
        if isinstance(self.request.data, dict):
            refuse_unknown(self.request.data, list(serializer.fields))
        return dict(serializer.run_validation(self.request.data))


@cache
def shared_instance(serializer_class: type[AnySerializer]) -> AnySerializer:
    """Return one instance for all requests: building its fields costs several times as much as using them."""
    return serializer_class()


def refuse_unknown(body: dict[str, Any], known: list[str]) -> None:
    """Refuse fields that would be ignored: they are misspelt, or meant for another request.

    Raises:
        ValidationError: it names them, and says what to send instead.
    """
    if not (unknown := [name for name in body if name not in known]):
        return
    takes = TAKES.format(", ".join(f"`{name}`" for name in known))
    of_answer = [f"{AN_ANSWER} {takes}"] if "blog" in unknown or len(ANSWERED & {*unknown}) > 1 else []
    errors = {name[:NAMED_TO]: [f"{UNKNOWN} {takes}"] for name in unknown[:NAMED]}
    raise serializers.ValidationError({"non_field_errors": of_answer} | errors if of_answer else errors)


def write_answer(message: str, post: BlogPost, code: int = status.HTTP_200_OK) -> Response:
    """Return the answer to a write: a message, and the post with its new ETag."""
    answer = {"message": message, "blog": shared_instance(OwnPostSerializer).to_representation(post)}
    return with_post_headers(Response(answer, status=code), post)


def with_post_headers(answer: Response, post: BlogPost) -> Response:
    """Return an answer that shows the draft of a post with its ETag, and headers for polling."""
    for name, value in ({"ETag": etag(post.pk, post.version)} | polling_headers(post.status)).items():
        answer.headers[name] = value
    return answer
