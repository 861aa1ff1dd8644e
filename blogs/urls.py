from django.urls import path

from blogs import reads
from blogs.revision_views import RevisionViewSet
from blogs.views import BlogPostViewSet

posts = BlogPostViewSet.as_view({"get": "list", "post": "create"})
post = BlogPostViewSet.as_view({"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"})

urlpatterns = [
    path("blogs", reads.short_way(reads.many, posts), name="blogs"),
    path("blogs/<int:pk>", reads.short_way(reads.one, post), name="blog"),
    path("blogs/<int:pk>/revisions", RevisionViewSet.as_view({"get": "list"}), name="revisions"),
    path("blogs/<int:pk>/revisions/<int:number>", RevisionViewSet.as_view({"get": "retrieve"}), name="revision"),
    path("blogs/<int:pk>/revisions/<int:number>/restore", RevisionViewSet.as_view({"post": "restore"}), name="restore"),
]
