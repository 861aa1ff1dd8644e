"""Posts in the admin: an editor's changes take the same path as those of the API."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User
from accounts.refusals import Refusal
from blogs.admin import columns
from blogs.admin.bulk_delete import BulkDeletePanel
from blogs.admin.bulk_publish import BulkPublishPanel
from blogs.admin.form import REQUESTING, PostForm
from blogs.admin.history import History
from blogs.admin.live import LivePanel
from blogs.admin.pages import PostPages, current_user
from blogs.admin.panels import BulkAction, Panel, panels_of, register_panel
from blogs.admin.releases import ReleasePanel
from blogs.admin.revisions import ComparePanel, DeleteRevisionPanel, PreviewPanel, RestorePanel
from blogs.models import BlogPost
from blogs.models.folding import fold
from blogs.options import CHOICES, has_model_choice
from blogs.roles import Action, may, may_all, may_some, reach

BRIEF_CHANGED = "Brief changed. Regeneration queued."
REFUSAL = "_generation_refusal"  # the attribute of a request that keeps it

# Pages that show posts in a list.
LISTS = ("blogs_blogpost_changelist", "blogs_blogpost_live_list")
# Those that take the right to delete
DELETIONS = ("blogs_blogpost_delete", "blogs_blogpost_delete_revision")

for panel in (
    LivePanel,
    ReleasePanel,
    BulkPublishPanel,
    BulkDeletePanel,
    ComparePanel,
    PreviewPanel,
    RestorePanel,
    DeleteRevisionPanel,
):
    register_panel(panel)


def model_of(post: BlogPost | None) -> tuple[str, ...]:
    """Return the field for a post's model, if there is a choice."""
    return ("model",) if has_model_choice(post.model if post else "") else ()


@admin.register(BlogPost)
class BlogPostAdmin(admin.ModelAdmin):
    """The form and the list; everything else on the posts' pages comes from panels, including those of other apps."""

    form = PostForm
    list_display = ("title", "state", "review", "owner", "changed")
    list_filter = ("status", "created_at", ("owner", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("owner",)
    list_per_page = 100
    search_fields = ("title", "owner__email")
    ordering = ("-id",)
    empty_value_display = "nobody"  # the owner alone may be missing
    autocomplete_fields = ("owner",)
    readonly_fields = ("title_of_brief", "revision", "created_at", "updated_at")

    class Media:
        css: ClassVar = {"all": ["blogs/admin.css"]}
        js: ClassVar = [
            Script("blogs/live_list.js", type="module"),
            Script("blogs/live_post.js", type="module"),
            Script("blogs/unsaved.js", type="module"),
        ]

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
            owner = ("owner",) if may_all(current_user(request), Action.CHANGE) else ()
            return ((None, {"fields": ("title", "brief", *CHOICES, *model_of(obj), "content", *owner)}),)
        return (
            (None, {"fields": ("title", "content", "seen_revision")}),
            ("Brief", {"fields": ("title_of_brief", "brief", *CHOICES, *model_of(obj))}),
            ("About this post", {"fields": ("owner", "revision", "created_at", "updated_at")}),
        )

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)  # a class of this request's own
        form.user = current_user(request)  # type: ignore[attr-defined]
        form.refusal = getattr(request, REFUSAL, None)  # type: ignore[attr-defined]
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Save the form; if that requests a text and is refused, nothing is saved and the form stays, saying why."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refusal as refusal:
            setattr(request, REFUSAL, refusal)
            return super().changeform_view(request, *args, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return the form's first values: of the address, whose owner is a number, else the user."""
        values = super().get_changeform_initial_data(request)
        owner = str(values.get("owner", ""))
        return values | {"owner": owner if owner.isdecimal() and len(owner) < 19 else request.user.pk}

    def get_queryset(self, request: HttpRequest) -> QuerySet[BlogPost]:
        """Return the posts that this user has a right to, without texts where none are shown.

        Raises:
            PermissionDenied: there can be none.
        """
        page = request.resolver_match.url_name if request.resolver_match else ""
        action = Action.DELETE if page in DELETIONS else Action.VIEW
        if not self.has_right(request, action, None):
            raise PermissionDenied
        posts = reach(current_user(request), action, super().get_queryset(request))
        if page in LISTS:
            for panel in self.panels:
                posts = panel.join_posts(posts)
        return posts if page == "blogs_blogpost_change" else posts.defer("content", "brief")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[BlogPost], search_term: str
    ) -> tuple[QuerySet[BlogPost], bool]:
        """Search public titles without their case too: databases fold that of different letters."""
        found, has_duplicates = super().get_search_results(request, queryset, search_term)
        if part := fold(search_term.strip()):
            found |= queryset.filter(folded_title__contains=part)
        return found, has_duplicates

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) or self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: BlogPost | None = None) -> bool:
        return self.has_right(request, Action.VIEW, obj)

    def has_change_permission(self, request: HttpRequest, obj: BlogPost | None = None) -> bool:
        return self.has_right(request, Action.CHANGE, obj)

    def has_delete_permission(self, request: HttpRequest, obj: BlogPost | None = None) -> bool:
        return self.has_right(request, Action.DELETE, obj)

    def has_right(self, request: HttpRequest, action: Action, post: BlogPost | None) -> bool:
        """Return whether the user has a right to the post, or without one whether there may be such posts."""
        user = request.user
        if not isinstance(user, User):  # the log-in page lists what a visitor may see
            return False
        return may(user, action, post) if post else may_some(user, action)

    def get_list_filter(self, request: HttpRequest) -> Any:
        shown = self.list_filter if may_all(current_user(request), Action.VIEW) else ("status", "created_at")
        return [kind for panel in self.panels for kind in panel.list_filters()] + [*shown]

    def get_readonly_fields(self, request: HttpRequest, obj: BlogPost | None = None) -> Any:
        may_hand_over = may_all(current_user(request), Action.CHANGE)
        return self.readonly_fields if may_hand_over else (*self.readonly_fields, "owner")

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
            if obj.content:
                obj.submit_own_text(obj.content, author=user)
            else:
                obj.submit(requested_by=user)
            return
        obj.lock()  # drops the form's values from `obj`: they go through the API's methods
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        if "owner" in changes:
            obj.owner = changes["owner"]
            obj.save(update_fields=["owner"])
        if {"title", "content"} & changes.keys():
            title, content = changes.get("title", obj.title), changes.get("content", obj.content)
            # The form takes no text from an editor who has not seen the live one.
            obj.edit(title=title, content=content, author=user, is_named=True)
        if REQUESTING & changes.keys():
            options = {name: changes[name] for name in CHOICES if name in changes}
            brief, model = changes.get("brief", obj.brief), changes.get("model")
            obj.rewrite(title=obj.brief_title, brief=brief, requested_by=user, options=options, model=model)
            self.message_user(request, BRIEF_CHANGED, messages.INFO)

    def view_on_site(self, post: BlogPost) -> str | None:
        """Return where readers see the post; None if they do not."""
        return reverse("blog", args=[post.pk]) if post.is_released or post.shows_newest else None

    @admin.display(description="title")
    def title_of_brief(self, post: BlogPost) -> str:
        return post.brief_title

    @admin.display(description="status", ordering="status")
    def state(self, post: BlogPost) -> str:
        return columns.state_in_list(post)

    @admin.display(description="review")
    def review(self, post: BlogPost) -> str:
        return columns.review(post, self.panels)

    @admin.display(description="updated", ordering="updated_at")
    def changed(self, post: BlogPost) -> str:
        return columns.changed(post)
