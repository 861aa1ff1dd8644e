"""Deletion of users in the admin: asks where their posts go."""

import time
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.admin.batches import BATCH_SECONDS, Run, progress_page
from accounts.leaving import PIECE, LastSuperuser, check_superusers, delete_users
from accounts.models import User
from accounts.signals import Belongings, belongings_asked

MINE, NOBODYS, DELETE = "mine", "nobodys", "delete"
CHOICES = {
    MINE: "Keep them, and make me their owner",
    NOBODYS: "Keep them without an owner; unfinished generations are cancelled",
    DELETE: "Delete them, with all their revisions",
}
# Whoever deletes users must not come by rights over their posts.
PERMISSIONS = {MINE: "blogs.change_blogpost", DELETE: "blogs.delete_blogpost"}
DELETED = "Users deleted: {:,}."
PROGRESS = "Users deleted: {done:,} of {total:,}."
ONLY_SUPERUSERS = "Only superusers may delete superusers. Nothing was deleted."
SHOWN = 20  # of those who will be deleted
CHOOSE = "Choose what happens to the posts. Nothing was deleted."
TITLE, TITLE_OF_ONE = "Delete these users?", "Delete this user?"


class DeletionForm(Run):
    """Where posts go."""

    posts = forms.ChoiceField(label="Their posts", widget=forms.RadioSelect, error_messages={"required": CHOOSE})

    def __init__(self, *args: Any, user: User, keys: list[int]) -> None:
        super().__init__(*args)
        self.user = user
        field: Any = self.fields["posts"]
        field.choices = [
            (name, label)
            for name, label in CHOICES.items()
            if user.has_perm(PERMISSIONS.get(name, "accounts.delete_user")) and not (name == MINE and user.pk in keys)
        ]
        field.initial = field.choices[0][0]

    @property
    def belongings(self) -> Belongings:
        choice = self.cleaned_data["posts"]
        return Belongings(keep=choice != DELETE, heir=self.user.pk if choice == MINE else None)


class AsksWherePostsGo(admin.ModelAdmin):
    """Replaces both of Django's ways to delete."""

    actions: Any = ("delete_selected",)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask, then delete. Not in one transaction, which would last as long as all the pieces."""
        user = self.get_object(request, unquote(object_id))
        if not self.has_delete_permission(request, user):
            raise PermissionDenied
        if user is None:
            raise Http404
        answer = self.ask_or_delete(request, User.objects.filter(pk=user.pk))
        return answer or HttpResponseRedirect(reverse("admin:accounts_user_changelist"))

    @admin.action(description="Delete selected users", permissions=["delete"])
    def delete_selected(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        return self.ask_or_delete(request, users)

    def ask_or_delete(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse | None:
        """Delete users as confirmed, and return None; before that, the page that asks."""
        sent = request.POST if request.POST.get("post") else None
        until = sent.get("until", "") if sent else ""
        users = chosen.filter(pk__lte=until) if until.isdecimal() and len(until) < 19 else chosen
        me: Any = request.user
        if not me.is_superuser and users.filter(is_superuser=True).exists():
            self.message_user(request, ONLY_SUPERUSERS, messages.ERROR)
            return None
        # Whoever deletes themselves comes last: nobody else could go on.
        keys = sorted(users.values_list("pk", flat=True), key=lambda pk: (pk == me.pk, pk))
        form = DeletionForm(sent, user=me, keys=keys)
        if not form.is_valid():
            return self.ask(request, users, keys, form)
        try:
            done = self.delete_batch(request, keys, form.belongings)
        except LastSuperuser as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return None
        left, done = len(keys) - done, done + (form.cleaned_data["done"] or 0)
        if left:
            message = PROGRESS.format(done=done, total=done + left)
            fields = {"until": until, "done": done, "posts": form.cleaned_data["posts"]}
            return progress_page(self, request, TITLE, message, left, **fields)
        self.message_user(request, DELETED.format(done), messages.SUCCESS)
        return None

    def delete_batch(self, request: HttpRequest, keys: list[int], belongings: Belongings) -> int:
        """Delete as many users as there is time for; return their number.

        Raises:
            LastSuperuser: nobody is deleted.
        """
        ends_at = time.monotonic() + BATCH_SECONDS
        with transaction.atomic():
            check_superusers(keys)
        for start in range(0, len(keys), PIECE):
            users = list(User.objects.filter(pk__in=keys[start : start + PIECE]))
            if not delete_users([user.pk for user in users], belongings, ends_at):
                return start
            if request.user.pk not in keys:  # then nobody is left to whom the log could ascribe it
                self.log_deletions(request, users)  # type: ignore[arg-type]  # it takes any sequence
            if time.monotonic() > ends_at:
                return min(start + PIECE, len(keys))
        return len(keys)

    def ask(self, request: HttpRequest, users: QuerySet[User], keys: list[int], form: DeletionForm) -> HttpResponse:
        answers: Any = belongings_asked.send(sender=User)
        theirs = [things.filter(owner__in=users.order_by().values("pk")) for _, things in answers]
        owned = {things.model._meta.verbose_name_plural: things.count() for things in theirs}
        across = request.POST.get("select_across") == "1"
        context = {
            **self.admin_site.each_context(request),
            "title": TITLE_OF_ONE if len(keys) == 1 else TITLE,
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "total": len(keys),
            "examples": User.objects.filter(pk__in=keys[:SHOWN]),
            "more": max(0, len(keys) - SHOWN),
            "owned": owned,
            "until": max(keys, default=0),
            "select_across": int(across),
            "checkbox": ACTION_CHECKBOX_NAME,
            # All that match need no list of them: the page's address has the filters.
            "selected": [0] if across else keys,
        }
        return TemplateResponse(request, "admin/accounts/user/delete.html", context)
