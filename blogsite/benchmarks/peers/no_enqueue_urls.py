"""POST without the queue: the same token, throttle, validation, insert and answer; no generation and no task."""

from django.db import transaction
from django.urls import path
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import authenticated_user
from blogs.api.base import write_answer
from blogs.api.idempotency import idempotent
from blogs.api.posts import BlogPostViewSet
from blogs.api.request_bodies import BriefSerializer
from blogs.models import BlogPost


class InsertOnly(BlogPostViewSet):
    @idempotent
    def create(self, request: Request) -> Response:
        brief = self.validated(BriefSerializer)
        post = BlogPost(
            owner=authenticated_user(request), title=brief["title"], brief=brief["content"], brief_title=brief["title"]
        )
        with transaction.atomic():
            post.save()
        answer = write_answer("Blog creation is being processed.", post, status.HTTP_201_CREATED)
        answer.headers["Location"] = f"{request.path}/{post.pk}"
        return answer


urlpatterns = [path("api/v1/blogs", InsertOnly.as_view({"post": "create"}))]
