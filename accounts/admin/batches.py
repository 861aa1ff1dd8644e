"""Work on many rows in batches, each short enough for any web server's timeout; one's page requests the next."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

BATCH_SECONDS = 4.0
ID_MAX = 2**63 - 1


class Run(forms.Form):
    """A run that was confirmed: up to the newest row that was shown; later ones were not confirmed."""

    until = forms.IntegerField(min_value=0, max_value=ID_MAX)
    done = forms.IntegerField(min_value=0, max_value=ID_MAX, required=False)


def progress_page(
    model_admin: admin.ModelAdmin, request: HttpRequest, title: str, message: str, left: int, **fields: Any
) -> HttpResponse:
    """Return the page that requests the next batch.

    Args:
        message: how far the run has got, in a sentence.
        left: how many rows it still has to do.
        fields: of the next request, with what `Run` needs.
    """
    sent = {"action": "delete_selected", "select_across": request.POST.get("select_across", "0"), "post": "yes"}
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "media": model_admin.media,
        "message": message,
        "done": fields["done"],
        "total": fields["done"] + left,
        "fields": {name: str(value) for name, value in (sent | fields).items()},
        "checkbox": ACTION_CHECKBOX_NAME,
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
    }
    return TemplateResponse(request, "accounts/progress.html", context)
