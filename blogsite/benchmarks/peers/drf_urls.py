"""The read endpoints by the book: a ModelSerializer, a ModelViewSet, a router."""

from django.urls import include, path
from rest_framework import serializers, viewsets
from rest_framework.routers import DefaultRouter

from blogs.models import BlogPost


class PostSerializer(serializers.ModelSerializer[BlogPost]):
    class Meta:
        model = BlogPost
        fields = (
            "id",
            "title",
            "content",
            "owner_id",
            "status",
            "failure",
            "progress",
            "revision",
            "created_at",
            "updated_at",
        )


class PostViewSet(viewsets.ReadOnlyModelViewSet[BlogPost]):
    queryset = BlogPost.objects.order_by("-id")
    serializer_class = PostSerializer


router = DefaultRouter()
router.register("blogs", PostViewSet)
urlpatterns = [path("api/v1/", include(router.urls))]
