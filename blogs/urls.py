from django.urls import path

from blogs.views import BlogPostViewSet

urlpatterns = [
    path("blogs", BlogPostViewSet.as_view({"get": "list", "post": "create"}), name="blogs"),
    path(
        "blogs/<int:pk>",
        BlogPostViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
        name="blog",
    ),
]
