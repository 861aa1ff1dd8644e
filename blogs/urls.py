from django.urls import path

from blogs.api import fast_reads
from blogs.api.posts import BlogPostViewSet
from blogs.api.revisions import RevisionViewSet

posts = BlogPostViewSet.as_view({"get": "list", "post": "create"})
post = BlogPostViewSet.as_view({"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"})

urlpatterns = [
    path("blogs", fast_reads.short_way(fast_reads.many, posts), name="blogs"),
    path("blogs/<int:pk>", fast_reads.short_way(fast_reads.one, post), name="blog"),
    path("blogs/<int:pk>/revisions", RevisionViewSet.as_view({"get": "list"}), name="revisions"),
    path("blogs/<int:pk>/revisions/<int:number>", RevisionViewSet.as_view({"get": "retrieve"}), name="revision"),
    path("blogs/<int:pk>/revisions/<int:number>/restore", RevisionViewSet.as_view({"post": "restore"}), name="restore"),
]
