"""The page that verifies an address: whoever follows the link must know the account's password."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from accounts.attempts import WrongPassword, confirm_password
from accounts.links import verification_in
from accounts.models import User
from accounts.pages.form_page import Page
from accounts.verification import VerificationNotValid, verify

DONE, NEXT = "Your address is verified", "You may request posts now."
APPROVAL_NEXT = "You may request posts once an administrator has approved your account."
NOT_THIS_ONE = (
    "This is not the account's password. If you did not register, do nothing: nobody can use your address without "
    "this step. If you did, and this is not your password, somebody registered your address after you: register again."
)
EXPIRED = (
    "This link has expired, or its account is gone. Log in and request another mail at /api/v1/verify/resend, or "
    "register again."
)


class PasswordForm(forms.Form):
    password = forms.CharField(
        label="Password of this account",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class VerificationPage(Page):
    form_class: type[forms.Form] = PasswordForm
    title = "Verify your address"
    intro = "Somebody registered this address. If it was you, confirm it with the password that you chose then."
    button = "Verify"

    @cached_property
    def account(self) -> User:
        user_id, email = verification_in(self.kwargs["token"]) or (0, "")
        user = User.objects.filter(pk=user_id, email=email, is_active=True).first()
        if user is None:
            raise VerificationNotValid(EXPIRED)
        return user

    def verified(self) -> HttpResponse:
        return self.notice(DONE, NEXT if self.account.is_approved else APPROVAL_NEXT)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.account.verified_at:
            return self.verified()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(address=self.account.email, **kwargs)

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        try:
            confirm_password(self.request, self.account, form.cleaned_data["password"])
        except WrongPassword:
            form.add_error("password", NOT_THIS_ONE)
            return self.form_invalid(form)
        verify(self.account, self.kwargs["token"])
        return self.verified()
