"""Pages for a forgotten password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.http import HttpResponse
from django.utils.functional import cached_property

from accounts.attempts import recognise
from accounts.links import read_password_reset_token
from accounts.models import User
from accounts.models.mailbox_field import MailboxValidator
from accounts.new_passwords import MAIL_SENT, ask_for_reset, reset_password
from accounts.pages.form_page import Page
from accounts.passwords import PASSWORD_MAX_LENGTH

CHECK_YOUR_MAIL = "Check your mail"
PASSWORD_SET = "Your password was changed"  # noqa: S105
LOG_IN_AGAIN = "All devices were logged out. Log in with the new password."


class ForgottenPasswordForm(PasswordResetForm):
    """Django's form; the worker sends the mail, and looks only then whose address it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail address"
        self.fields["email"].validators.append(MailboxValidator())

    def save(self, *args: Any, **kwargs: Any) -> None:
        ask_for_reset(self.cleaned_data["email"])


class ForgottenPasswordPage(Page):
    form_class = ForgottenPasswordForm
    title = "Forgotten your password?"
    intro = "Enter your address, and we will send you a link to choose a new one."
    button = "Send the link"
    throttle = "mail"

    def form_valid(self, form: ForgottenPasswordForm) -> HttpResponse:
        form.save()
        return self.notice(CHECK_YOUR_MAIL, f"{MAIL_SENT} The link works for one hour.")


class NewPasswordForm(SetPasswordForm):
    new_password1 = forms.CharField(
        label="New password",
        max_length=PASSWORD_MAX_LENGTH,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )
    new_password2 = forms.CharField(
        label="New password, again",
        max_length=PASSWORD_MAX_LENGTH,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def validate_password_for_user(self, user: User, password_field_name: str = "") -> None:
        """Say what is wrong next to the first field, which lists the rules."""
        super().validate_password_for_user(user, "new_password1")

    def save(self, commit: bool = True) -> None:
        reset_password(self.user, self.cleaned_data["new_password1"])


class NewPasswordPage(Page):
    form_class = NewPasswordForm
    title = "Choose a new password"
    button = "Change password"
    ask_again = "admin_password_reset"

    @cached_property
    def user(self) -> User:
        return read_password_reset_token(self.kwargs["token"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(address=self.user.email, **kwargs)

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        form.save()
        recognise(self.request, self.user.email)
        return self.notice(PASSWORD_SET, LOG_IN_AGAIN, may_log_in_to_admin=self.user.is_staff)
