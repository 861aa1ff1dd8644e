"""Generations in the admin, beside their post; and Django-Q2's pages, to look at only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django_q import admin as queue
from django_q.models import Failure, OrmQ, Schedule, Success

from blogs.admin import BlogPostAdmin
from blogs.cells import status_label
from blogs.models import BlogPost
from generation.bulk import BulkActions
from generation.models import Generation, HouseStyle
from generation.writing_desk import WritingDesk


class LookOnly:
    """Editing the queue by hand would go around the state of the posts: regenerate posts instead."""

    actions = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class GenerationInline(LookOnly, admin.TabularInline):
    """How the texts of a post came about, newest first."""

    model = Generation
    fields = ("number", "state", "outcome", "attempts", "not_before", "written_by", "tokens", "cost", "created_at")
    readonly_fields = fields
    classes = ("collapse",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Generation]:
        return super().get_queryset(request).select_related("revision")

    @admin.display(description="status")
    def state(self, generation: Generation) -> str:
        return status_label(generation.status, generation.get_status_display())

    @admin.display(description="outcome")
    def outcome(self, generation: Generation) -> str:
        if generation.failure_code:
            return format_html("<code>{}</code> {}", generation.failure_code, generation.failure_message)
        if generation.landing == Generation.Landing.PROPOSED:
            return format_html(
                "Kept as a proposal: a person had changed the post meanwhile."
                "<details class='text'><summary>Read it</summary><pre>{}</pre></details>",
                generation.content,
            )
        if generation.revision:
            return f"Landed as {generation.revision}."
        return f"{generation.stage} {generation.done}/{generation.total}" if generation.stage else "-"

    @admin.display(description="written by")
    def written_by(self, generation: Generation) -> str:
        return f"{generation.provider}: {generation.model}" if generation.model else "-"

    @admin.display(description="tokens in / out")
    def tokens(self, generation: Generation) -> str:
        return f"{generation.prompt_tokens} / {generation.completion_tokens}"


class PostDesk(BulkActions, WritingDesk, BlogPostAdmin):
    """Posts with what is known here of how they are written."""

    inlines = (GenerationInline, *BlogPostAdmin.inlines)


admin.site.unregister(BlogPost)
admin.site.register(BlogPost, PostDesk)


@admin.register(HouseStyle)
class HouseStyleAdmin(admin.ModelAdmin):
    """One text for the whole site: it can be changed and emptied, and there is never a second."""

    fields = ("text", "updated_at")
    readonly_fields = ("updated_at",)
    list_display = ("__str__", "updated_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not HouseStyle.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


for model, theirs in (
    (OrmQ, queue.QueueAdmin),
    (Failure, queue.FailAdmin),
    (Success, queue.TaskAdmin),
    (Schedule, queue.ScheduleAdmin),
):
    admin.site.unregister(model)
    admin.site.register(model, type(f"LookOnly{theirs.__name__}", (LookOnly, theirs), {}))
