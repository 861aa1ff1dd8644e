"""Deletion of what is selected in any list of the admin that asks nothing more."""

import time
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.admin.batches import BATCH_SECONDS, Run, progress_page

PIECE = 100  # rows in one transaction
DELETED = "Deleted: {number:,} {what}."
PROGRESS = "Deleted: {done:,} of {total:,} {what}."
NONE = "What was selected is gone already."
TITLE = "Delete these?"


class Confirmation(Run):
    post = forms.CharField()


@admin.action(description="Delete selected %(verbose_name_plural)s", permissions=["delete"])
def delete_selected(
    model_admin: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet[Model]
) -> HttpResponse | None:
    """Ask, then delete in pieces, and in more than one request if it takes long.

    In the place of Django's, which sends every id along: a form has at most 1,000 fields.
    """
    chosen = chosen.order_by("pk")
    confirmation = Confirmation(request.POST)
    if not confirmation.is_valid():
        return ask(model_admin, request, chosen)
    until, done = confirmation.cleaned_data["until"], confirmation.cleaned_data["done"] or 0
    rows, ends_at = chosen.filter(pk__lte=until), time.monotonic() + BATCH_SECONDS
    while keys := list(rows.values_list("pk", flat=True)[:PIECE]):
        delete(model_admin, request, rows.model._default_manager.filter(pk__in=keys))
        done += len(keys)
        rows = rows.filter(pk__gt=keys[-1])
        if time.monotonic() > ends_at and (left := rows.count()):
            what = model_ngettext(model_admin.opts, done + left)
            message = PROGRESS.format(done=done, total=done + left, what=what)
            return progress_page(model_admin, request, TITLE, message, left, until=until, done=done)
    what = model_ngettext(model_admin.opts, done)
    model_admin.message_user(request, DELETED.format(number=done, what=what), messages.SUCCESS)
    return None


def delete(model_admin: admin.ModelAdmin, request: HttpRequest, rows: QuerySet[Model]) -> None:
    """Raises:
    PermissionDenied: the user may not delete what refers to these rows; none of them is deleted.
    """
    with transaction.atomic():
        _, _, missing, protected = model_admin.get_deleted_objects(rows, request)
        if missing or protected:
            raise PermissionDenied
        model_admin.log_deletions(request, rows)
        model_admin.delete_queryset(request, rows)


def ask(model_admin: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet[Model]) -> HttpResponse | None:
    newest: Any = chosen.reverse().first()
    if newest is None:
        model_admin.message_user(request, NONE, messages.WARNING)
        return None
    across = request.POST.get("select_across") == "1"
    total = chosen.count()
    context = {
        **model_admin.admin_site.each_context(request),
        "title": TITLE,
        "opts": model_admin.opts,
        "media": model_admin.media,
        "examples": chosen[:20],
        "total": total,
        "what": model_ngettext(model_admin.opts, total),
        "until": newest.pk,
        "select_across": int(across),
        "checkbox": ACTION_CHECKBOX_NAME,
        # All that match need no list of them: the page's address has the filters.
        "selected": [0] if across else request.POST.getlist(ACTION_CHECKBOX_NAME),
    }
    return TemplateResponse(request, "accounts/delete_selected.html", context)


admin.site.add_action(delete_selected)
