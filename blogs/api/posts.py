"""Posts over HTTP."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.permissions import SAFE_METHODS, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import authenticated_user
from accounts.registration import MAY_NOT_REQUEST, require_may_request
from blogs.api import fast_reads, list_reads
from blogs.api.base import PostView, write_answer
from blogs.api.headers import IF_MATCH, IF_NONE_MATCH, LINK, LOCATION, POLLABLE, REPEATABLE
from blogs.api.idempotency import idempotent
from blogs.api.model_choice import model_in
from blogs.api.pagination import ME, PostsPageSerializer
from blogs.api.request_bodies import BriefSerializer, EditSerializer, RewriteSerializer, options_in
from blogs.api.serializers import PostAnswerSerializer, PostListSerializer, WriteAnswerSerializer
from blogs.etags import names_version
from blogs.models import BlogPost, RevisionsFull
from blogs.refusals import QUEUE_FULL, TOO_MANY, BudgetExhausted, OwnerDeactivated
from blogs.roles import Action


@extend_schema(tags=["blogs"])
class BlogPostViewSet(PostView):
    permission_classes: Any = (IsAuthenticatedOrReadOnly,)
    generation_actions = ("create", "update")

    def initial(self, request: Request, *args: Any, refusal: Exception | None = None, **kwargs: Any) -> None:
        """Let DRF answer the error of a public read; treat all other requests as usual."""
        if refusal:
            raise refusal
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        """Load the token's user for writes and `owner=me` only."""
        if request.method not in SAFE_METHODS or request.query_params.get("owner") == ME:
            super().perform_authentication(request)

    @extend_schema(
        operation_id="list_blogs",
        summary="List posts",
        auth=[{}, {"login": []}],  # type: ignore[list-item]
        parameters=[PostsPageSerializer, LINK],
        responses={200: PostListSerializer},
    )
    def list(self, request: HttpRequest) -> HttpResponse:
        """Everyone's posts, newest first. Follow `next`, or the `Link` header, to the next page."""
        return list_reads.list_posts(request)

    @extend_schema(
        operation_id="get_blog",
        summary="Get a post",
        auth=[],
        parameters=[IF_NONE_MATCH, *POLLABLE],
        responses={
            200: PostAnswerSerializer,
            304: OpenApiResponse(description="You have this version."),
        },
    )
    def retrieve(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Poll with If-None-Match, every `Retry-After` seconds, until `status` is `completed` or `failed`."""
        return fast_reads.read_post(request, pk)

    @extend_schema(
        operation_id="create_blog",
        summary="Create a post",
        request=BriefSerializer,
        parameters=[*REPEATABLE, *POLLABLE, LOCATION],
        responses={
            201: WriteAnswerSerializer,
            402: OpenApiResponse(description=BudgetExhausted.detail),
            403: OpenApiResponse(description=MAY_NOT_REQUEST),
            409: OpenApiResponse(description=RevisionsFull.detail),
            429: OpenApiResponse(description=TOO_MANY),
            503: OpenApiResponse(description=QUEUE_FULL),
        },
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Answers immediately; a worker writes the post in the background, unless the text is your own."""
        body, owner = self.validated(BriefSerializer), authenticated_user(request)
        post = BlogPost(owner=owner, title=body["title"], model=model_in(body) or "", **options_in(body))
        if body["generate"]:
            self.check_queue()
            post.brief = body["content"]
            post.submit(requested_by=owner)
        else:
            require_may_request(owner)
            self.count_edit()
            post.submit_own_text(body["content"], author=owner)
        message = "Blog creation is being processed." if body["generate"] else "Blog created."
        answer = write_answer(message, post, status.HTTP_201_CREATED)
        answer.headers["Location"] = f"{request.path}/{post.pk}"
        return answer

    @extend_schema(
        operation_id="update_blog",
        summary="Regenerate a post, or replace its text",
        request=RewriteSerializer,
        parameters=[*REPEATABLE, IF_MATCH, *POLLABLE],
        responses={
            200: OpenApiResponse(WriteAnswerSerializer, description="The text was replaced."),
            202: OpenApiResponse(WriteAnswerSerializer, description="Regeneration queued; the live text stays."),
            402: OpenApiResponse(description=BudgetExhausted.detail),
            403: OpenApiResponse(description=MAY_NOT_REQUEST),
            409: OpenApiResponse(description=f"{OwnerDeactivated.detail} {RevisionsFull.detail}"),
            429: OpenApiResponse(description=TOO_MANY),
            503: OpenApiResponse(description=QUEUE_FULL),
        },
    )
    @idempotent
    def update(self, request: Request, pk: int) -> Response:
        """The live title and text stay until the new ones are ready. Every text is a revision, while there is room."""
        with self.locked_post(pk) as post:
            body, user = self.validated(RewriteSerializer), authenticated_user(request)
            title, content = body["title"], body["content"]
            if not body["regenerate"]:
                self.count_edit()
                post.edit(title=title, content=content, author=user, is_named=names_version(request))
                return write_answer("Blog updated.", post)
            self.check_queue()
            options, model = options_in(body), model_in(body)
            post.rewrite(title=title, brief=content, requested_by=user, options=options, model=model)
            return write_answer("Blog update is being processed.", post, status.HTTP_202_ACCEPTED)

    @extend_schema(
        operation_id="edit_blog",
        summary="Edit the title or text of a post",
        request=EditSerializer,
        parameters=[IF_MATCH, *POLLABLE],
        responses={200: WriteAnswerSerializer, 409: OpenApiResponse(description=RevisionsFull.detail)},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        """Never calls the model. An unfinished generation ends as a proposal."""
        with self.locked_post(pk) as post:
            body = self.validated(EditSerializer)
            title, content = body.get("title", post.title), body.get("content", post.content)
            author = authenticated_user(request)
            post.edit(title=title, content=content, author=author, is_named=names_version(request))
            return write_answer("Blog updated.", post)

    @extend_schema(
        operation_id="delete_blog", summary="Delete a post", parameters=[IF_MATCH], request=None, responses={204: None}
    )
    def destroy(self, request: Request, pk: int) -> Response:
        """Deletes its revisions and generations too, and stops an unfinished one."""
        with self.locked_post(pk, Action.DELETE) as post:
            post.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
