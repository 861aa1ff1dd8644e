"""Posts in the admin: an editor's changes take the same path as those of the API."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from blogs.admin import columns
from blogs.admin.form import REQUESTING, PostForm
from blogs.admin.history import History
from blogs.admin.live import LivePanel
from blogs.admin.pages import PostPages
from blogs.admin.panels import BulkAction, Panel, panels_of, register_panel
from blogs.admin.revisions import ComparePanel, PreviewPanel, RestorePanel
from blogs.models import BlogPost
from blogs.options import CHOICES, has_model_choice
from blogs.roles import edits_every_post

BRIEF_CHANGED = "Brief changed. Regeneration queued."

for panel in (LivePanel, ComparePanel, PreviewPanel, RestorePanel):
    register_panel(panel)


def current_user(request: HttpRequest) -> User:
    """Return the user of an admin request."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def model_of(post: BlogPost | None) -> tuple[str, ...]:
    """Return the field for a post's model, if there is a choice."""
    return ("model",) if has_model_choice(post.model if post else "") else ()


@admin.register(BlogPost)
class BlogPostAdmin(admin.ModelAdmin):
    """The form and the list; everything else on the posts' pages comes from panels, including those of other apps."""

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

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.pages = PostPages(self)

    @property
    def panels(self) -> list[Panel]:
        return panels_of(self.pages)

    @property
    def actions(self) -> list[BulkAction]:  # type: ignore[override]  # as Django only reads it
        return [action for panel in self.panels for action in panel.bulk_actions()]

    def get_urls(self) -> list[Any]:
        return [*(url for panel in self.panels for url in panel.urls()), *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: BlogPost | None = None) -> Any:
        if obj is None:
            owner = ("owner",) if edits_every_post(current_user(request)) else ()
            return ((None, {"fields": ("title", "brief", *CHOICES, *model_of(obj), *owner)}),)
        return (
            (None, {"fields": ("title", "content", "seen_revision")}),
            ("Brief", {"fields": ("brief", *CHOICES, *model_of(obj))}),
            ("About this post", {"fields": ("owner", "revision", "created_at", "updated_at")}),
        )

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)  # a class of this request's own
        form.user = current_user(request)  # type: ignore[attr-defined]
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk} | super().get_changeform_initial_data(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BlogPost]:
        """Return the posts that this user may know of, without texts where none are shown."""
        posts: QuerySet[BlogPost] = super().get_queryset(request)
        if not edits_every_post(current_user(request)):
            posts = posts.filter(owner=current_user(request))
        is_form = request.resolver_match and request.resolver_match.url_name == "blogs_blogpost_change"
        return posts if is_form else posts.defer("content", "brief")

    def get_list_filter(self, request: HttpRequest) -> Any:
        return self.list_filter if edits_every_post(current_user(request)) else ("status", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: BlogPost | None = None) -> Any:
        return self.readonly_fields if edits_every_post(current_user(request)) else (*self.readonly_fields, "owner")

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
            context |= LivePanel(self.pages).page_context(request, obj)
            context["tools"] = [tool for panel in self.panels for tool in panel.tools(request, obj)]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the revisions of a post above what Django logged about it."""
        post = self.get_object(request, unquote(object_id))
        shown = post and self.has_view_permission(request, post)
        more = History(self.pages).context(request, post) if post and shown else {}
        return super().history_view(request, object_id, more | (extra_context or {}))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> BlogPost | None:
        post: BlogPost | None = super().get_object(request, object_id, from_field)
        if post and request.method == "POST":
            post.lock()  # the row that the form is validated against must not change before it is saved
        return post

    def save_model(self, request: HttpRequest, obj: BlogPost, form: PostForm, change: bool) -> None:
        user = current_user(request)
        if not change:
            obj.owner = form.cleaned_data.get("owner", user)
            obj.submit(requested_by=user)
            return
        obj.lock()  # drops the form's values from `obj`: they go through the API's methods
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        if "owner" in changes:
            obj.owner = changes["owner"]
            obj.save(update_fields=["owner"])
        if {"title", "content"} & changes.keys():
            obj.edit(title=changes.get("title", obj.title), content=changes.get("content", obj.content), author=user)
        if REQUESTING & changes.keys():
            options = {name: changes[name] for name in CHOICES if name in changes}
            brief, model = changes.get("brief", obj.brief), changes.get("model")
            obj.rewrite(title=obj.title, brief=brief, requested_by=user, options=options, model=model)
            self.message_user(request, BRIEF_CHANGED, messages.INFO)

    @admin.display(description="status", ordering="status")
    def state(self, post: BlogPost) -> str:
        return columns.state_in_list(post)

    @admin.display(description="updated", ordering="updated_at")
    def changed(self, post: BlogPost) -> str:
        return columns.changed(post)
