"""Posts over HTTP."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status, viewsets
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import person
from blogs.models import BlogPost
from blogs.pagination import PageSerializer, page
from blogs.permissions import AnyoneReads, IsOwnerOrStaff
from blogs.serializers import (
    BriefSerializer,
    OwnPostSerializer,
    PostAnswerSerializer,
    PostListSerializer,
    PostSerializer,
    RewriteSerializer,
    WriteAnswerSerializer,
)


@extend_schema(tags=["blogs"])
class BlogPostViewSet(viewsets.GenericViewSet[BlogPost]):
    queryset = BlogPost.objects.all()
    permission_classes = (AnyoneReads, IsOwnerOrStaff)
    pagination_class = None
    lookup_value_converter = "int"

    def perform_authentication(self, request: Request) -> None:
        """Load the token's user on writes only."""
        if request.method not in SAFE_METHODS:
            super().perform_authentication(request)

    def check_object_permissions(self, request: Request, obj: BlogPost) -> None:
        if request.method not in SAFE_METHODS:
            super().check_object_permissions(request, obj)

    @extend_schema(
        operation_id="list_blogs",
        summary="Read posts",
        auth=[],
        parameters=[PageSerializer],
        responses={200: PostListSerializer},
    )
    def list(self, request: Request) -> Response:
        """Posts of everybody, newest first, page by page."""
        posts, following = page(request, self.get_queryset())
        return Response({"blogs": PostSerializer(posts, many=True).data, "next": following})

    @extend_schema(operation_id="get_blog", summary="Read one post", auth=[], responses={200: PostAnswerSerializer})
    def retrieve(self, request: Request, pk: int) -> Response:
        """Poll this until `status` is `completed` or `failed`."""
        return Response({"blog": PostSerializer(self.get_object()).data})

    @extend_schema(
        operation_id="create_blog",
        summary="Have a post written",
        request=BriefSerializer,
        responses={201: WriteAnswerSerializer},
    )
    def create(self, request: Request) -> Response:
        """Answers at once; a worker writes the post."""
        brief = self.valid(BriefSerializer)
        post = BlogPost(owner=person(request), title=brief["title"], brief=brief["content"])
        post.submit(requested_by=person(request))
        location = {"Location": f"{request.path}/{post.pk}"}
        answer = written("Blog creation is being processed.", post)
        return Response(answer, status=status.HTTP_201_CREATED, headers=location)

    @extend_schema(
        operation_id="update_blog",
        summary="Have a post written anew, or give it a text of your own",
        request=RewriteSerializer,
        responses={
            200: OpenApiResponse(WriteAnswerSerializer, description="The text is replaced."),
            202: OpenApiResponse(WriteAnswerSerializer, description="A new text is being written; the old one stays."),
        },
    )
    def update(self, request: Request, pk: int) -> Response:
        """The old text stays until the new one is there. What a person wrote is kept as a revision."""
        post = self.get_object()
        wanted = self.valid(RewriteSerializer)
        if wanted["regenerate"]:
            post.rewrite(title=wanted["title"], brief=wanted["content"], requested_by=person(request))
            return Response(written("Blog update is being processed.", post), status=status.HTTP_202_ACCEPTED)
        post.edit(title=wanted["title"], content=wanted["content"], author=person(request))
        return Response(written("Blog updated.", post))

    @extend_schema(operation_id="delete_blog", summary="Delete a post", responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """With all its texts; a generation under way is stopped."""
        self.get_object().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    def valid(self, serializer_class: Any) -> dict[str, Any]:
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


def written(message: str, post: BlogPost) -> dict[str, Any]:
    return {"message": message, "blog": OwnPostSerializer(post).data}
