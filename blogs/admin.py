"""Posts in the admin: an editor's changes take the same way as those of the API."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.text import Truncator

from blogs.models import BlogPost, Revision, Status
from blogs.options import CHOICES

SHORT = 70  # characters of a failure's message in the list; the rest on hovering and on the post's page


@dataclass(frozen=True)
class Tool:
    """A link beside "History" at the top of a post's page."""

    label: str
    url: str


def status_label(status: str, words: str) -> str:
    return format_html('<span class="status-label {}">{}</span>', status, words)


class PlainTextField(forms.CharField):
    """Text as it is: browsers send other line ends than they were given, which is not a change."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"required": False, "strip": False})

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.to_python(initial), data)


class PostForm(forms.ModelForm):
    """Carries the revision that the editor saw, so that no newer text is overwritten unseen."""

    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        field_classes: ClassVar = {"content": PlainTextField, "brief": PlainTextField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_revision"].initial = self.instance.revision

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        seen = cleaned.get("seen_revision")
        if self.instance.pk and {"title", "content"} & set(self.changed_data) and seen != self.instance.revision:
            raise ValidationError(
                "A newer text went live while you were editing (revision %(live)s; you started from %(seen)s). "
                "Nothing was saved. Copy what you want to keep of your text, then open the post again.",
                params={"live": self.instance.revision, "seen": seen},
            )
        return cleaned


class RevisionInline(admin.TabularInline):
    """Every text that was live, newest first."""

    model = Revision
    fields = ("number", "source", "author", "title", "text", "created_at")
    readonly_fields = fields
    classes = ("collapse",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display
    def text(self, revision: Revision) -> str:
        return format_html(
            "<details class='text'><summary>{} words</summary><pre>{}</pre></details>",
            len(revision.content.split()),
            revision.content,
        )


@admin.register(BlogPost)
class BlogPostAdmin(admin.ModelAdmin):
    form = PostForm
    list_display = ("title", "state", "failure_in_short", "owner", "changed")
    list_filter = ("status", ("owner", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("owner",)
    list_per_page = 50
    search_fields = ("title", "owner__email")
    ordering = ("-id",)
    date_hierarchy = "created_at"
    autocomplete_fields = ("owner",)
    actions = ("regenerate", "retry_failed")
    inlines: ClassVar[Any] = (RevisionInline,)
    readonly_fields = ("state", "failure_reason", "revision", "created_at", "updated_at")

    class Media:
        css: ClassVar = {"all": ["blogs/admin.css"]}

    def get_fieldsets(self, request: HttpRequest, obj: BlogPost | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("title", "brief", *CHOICES, "owner")}),)
        return (
            (None, {"fields": ("state", "failure_reason", "title", "content", "seen_revision")}),
            ("Brief", {"fields": ("brief", *CHOICES)}),
            ("About this post", {"fields": ("owner", "revision", "created_at", "updated_at")}),
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk} | super().get_changeform_initial_data(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BlogPost]:
        posts = super().get_queryset(request)
        is_list = request.resolver_match and request.resolver_match.url_name == "blogs_blogpost_changelist"
        return posts.defer("content", "brief") if is_list else posts

    def get_inlines(self, request: HttpRequest, obj: BlogPost | None) -> Any:
        return self.inlines if obj else ()

    def tools(self, request: HttpRequest, post: BlogPost) -> list[Tool]:
        """Return what `post`'s page links to; rooms that know more add theirs to `super().tools(...)`."""
        return []

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
            context["tools"] = self.tools(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> BlogPost | None:
        post: BlogPost | None = super().get_object(request, object_id, from_field)
        if post and request.method == "POST":
            post.lock()  # what the form is checked against stays until it is saved
        return post

    def save_model(self, request: HttpRequest, obj: BlogPost, form: PostForm, change: bool) -> None:
        user: Any = request.user
        if not change:
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
        return status_label(post.status, Status(post.status).label)

    @admin.display(description="failure")
    def failure_in_short(self, post: BlogPost) -> str:
        if not post.failure:
            return "-"
        message = post.failure["message"]
        return format_html(
            '<code>{}</code><br><span title="{}">{}</span>',
            post.failure["code"],
            message,
            Truncator(message).chars(SHORT),
        )

    @admin.display(description="updated", ordering="updated_at")
    def changed(self, post: BlogPost) -> str:
        moment = f"{post.updated_at:%Y-%m-%d %H:%M:%S} UTC"
        return format_html('<span title="{}">{}</span>', moment, naturaltime(post.updated_at))

    @admin.display(description="failure")
    def failure_reason(self, post: BlogPost) -> str:
        if not post.failure:
            return "-"
        return format_html("<code>{}</code> {}", post.failure["code"], post.failure["message"])

    @admin.action(description="Regenerate selected posts", permissions=["change"])
    def regenerate(self, request: HttpRequest, posts: QuerySet[BlogPost]) -> None:
        self.ask_for(request, list(posts))

    @admin.action(description="Retry failed ones among selected posts", permissions=["change"])
    def retry_failed(self, request: HttpRequest, posts: QuerySet[BlogPost]) -> None:
        self.ask_for(request, list(posts.filter(status=Status.FAILED)))

    def ask_for(self, request: HttpRequest, posts: list[BlogPost]) -> None:
        user: Any = request.user
        for post in posts:
            post.request_generation(requested_by=user)
        if posts:
            self.message_user(request, f"Posts that are being written anew: {len(posts)}.", messages.SUCCESS)
        else:
            self.message_user(request, "None of the selected posts has failed.", messages.WARNING)
