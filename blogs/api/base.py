"""What every view that changes a post does: hold its row, ask who may, look at If-Match."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers, status, viewsets
from rest_framework.exceptions import APIException, NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.authentication import authenticated_user
from accounts.throttles import CreateThrottle
from blogs.api.fast_reads import polling
from blogs.api.permissions import IsOwnerOrStaff, OwnerAndStaffSee
from blogs.api.serializers import OwnPostSerializer
from blogs.etags import check_if_match, etag
from blogs.models import BlogPost
from blogs.signals import generation_wanted

AnySerializer = TypeVar("AnySerializer", bound=serializers.Serializer[Any])

IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of the post that you read. If the post has changed since, nothing happens and you get 412.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="A new random value for each piece of work. The same request with the same key, within 24 hours, gets "
    "the first answer with `Idempotency-Replayed: true`, and does nothing.",
)


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT


class PostView(viewsets.GenericViewSet[BlogPost]):
    """Base of the views on posts; `asking` names the actions that have the model write."""

    queryset = BlogPost.objects.all()
    permission_classes: Any = (IsAuthenticated, IsOwnerOrStaff)
    pagination_class = None
    lookup_value_converter = "int"
    asking: tuple[str, ...] = ()

    def get_throttles(self) -> list[Any]:
        return [CreateThrottle()] if self.action in self.asking else []

    @contextmanager
    def held(self, pk: int) -> Iterator[BlogPost]:
        """Give the post with its row locked until the block ends; all of it happens or nothing.

        Raises:
            NotFound, PermissionDenied, PreconditionFailed: nothing is changed.
        """
        with transaction.atomic():
            post = self.post_in(BlogPost.objects.select_for_update(), pk)
            self.check_object_permissions(self.request, post)
            check_if_match(self.request, post)
            yield post

    def seen(self, pk: int) -> BlogPost:
        """Return the post whose private parts are asked for, without its texts.

        Raises:
            NotFound, PermissionDenied.
        """
        post = self.post_in(BlogPost.objects.defer("content", "brief"), pk)
        if not OwnerAndStaffSee().has_object_permission(self.request, self, post):
            self.permission_denied(self.request, message=OwnerAndStaffSee.message)
        return post

    def post_in(self, posts: QuerySet[BlogPost], pk: int) -> BlogPost:
        if post := posts.filter(pk=pk).first():
            return post
        raise NotFound("There is no such post.")

    def ask(self) -> None:
        """Let the queue refuse before anything is done.

        Raises:
            QueueFull: too much is waiting.
        """
        generation_wanted.send(sender=BlogPost, user=authenticated_user(self.request))

    def valid(self, serializer_class: Any) -> dict[str, Any]:
        return dict(shared(serializer_class).run_validation(self.request.data))


@cache
def shared(serializer_class: type[AnySerializer]) -> AnySerializer:
    """Return the one instance for all requests: to make its fields costs several times what using them does."""
    return serializer_class()


def written(message: str, post: BlogPost, code: int = status.HTTP_200_OK) -> Response:
    """Return the answer to a change of a post, with the tag of what it is now."""
    headers = {"ETag": etag(post.pk, post.version), **polling(post.status)}
    answer = {"message": message, "blog": shared(OwnPostSerializer).to_representation(post)}
    return Response(answer, status=code, headers=headers)
