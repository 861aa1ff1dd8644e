"""Posts over HTTP."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import authenticated_user
from blogs.api import fast_reads
from blogs.api.base import IDEMPOTENCY_KEY, IF_MATCH, PostView, written
from blogs.api.idempotency import idempotent
from blogs.api.pagination import ME, PostsPageSerializer
from blogs.api.permissions import AnyoneReads, IsOwnerOrStaff
from blogs.api.serializers import (
    BriefSerializer,
    EditSerializer,
    PostAnswerSerializer,
    PostListSerializer,
    RewriteSerializer,
    WriteAnswerSerializer,
    options_in,
)
from blogs.models import BlogPost

IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of the post that you have. If it has not changed since, the answer is an empty 304.",
)


@extend_schema(tags=["blogs"])
class BlogPostViewSet(PostView):
    permission_classes: Any = (AnyoneReads, IsOwnerOrStaff)
    asking = ("create", "update")

    def initial(self, request: Request, *args: Any, refusal: Exception | None = None, **kwargs: Any) -> None:
        """Let DRF answer what a public read was refused with; of all other requests, find out whose they are."""
        if refusal:
            raise refusal
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        """Load the token's user on writes, and for `owner=me`."""
        if request.method not in SAFE_METHODS or request.query_params.get("owner") == ME:
            super().perform_authentication(request)

    @extend_schema(
        operation_id="list_blogs",
        summary="Read posts",
        auth=[{}, {"login": []}],  # type: ignore[list-item]
        parameters=[PostsPageSerializer],
        responses={200: PostListSerializer},
    )
    def list(self, request: HttpRequest) -> HttpResponse:
        """Posts of everybody, newest first, page by page: follow `next`, or the `Link` header."""
        return fast_reads.many(request)

    @extend_schema(
        operation_id="get_blog",
        summary="Read one post",
        auth=[],
        parameters=[IF_NONE_MATCH],
        responses={
            200: PostAnswerSerializer,
            304: OpenApiResponse(description="You have this version already."),
        },
    )
    def retrieve(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Poll this until `status` is `completed` or `failed`, every `Retry-After` seconds, with If-None-Match."""
        return fast_reads.one(request, pk)

    @extend_schema(
        operation_id="create_blog",
        summary="Have a post written",
        request=BriefSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={201: WriteAnswerSerializer},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Answers at once; a worker writes the post."""
        brief = self.valid(BriefSerializer)
        self.ask()
        post = BlogPost(
            owner=authenticated_user(request), title=brief["title"], brief=brief["content"], **options_in(brief)
        )
        post.submit(requested_by=authenticated_user(request))
        answer = written("Blog creation is being processed.", post, status.HTTP_201_CREATED)
        answer.headers["Location"] = f"{request.path}/{post.pk}"
        return answer

    @extend_schema(
        operation_id="update_blog",
        summary="Have a post written anew, or give it a text of your own",
        request=RewriteSerializer,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        responses={
            200: OpenApiResponse(WriteAnswerSerializer, description="The text is replaced."),
            202: OpenApiResponse(WriteAnswerSerializer, description="A new text is being written; the old one stays."),
        },
    )
    @idempotent
    def update(self, request: Request, pk: int) -> Response:
        """The old text stays until the new one is there. What a person wrote is kept as a revision."""
        with self.held(pk) as post:
            wanted = self.valid(RewriteSerializer)
            if not wanted["regenerate"]:
                post.edit(title=wanted["title"], content=wanted["content"], author=authenticated_user(request))
                return written("Blog updated.", post)
            self.ask()
            title, brief = wanted["title"], wanted["content"]
            post.rewrite(title=title, brief=brief, requested_by=authenticated_user(request), options=options_in(wanted))
            return written("Blog update is being processed.", post, status.HTTP_202_ACCEPTED)

    @extend_schema(
        operation_id="edit_blog",
        summary="Change the title or text that readers see",
        request=EditSerializer,
        parameters=[IF_MATCH],
        responses={200: WriteAnswerSerializer},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        """Never calls the model. A text that is being written meanwhile becomes a proposal."""
        with self.held(pk) as post:
            wanted = self.valid(EditSerializer)
            title, content = wanted.get("title", post.title), wanted.get("content", post.content)
            post.edit(title=title, content=content, author=authenticated_user(request))
            return written("Blog updated.", post)

    @extend_schema(
        operation_id="delete_blog", summary="Delete a post", parameters=[IF_MATCH], request=None, responses={204: None}
    )
    def destroy(self, request: Request, pk: int) -> Response:
        """With all its texts; a generation under way is stopped."""
        with self.held(pk) as post:
            post.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
