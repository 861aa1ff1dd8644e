"""POST without the queue: the same token, throttle, validation, insert and answer; no generation and no task."""

from django.db import transaction
from django.urls import path
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import person
from blogs.api.base import written
from blogs.api.idempotency import idempotent
from blogs.api.posts import BlogPostViewSet
from blogs.api.serializers import BriefSerializer
from blogs.models import BlogPost


class InsertOnly(BlogPostViewSet):
    @idempotent
    def create(self, request: Request) -> Response:
        brief = self.valid(BriefSerializer)
        post = BlogPost(owner=person(request), title=brief["title"], brief=brief["content"], brief_title=brief["title"])
        with transaction.atomic():
            post.save()
        answer = written("Blog creation is being processed.", post, status.HTTP_201_CREATED)
        answer.headers["Location"] = f"{request.path}/{post.pk}"
        return answer


urlpatterns = [path("api/v1/blogs", InsertOnly.as_view({"post": "create"}))]
