"""Logging in to the admin, with every attempt counted."""

import math
from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.attempts import TooManyAttempts
from accounts.counts import TooManyRequests, limit
from accounts.networks import network_of


class LoginForm(AdminAuthenticationForm):
    """Django's; `wait` is how many seconds are left of a delay."""

    wait = 0.0

    def clean(self) -> dict[str, Any]:
        try:
            if self.request:
                limit("login", network_of(self.request))
            return super().clean()
        except (TooManyAttempts, TooManyRequests) as refusal:
            self.wait = refusal.wait or 0
            raise ValidationError(str(refusal)) from refusal


admin.site.login_form = LoginForm


def login(request: HttpRequest) -> HttpResponse:
    """Answer as the admin does, but 429 in a delay."""
    answer = admin.site.login(request)
    if isinstance(answer, TemplateResponse) and (wait := (answer.context_data or {})["form"].wait):
        answer.status_code = 429
        answer.headers["Retry-After"] = str(math.ceil(wait))
    return answer
