"""Generations in the admin, beside their post; and Django-Q2's pages, to look at only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django_q import admin as queue
from django_q.models import Failure, OrmQ, Schedule, Success

from blogs.models import BlogPost
from generation.admin.bulk_actions import BulkActions
from generation.admin.history import WritersPast
from generation.admin.post_page import WritingDesk
from generation.admin.proposals import ProposalPages
from generation.models import HouseStyle


class LookOnly:
    """Editing the queue by hand would go around the state of the posts: regenerate posts instead."""

    actions = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PostDesk(BulkActions, WritingDesk, ProposalPages, WritersPast):
    """Posts with what is known here of how they are written."""


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
