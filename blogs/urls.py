from django.urls import path

from blogs.api import exports  # noqa: F401 (adds its parts)
from blogs.api.fast_reads import read_post, with_public_reads
from blogs.api.list_reads import list_posts
from blogs.api.posts import BlogPostViewSet
from blogs.api.releases import ReleaseViewSet
from blogs.api.revisions import RevisionViewSet

posts = BlogPostViewSet.as_view({"get": "list", "post": "create"})
post = BlogPostViewSet.as_view({"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"})
revision = RevisionViewSet.as_view({"get": "retrieve", "delete": "destroy"})

urlpatterns = [
    path("blogs", with_public_reads(posts, list_posts), name="blogs"),
    path("blogs/<int:pk>", with_public_reads(post, read_post), name="blog"),
    path("blogs/<int:pk>/publish", ReleaseViewSet.as_view({"post": "publish"}), name="publish"),
    path("blogs/<int:pk>/unpublish", ReleaseViewSet.as_view({"post": "unpublish"}), name="unpublish"),
    path("blogs/<int:pk>/revisions", RevisionViewSet.as_view({"get": "list"}), name="revisions"),
    path("blogs/<int:pk>/revisions/<int:number>", revision, name="revision"),
    path("blogs/<int:pk>/revisions/<int:number>/restore", RevisionViewSet.as_view({"post": "restore"}), name="restore"),
]
