"""Mail that waits or could not be sent, in the admin: to look at, and to send again once the cause is fixed."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.mail.sender import MOST_ATTEMPTS
from accounts.models import OutgoingMail

SEND_AGAIN = "Send selected mail now"
QUEUED = "Mails that are sent next: {:,}. Those that fail again are listed here."
GIVEN_UP = "none: given up"


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin):
    """A list without pages of its own: there is no text and no link to show before a mail is sent."""

    list_display = ("kind", "to", "created_at", "attempts", "next_attempt", "error")
    list_display_links = None
    search_fields = ("to", "kind", "error")
    actions = ("send_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_send_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    @admin.action(description=SEND_AGAIN, permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        number = queryset.update(attempts=0, not_before=timezone.now())
        self.message_user(request, QUEUED.format(number), messages.SUCCESS)

    @admin.display(description="next attempt", ordering="not_before")
    def next_attempt(self, mail: OutgoingMail) -> datetime | str:
        return mail.not_before if mail.attempts < MOST_ATTEMPTS else GIVEN_UP
