"""Mail that waits or could not be sent, in the admin: to look at, and to send again once the cause is fixed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import OutgoingMail

SEND_AGAIN = "Send selected mail now"


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin):
    """A list without pages of its own: there is no text and no link to show before a mail is sent."""

    list_display = ("kind", "to", "attempts", "error", "created_at", "not_before")
    list_display_links = None
    list_filter = ("kind",)
    search_fields = ("to",)
    actions = ("send_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_send_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    @admin.action(description=SEND_AGAIN, permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        queryset.update(attempts=0, not_before=timezone.now())
