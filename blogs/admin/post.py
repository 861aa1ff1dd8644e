"""Posts in the admin: an editor's changes take the same way as those of the API."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User
from blogs.admin import columns
from blogs.admin.form import PostForm
from blogs.admin.history import PostHistory
from blogs.admin.live import LivePosts
from blogs.models import BlogPost
from blogs.options import CHOICES
from blogs.roles import edits_every_post

PAGES_WITH_TEXTS = ("blogs_blogpost_change", "blogs_blogpost_preview", "generation_proposal")


@dataclass(frozen=True)
class Tool:
    """A link beside "History" at the top of a post's page."""

    label: str
    url: str


def person(request: HttpRequest) -> User:
    """Return who uses the admin; it lets nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@admin.register(BlogPost)
class BlogPostAdmin(PostHistory, LivePosts):
    form = PostForm
    list_display = ("title", "state", "owner", "changed")
    list_filter = ("status", "created_at", ("owner", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("owner",)
    list_per_page = 100
    search_fields = ("title", "owner__email")
    ordering = ("-id",)
    autocomplete_fields = ("owner",)
    readonly_fields = ("revision", "created_at", "updated_at")

    class Media:
        css: ClassVar = {"all": ["blogs/admin.css"]}
        js: ClassVar = [Script("blogs/live_list.js", type="module"), Script("blogs/live_post.js", type="module")]

    def get_fieldsets(self, request: HttpRequest, obj: BlogPost | None = None) -> Any:
        if obj is None:
            owner = ("owner",) if edits_every_post(person(request)) else ()
            return ((None, {"fields": ("title", "brief", *CHOICES, *owner)}),)
        return (
            (None, {"fields": ("title", "content", "seen_revision")}),
            ("Brief", {"fields": ("brief", *CHOICES)}),
            ("About this post", {"fields": ("owner", "revision", "created_at", "updated_at")}),
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk} | super().get_changeform_initial_data(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BlogPost]:
        """Return the posts that this user may know of, without texts where none are shown."""
        posts: QuerySet[BlogPost] = super().get_queryset(request)
        if not edits_every_post(person(request)):
            posts = posts.filter(owner=person(request))
        page = request.resolver_match.url_name if request.resolver_match else None
        return posts if page in PAGES_WITH_TEXTS else posts.defer("content", "brief")

    def get_list_filter(self, request: HttpRequest) -> Any:
        return self.list_filter if edits_every_post(person(request)) else ("status", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: BlogPost | None = None) -> Any:
        return self.readonly_fields if edits_every_post(person(request)) else (*self.readonly_fields, "owner")

    def tools(self, request: HttpRequest, post: BlogPost) -> list[Tool]:
        """Return what `post`'s page links to; rooms that know more add theirs to `super().tools(...)`."""
        return [Tool("Preview", reverse("admin:blogs_blogpost_preview", args=[post.pk]))]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: BlogPost | None = None,
    ) -> HttpResponse:
        if obj:
            context |= {"tools": self.tools(request, obj), **self.live_context(request, obj)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> BlogPost | None:
        post: BlogPost | None = super().get_object(request, object_id, from_field)
        if post and request.method == "POST":
            post.lock()  # what the form is checked against stays until it is saved
        return post

    def save_model(self, request: HttpRequest, obj: BlogPost, form: PostForm, change: bool) -> None:
        user = person(request)
        if not change:
            obj.owner = form.cleaned_data.get("owner", user)
            obj.submit(requested_by=user)
            return
        obj.lock()  # the form has put its values into `obj`; they are to take the way of the API
        wanted = {name: form.cleaned_data[name] for name in form.changed_data}
        if "owner" in wanted:
            obj.owner = wanted["owner"]
            obj.save(update_fields=["owner"])
        if {"title", "content"} & wanted.keys():
            obj.edit(title=wanted.get("title", obj.title), content=wanted.get("content", obj.content), author=user)
        if {"brief", *CHOICES} & wanted.keys():
            options = {name: wanted[name] for name in CHOICES if name in wanted}
            obj.rewrite(title=obj.title, brief=wanted.get("brief", obj.brief), requested_by=user, options=options)
            self.message_user(request, "The brief has changed: the post is being written anew.", messages.INFO)

    @admin.display(description="status", ordering="status")
    def state(self, post: BlogPost) -> str:
        return columns.state_in_list(post)

    @admin.display(description="updated", ordering="updated_at")
    def changed(self, post: BlogPost) -> str:
        return columns.changed(post)
