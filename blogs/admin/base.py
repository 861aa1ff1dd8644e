"""The post that a page of the admin is about."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from blogs.models import ID_MAX, BlogPost


class PostPages(admin.ModelAdmin):
    def shown(self, request: HttpRequest, pk: int) -> BlogPost:
        """Return the post of a page that changes nothing.

        Raises:
            Http404, PermissionDenied.
        """
        post: BlogPost | None = self.get_queryset(request).filter(pk=min(pk, ID_MAX)).first()
        if post is None:
            raise Http404
        if not self.has_view_permission(request, post):
            raise PermissionDenied
        return post

    def changeable(self, request: HttpRequest, pk: int) -> BlogPost:
        """Return the post with its row locked.

        Raises:
            Http404, PermissionDenied.
        """
        post: BlogPost | None = self.get_queryset(request).select_for_update().filter(pk=min(pk, ID_MAX)).first()
        if post is None:
            raise Http404
        if not self.has_change_permission(request, post):
            raise PermissionDenied
        return post
