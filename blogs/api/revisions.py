"""Revisions over HTTP."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import authenticated_user
from blogs.api.base import PostView, write_answer
from blogs.api.headers import IF_MATCH, LINK, POLLABLE, REPEATABLE
from blogs.api.idempotency import idempotent_without_body
from blogs.api.pagination import PageSerializer, page_by_number
from blogs.api.serializers import (
    RevisionAnswerSerializer,
    RevisionListSerializer,
    RevisionSerializer,
    WriteAnswerSerializer,
)
from blogs.models import BlogPost, Revision, RevisionNeeded, RevisionsFull
from blogs.models.visible import InvisibleTitle
from blogs.roles import Action

NO_REVISION = "This post has no revision with this number."
LIVE_ALREADY = "This text is already live: nothing was changed."


@extend_schema(tags=["revisions"])
class RevisionViewSet(PostView):
    @extend_schema(
        operation_id="list_revisions",
        summary="List revisions",
        parameters=[PageSerializer, LINK],
        responses={200: RevisionListSerializer},
    )
    def list(self, request: Request, pk: int) -> Response:
        """Newest first; the first one is live. For the owner, and users who may view every post."""
        revisions, following, headers = page_by_number(
            request.path, request.query_params, self.readable_post(pk).revisions.all(), "content"
        )
        body = {"revisions": RevisionSerializer(revisions, many=True).data, "next": following}
        return Response(body, headers=headers)

    @extend_schema(operation_id="get_revision", summary="Get a revision", responses={200: RevisionAnswerSerializer})
    def retrieve(self, request: Request, pk: int, number: int) -> Response:
        """For the owner, and users who may view every post."""
        return Response({"revision": RevisionSerializer(revision_of(self.readable_post(pk), number)).data})

    @extend_schema(
        operation_id="restore_revision",
        summary="Restore a revision",
        request=None,
        parameters=[*REPEATABLE, IF_MATCH, *POLLABLE],
        responses={
            200: WriteAnswerSerializer,
            409: OpenApiResponse(description=f"{InvisibleTitle.detail} {RevisionsFull.detail}"),
        },
    )
    @idempotent_without_body
    def restore(self, request: Request, pk: int, number: int) -> Response:
        """Makes its text live again, as a new revision; the live text stays as it is."""
        with self.locked_post(pk) as post:
            restored = post.restore(revision_of(post, number), author=authenticated_user(request))
            return write_answer("Blog updated." if restored else LIVE_ALREADY, post)

    @extend_schema(
        operation_id="delete_revision",
        summary="Delete a revision",
        request=None,
        parameters=[IF_MATCH],
        responses={204: None, 409: OpenApiResponse(description=RevisionNeeded.detail)},
    )
    def destroy(self, request: Request, pk: int, number: int) -> Response:
        """For good, with the copy that its generation has. Its number is not used again."""
        with self.locked_post(pk, Action.DELETE) as post:
            try:
                post.delete_revision(number)
            except Revision.DoesNotExist as error:
                raise NotFound(NO_REVISION) from error
        return Response(status=status.HTTP_204_NO_CONTENT)


def revision_of(post: BlogPost, number: int) -> Revision:
    if revision := post.revisions.filter(number=number).first():
        return revision
    raise NotFound(NO_REVISION)
