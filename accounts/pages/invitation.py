"""The page of an invitation: choose a password, and the account is there."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.functional import cached_property

from accounts.models import Invitation, User
from accounts.pages.form_page import Page
from accounts.pages.passwords import NewPasswordForm
from accounts.registration import AddressTaken, find_invitation, is_taken, register
from accounts.verification import needs_verification

WELCOME = "Your account is ready"
LOG_IN = "You can log in as {address}: press “Authorize” in the documentation, and send your first request."
HAS_ACCOUNT = "This address has an account already. Log in with it; this invitation is not needed."
VERIFY_NEXT = " One more thing: follow the link in the mail to this address before you request posts."
INTRO = "You were invited to write here. This link works once, until {until:%-d %B %Y, %H:%M} UTC."


class FirstPasswordForm(NewPasswordForm):
    """The password of an account that is not there yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = "Password"
        self.fields["new_password2"].label = "Password, again"


class InvitationPage(Page):
    form_class: type[forms.Form] = FirstPasswordForm
    title = "Create your account"
    button = "Create account"
    throttle = "register"

    @cached_property
    def invitation(self) -> Invitation:
        invitation, _ = find_invitation(self.kwargs["token"])
        if is_taken(invitation.email):
            raise AddressTaken(HAS_ACCOUNT)
        return invitation

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": User(email=self.invitation.email)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"intro": INTRO.format(until=self.invitation.expires_at), "address": self.invitation.email}
        return super().get_context_data(**shown | kwargs)

    def form_valid(self, form: FirstPasswordForm) -> HttpResponse:
        user = register(self.invitation.email, form.cleaned_data["new_password1"], self.kwargs["token"])
        next_step = VERIFY_NEXT if needs_verification(user) else ""
        return self.notice(WELCOME, LOG_IN.format(address=user.email) + next_step, shows_documentation=True)
