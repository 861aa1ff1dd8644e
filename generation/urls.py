from django.urls import path

from generation.api import exports  # noqa: F401 (adds its part)
from generation.api.drafts import DraftViewSet
from generation.api.views import GenerationViewSet

urlpatterns = [
    path("blogs/<int:pk>/draft", DraftViewSet.as_view({"get": "retrieve", "patch": "partial_update"}), name="draft"),
    path("blogs/<int:pk>/generations", GenerationViewSet.as_view({"get": "list"}), name="generations"),
    path("blogs/<int:pk>/generations/<int:number>", GenerationViewSet.as_view({"get": "retrieve"}), name="generation"),
    path("blogs/<int:pk>/generations/<int:number>/accept", GenerationViewSet.as_view({"post": "accept"})),
    path("blogs/<int:pk>/generations/<int:number>/discard", GenerationViewSet.as_view({"post": "discard"})),
    path("blogs/<int:pk>/regenerate", GenerationViewSet.as_view({"post": "regenerate"})),
    path("blogs/<int:pk>/cancel", GenerationViewSet.as_view({"post": "cancel"})),
]
