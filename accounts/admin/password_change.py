"""Changing one's own password in the admin, with every attempt at the old one counted."""

import math
from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy

from accounts.attempts import TooManyAttempts, WrongPassword, confirm_password
from accounts.mail.outbox import post_mail
from accounts.models import OutgoingMail


class PasswordChangeForm(AdminPasswordChangeForm):
    """Django's; `wait` is how many seconds are left of a delay."""

    wait = 0.0

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        try:
            confirm_password(self.request, self.user, old)
        except WrongPassword as error:
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect") from error
        except TooManyAttempts as refusal:
            self.wait = refusal.wait or 0
            raise ValidationError(str(refusal)) from refusal
        return old

    def save(self, commit: bool = True) -> Any:
        post_mail(OutgoingMail.Kind.PASSWORD_CHANGED, self.user.email, self.user)
        return super().save(commit)


class PasswordChange(PasswordChangeView):
    form_class = PasswordChangeForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | admin.site.each_context(self.request)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        answer = super().render_to_response(context, **kwargs)
        if wait := context["form"].wait:
            answer.status_code = 429
            answer.headers["Retry-After"] = str(math.ceil(wait))
        return answer


def password_change(request: HttpRequest) -> HttpResponseBase:
    request.current_app = admin.site.name  # as Django's admin does
    view = admin.site.admin_view(PasswordChange.as_view(), cacheable=True)
    return view(request)
