"""The page of an invitation: choose a password, and the account is there."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.views.generic import View

from accounts.models import Invitation, User
from accounts.pages.base import show
from accounts.refusals import Refusal
from accounts.registration import AddressTaken, InvitationNotValid, find_invitation, is_taken, register
from accounts.verification import needs_verification

TITLE, WELCOME, REFUSED = "Create your account", "Your account is ready", "This link does not work"
HAS_ACCOUNT = "This address has an account already. Log in with it; this invitation is not needed."
VERIFY_NEXT = "One more thing: follow the link in the mail to this address before you request posts."


class PasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """The password of an account that is not there yet."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["new_password1"].label = "Password"
        self.fields["new_password2"].label = "Password again"
        for field in self.fields.values():
            field.widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})


class InvitationView(View):
    def dispatch(self, request: HttpRequest, token: str) -> Any:
        """Show the form, or why the invitation cannot be accepted."""
        try:
            invitation, _ = find_invitation(token)
            if is_taken(invitation.email):
                raise AddressTaken
            return super().dispatch(request, invitation, token)
        except AddressTaken:
            return show(request, REFUSED, status=409, text=HAS_ACCOUNT)
        except InvitationNotValid as refusal:
            return show(request, REFUSED, status=410, text=str(refusal))
        except Refusal as refusal:
            return show(request, REFUSED, status=refusal.status, text=str(refusal))

    def get(self, request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
        return self.form(request, invitation, PasswordForm(User(email=invitation.email)))

    def post(self, request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
        form = PasswordForm(User(email=invitation.email), request.POST)
        if not form.is_valid():
            return self.form(request, invitation, form, status=400)
        user = register(invitation.email, form.cleaned_data["new_password1"], token)
        next_step = VERIFY_NEXT if needs_verification(user) else ""
        return show(request, WELCOME, "accounts/welcome.html", user=user, next_step=next_step)

    def form(self, request: HttpRequest, invitation: Invitation, form: PasswordForm, status: int = 200) -> HttpResponse:
        return show(request, TITLE, "accounts/invitation.html", status=status, form=form, invitation=invitation)
