"""Generations in the admin: panels on the pages of their posts, the house style, and a read-only look at the queue."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django_q import admin as queue
from django_q.models import Failure, OrmQ, Schedule, Success

from blogs.admin.panels import register_panel
from generation.admin.bulk_actions import GenerationBulkPanel
from generation.admin.history import HistoryPanel
from generation.admin.post_page import GenerationPanel
from generation.admin.proposals import ProposalPanel
from generation.admin.warnings import WarningsPanel
from generation.models import HouseStyle

for panel in (ProposalPanel, GenerationPanel, WarningsPanel, HistoryPanel, GenerationBulkPanel):
    register_panel(panel)


@admin.register(HouseStyle)
class HouseStyleAdmin(admin.ModelAdmin):
    """One text for the whole site: it can be edited and emptied, but not deleted or added to."""

    fields = ("text", "updated_at")
    readonly_fields = ("updated_at",)
    list_display = ("__str__", "updated_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not HouseStyle.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly:
    """Editing the queue would bypass the state of the posts: regenerate or cancel posts instead."""

    actions = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


for model, their_admin in (
    (OrmQ, queue.QueueAdmin),
    (Failure, queue.FailAdmin),
    (Success, queue.TaskAdmin),
    (Schedule, queue.ScheduleAdmin),
):
    admin.site.unregister(model)
    admin.site.register(model, type(f"ReadOnly{their_admin.__name__}", (ReadOnly, their_admin), {}))
