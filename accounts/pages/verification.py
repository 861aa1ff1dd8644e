"""The page that verifies an address: whoever follows the link must know the account's password."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.generic import View

from accounts.attempts import TooManyAttempts, WrongPassword, confirm_password
from accounts.links import verification_in
from accounts.models import User
from accounts.pages.base import show
from accounts.verification import VerificationNotValid, verify

TITLE, DONE, REFUSED = "Verify your address", "Your address is verified", "This link does not work"
NEXT = "You may request posts now."
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


class VerificationView(View):
    def dispatch(self, request: HttpRequest, token: str) -> Any:
        """Show the form, or that the link is not valid any more."""
        user_id, email = verification_in(token) or (0, "")
        user = User.objects.filter(pk=user_id, email=email, is_active=True).first()
        if user is None:
            return show(request, REFUSED, status=410, text=EXPIRED)
        if user.verified_at:
            return show(request, DONE, text=NEXT)
        return super().dispatch(request, user, token)

    def get(self, request: HttpRequest, user: User, token: str) -> HttpResponse:
        return self.form(request, user, PasswordForm())

    def post(self, request: HttpRequest, user: User, token: str) -> HttpResponse:
        form = PasswordForm(request.POST)
        if not form.is_valid():
            return self.form(request, user, form, status=400)
        try:
            confirm_password(request, user, form.cleaned_data["password"])
            verify(user, token)
        except WrongPassword:
            form.add_error("password", NOT_THIS_ONE)
            return self.form(request, user, form, status=400)
        except TooManyAttempts as refusal:
            form.add_error("password", str(refusal))
            answer = self.form(request, user, form, status=refusal.status)
            answer.headers["Retry-After"] = str(round(refusal.wait or 1))
            return answer
        except VerificationNotValid:  # the account ended meanwhile, or has another password
            return show(request, REFUSED, status=410, text=EXPIRED)
        return show(request, DONE, text=NEXT)

    def form(self, request: HttpRequest, user: User, form: PasswordForm, status: int = 200) -> HttpResponse:
        return show(request, TITLE, "accounts/verification.html", status=status, form=form, account=user)
