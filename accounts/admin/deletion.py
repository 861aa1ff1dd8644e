"""Deletion of users in the admin: asks where their posts go."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.leaving import LastSuperuser, delete_users
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
DELETED = "Users deleted: {}."
CHOOSE = "Choose what happens to the posts. Nothing was deleted."
TITLE, TITLE_OF_ONE = "Delete these users?", "Delete this user?"


class DeletionForm(forms.Form):
    """Where posts go, and the newest user who was shown: later ones were not confirmed."""

    posts = forms.ChoiceField(label="Their posts", widget=forms.RadioSelect, error_messages={"required": CHOOSE})
    until = forms.IntegerField()

    def __init__(self, *args: Any, user: User, users: list[User]) -> None:
        super().__init__(*args)
        self.user = user
        field: Any = self.fields["posts"]
        field.choices = [
            (name, label)
            for name, label in CHOICES.items()
            if user.has_perm(PERMISSIONS.get(name, "accounts.delete_user")) and not (name == MINE and user in users)
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
        users = list(chosen.filter(pk__lte=until) if until.isdecimal() and len(until) < 19 else chosen)
        me: Any = request.user
        form = DeletionForm(sent, user=me, users=users)
        if not form.is_valid():
            return self.ask(request, users, form)
        try:
            delete_users([user.pk for user in users], form.belongings)
        except LastSuperuser as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return None
        if me not in users:  # then nobody is left to whom the log could ascribe it
            self.log_deletions(request, users)  # type: ignore[arg-type]  # it takes any sequence
        self.message_user(request, DELETED.format(len(users)), messages.SUCCESS)
        return None

    def ask(self, request: HttpRequest, users: list[User], form: DeletionForm) -> HttpResponse:
        answers: Any = belongings_asked.send(sender=User)
        keys = [user.pk for user in users]
        owned = {things.model._meta.verbose_name_plural: things.filter(owner__in=keys).count() for _, things in answers}
        across = request.POST.get("select_across") == "1"
        context = {
            **self.admin_site.each_context(request),
            "title": TITLE_OF_ONE if len(users) == 1 else TITLE,
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "users": users,
            "owned": owned,
            "until": max((user.pk for user in users), default=0),
            "select_across": int(across),
            "checkbox": ACTION_CHECKBOX_NAME,
            # All that match need no list of them: the page's address has the filters.
            "selected": [0] if across else [user.pk for user in users],
        }
        return TemplateResponse(request, "admin/accounts/user/delete.html", context)
