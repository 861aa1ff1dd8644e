"""What readers see, over HTTP: publish, schedule and unpublish a post."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import authenticated_user
from blogs.api.base import PostView, write_answer
from blogs.api.headers import IF_MATCH, POLLABLE, REPEATABLE
from blogs.api.idempotency import idempotent, idempotent_without_body
from blogs.api.request_bodies import PublishSerializer
from blogs.api.revisions import NO_REVISION
from blogs.api.serializers import WriteAnswerSerializer
from blogs.etags import names_version
from blogs.models import NothingToPublish, NotPublished, Revision
from blogs.models.visible import InvisibleTitle

PUBLISHED, SCHEDULED, UNPUBLISHED = "The post is public.", "The post is scheduled.", "The post is not public."


@extend_schema(tags=["blogs"])
class ReleaseViewSet(PostView):
    @extend_schema(
        operation_id="publish_blog",
        summary="Publish a revision, at once or later",
        request=PublishSerializer,
        parameters=[*REPEATABLE, IF_MATCH, *POLLABLE],
        responses={
            200: WriteAnswerSerializer,
            409: OpenApiResponse(description=f"{NothingToPublish.detail} {InvisibleTitle.detail}"),
        },
    )
    @idempotent
    def publish(self, request: Request, pk: int) -> Response:
        """Readers see its title and text until another one is released, whatever is written meanwhile.

        Say which text you read, by `revision` or If-Match: a machine's text is then disclosed as `ai-assisted`.
        """
        with self.locked_post(pk) as post:
            body, user = self.validated(PublishSerializer), authenticated_user(request)
            number, moment = body.get("revision"), body.get("publish_at")
            is_named = number is not None or names_version(request)
            try:
                if moment:
                    post.schedule(moment, by=user, number=number, is_named=is_named)
                else:
                    post.publish(by=user, number=number, is_named=is_named)
            except Revision.DoesNotExist as error:
                raise ValidationError({"revision": [NO_REVISION]}) from error
            return write_answer(SCHEDULED if moment else PUBLISHED, post)

    @extend_schema(
        operation_id="unpublish_blog",
        summary="Unpublish a post",
        request=None,
        parameters=[*REPEATABLE, IF_MATCH, *POLLABLE],
        responses={200: WriteAnswerSerializer, 409: OpenApiResponse(description=NotPublished.detail)},
    )
    @idempotent_without_body
    def unpublish(self, request: Request, pk: int) -> Response:
        """Readers see no text of it until a person publishes one. A scheduled release is called off."""
        with self.locked_post(pk) as post:
            post.unpublish()
            return write_answer(UNPUBLISHED, post)
