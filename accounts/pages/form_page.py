"""What all pages share: one form or one button, headers that keep the link secret, one page for links that do not work.

There are no sessions here: whoever has the link is who it was sent to.
"""

import math
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts.counts import limit
from accounts.networks import network_of
from accounts.refusals import Refusal

REFUSED = "This did not work"


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Page(FormView):
    """A page with a form, which `form_valid` answers with `done`. A refusal, from anywhere, gets a page of its own.

    Subclasses set `title`, `button`, perhaps `intro`, `form_class` unless there is only the button, and the name of the
    page where one asks for another link. What is submitted counts for `throttle`, one of settings.THROTTLES.
    """

    template_name = "accounts/form_page.html"
    form_class: type[forms.Form] = forms.Form
    title = button = intro = ask_again = ""
    throttle = "login"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if request.method not in ("GET", "HEAD", "OPTIONS"):
                limit(self.throttle, network_of(request))
            response = super().dispatch(request, *args, **kwargs)
        except Refusal as refusal:
            more = {"ask_again": self.ask_again, "again": "" if refusal.wait is None else request.path}
            response = self.notice(REFUSED, str(refusal), status=refusal.status, **more)
            if refusal.wait is not None:
                response.headers["Retry-After"] = str(math.ceil(refusal.wait))
        patch_cache_control(response, no_store=True)
        # `no-referrer` would make browsers send `Origin: null`, which Django's CSRF check refuses. This one keeps the
        # path, which holds the token, from everybody, ourselves included.
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "label_suffix": ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = {"title": self.title, "intro": self.intro, "button": self.button}
        return super().get_context_data(**page | kwargs)

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def notice(self, title: str, text: str, *, status: int = 200, **more: Any) -> HttpResponse:
        """Return a page that says how something ended."""
        context = {"title": title, "text": text, "is_error": status >= 400, **more}
        return render(self.request, "accounts/notice.html", context, status=status)
