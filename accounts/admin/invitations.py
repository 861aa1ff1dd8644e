"""Invitations in the admin: made, handed over, revoked; never changed."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.links import invitation_link
from accounts.mail.outbox import post_mail
from accounts.models import Invitation, OutgoingMail
from accounts.models.invitation import InvitationState
from accounts.registration import why_not_invite

MADE = "Invitation created. Copy the link below: it works once, for seven days."
MAILED = "Invitation created. A mail with a link is on its way; you can also hand over the link below."
NOT_MAILED = "Invitation created, but not mailed: this address has had too many in an hour. Hand over the link below."
NOT_PENDING = "None: this invitation was used or has expired."


class InvitationForm(forms.ModelForm):
    send = forms.BooleanField(label="Send the link by mail", required=False)

    class Meta:
        model = Invitation
        fields = ("email",)

    def clean_email(self) -> str:
        email: str = Invitation._meta.get_field("email").to_python(self.cleaned_data["email"])
        if reason := why_not_invite(email):
            raise forms.ValidationError(reason)
        return email


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    form = InvitationForm
    list_display = ("email", "created_by", "state", "expires_at")
    list_select_related = ("created_by",)
    search_fields = ("email",)
    readonly_fields = ("state", "link_to_copy", "created_by", "created_at", "expires_at", "used_by", "used_at")

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        # Whoever may make invitations may have the link of one.
        link = ("link_to_copy",) if self.has_add_permission(request) else ()
        shown = ("email", "state", *link, "created_by", "created_at", "expires_at", "used_by", "used_at")
        return ((None, {"fields": shown if obj else ("email", "send")}),)

    def save_model(self, request: HttpRequest, obj: Invitation, form: InvitationForm, change: bool) -> None:
        user: Any = request.user
        obj.created_by = user
        super().save_model(request, obj, form, change)
        text, level = MADE, messages.SUCCESS
        if form.cleaned_data["send"]:
            is_mailed = post_mail(OutgoingMail.Kind.INVITATION, obj.email, invitation=obj.pk)
            text, level = (MAILED, messages.SUCCESS) if is_mailed else (NOT_MAILED, messages.WARNING)
        self.message_user(request, text, level)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Offer one button: each invitation is shown with its link once it is saved."""
        one_button = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, one_button | (extra_context or {}))

    def response_add(self, request: HttpRequest, obj: Invitation, post_url_continue: str | None = None) -> HttpResponse:
        """Show the invitation with its link."""
        return HttpResponseRedirect(reverse("admin:accounts_invitation_change", args=[obj.pk]))

    @admin.display(description="link")
    def link_to_copy(self, invitation: Invitation) -> SafeString | str:
        if invitation.state != InvitationState.PENDING:
            return NOT_PENDING
        link = invitation_link(invitation.pk)
        return format_html('<textarea rows="3" cols="60" readonly aria-label="Link">{}</textarea>', link)
