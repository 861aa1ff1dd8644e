"""The texts that a post had, over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import authenticated_user
from blogs.api.base import IDEMPOTENCY_KEY, IF_MATCH, PostView, written
from blogs.api.idempotency import idempotent_without_body
from blogs.api.pagination import PageSerializer, page_by_number
from blogs.api.serializers import (
    RevisionAnswerSerializer,
    RevisionListSerializer,
    RevisionSerializer,
    WriteAnswerSerializer,
)
from blogs.models import BlogPost, Revision


@extend_schema(tags=["revisions"])
class RevisionViewSet(PostView):
    @extend_schema(
        operation_id="list_revisions",
        summary="Read the texts that a post had",
        parameters=[PageSerializer],
        responses={200: RevisionListSerializer},
    )
    def list(self, request: Request, pk: int) -> Response:
        """Newest first; the first one is live. For the owner and staff."""
        revisions, following, headers = page_by_number(
            request.path, request.query_params, self.seen(pk).revisions.all()
        )
        body = {"revisions": RevisionSerializer(revisions, many=True).data, "next": following}
        return Response(body, headers=headers)

    @extend_schema(operation_id="get_revision", summary="Read one of them", responses={200: RevisionAnswerSerializer})
    def retrieve(self, request: Request, pk: int, number: int) -> Response:
        """For the owner and staff."""
        return Response({"revision": RevisionSerializer(revision_of(self.seen(pk), number)).data})

    @extend_schema(
        operation_id="restore_revision",
        summary="Bring an earlier text back",
        request=None,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        responses={200: WriteAnswerSerializer},
    )
    @idempotent_without_body
    def restore(self, request: Request, pk: int, number: int) -> Response:
        """It becomes a new revision; the one that was live stays readable."""
        with self.held(pk) as post:
            post.restore(revision_of(post, number), author=authenticated_user(request))
            return written("Blog updated.", post)


def revision_of(post: BlogPost, number: int) -> Revision:
    if revision := post.revisions.filter(number=number).first():
        return revision
    raise NotFound("This post has no revision of this number.")
