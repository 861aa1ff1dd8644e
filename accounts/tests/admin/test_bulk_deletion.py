"""What is selected in a list of the admin is deleted, however much it is."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.admin import bulk_deletion
from accounts.admin.bulk_deletion import DELETED, NONE, PIECE, PROGRESS
from accounts.admin.deletion import NOBODYS
from accounts.models import Invitation, OutgoingMail, User
from accounts.tests.baker_recipes import writer
from blogsite.testing.browsers import logged_in

pytestmark = pytest.mark.django_db
GROUPS = "/admin/auth/group/"
LISTS = {
    Invitation: ("/admin/accounts/invitation/", "email"),
    OutgoingMail: ("/admin/accounts/outgoingmail/", "to"),
    Group: (GROUPS, "name"),
}


def confirm(client: Client, address: str, selected: list[int], **sent: str) -> str:
    """Choose the action for what is selected, confirm the page that asks, and return the list after that."""
    page = client.post(address, {"action": "delete_selected", "_selected_action": selected} | sent).content.decode()
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    form = {name: [value for other, value in fields if other == name] for name, _ in fields}
    return client.post(address, form | sent, follow=True).content.decode()


def rows_of(model: Any) -> Any:
    return model.objects.filter(**{f"{LISTS[model][1]}__startswith": "zz"})


def make(model: Any, number: int) -> list[int]:
    """Return the keys of so many new rows."""
    values: list[dict[str, Any]] = [{LISTS[model][1]: f"zz{count}@example.com"} for count in range(number)]
    rows = [model(**value) for value in values]
    return [row.pk for row in model.objects.bulk_create(rows)]


@pytest.mark.parametrize("model", LISTS)
def test_more_rows_than_a_form_has_fields_are_deleted_and_logged(editor_client, settings, model):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
    keys = make(model, PIECE + 5)
    before = model.objects.count()

    html = confirm(editor_client, f"{LISTS[model][0]}?q=zz", keys[:1], select_across="1")

    assert DELETED.format(number=PIECE + 5, what="")[:-2] in html
    assert (model.objects.count(), rows_of(model).count()) == (before - PIECE - 5, 0)
    assert LogEntry.objects.filter(action_flag=DELETION).count() == PIECE + 5


def test_more_users_than_a_form_has_fields_are_deleted(editor_client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
    users = writer.make(_quantity=25)

    confirm(editor_client, "/admin/accounts/user/?is_staff__exact=0", [users[0].pk], select_across="1", posts=NOBODYS)

    assert not User.objects.filter(is_staff=False).exists()


def test_what_takes_long_goes_on_in_further_requests(editor_client, monkeypatch):
    monkeypatch.setattr(bulk_deletion, "BATCH_SECONDS", 0.0)
    keys = make(Invitation, PIECE * 2 + 5)
    address = f"{LISTS[Invitation][0]}?q=zz"

    html, shown = confirm(editor_client, address, keys[:1], select_across="1"), list[str]()
    while 'id="bulk-next"' in html:
        shown += re.findall(r'role="status">(.*?)<', html)
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
        html = editor_client.post(address, dict(fields), follow=True).content.decode()

    total, what = PIECE * 2 + 5, "invitations"
    assert shown == [PROGRESS.format(done=done, total=total, what=what) for done in (PIECE, PIECE * 2)]
    assert DELETED.format(number=total, what=what) in html
    assert not rows_of(Invitation).exists()


def test_only_what_was_selected_and_shown_is_deleted(editor_client):
    first, second, third = make(Group, 3)
    address = f"{GROUPS}?q=zz"
    across = {"action": "delete_selected", "_selected_action": [0], "select_across": "1"}

    assert "will be deleted" in confirm(editor_client, address, [second], post="")
    assert rows_of(Group).count() == 3
    confirm(editor_client, address, [second])
    assert set(rows_of(Group).values_list("pk", flat=True)) == {first, third}
    editor_client.post(address, across | {"post": "yes", "until": first})
    assert [group.pk for group in rows_of(Group)] == [third]
    assert NONE in confirm(editor_client, address, [second])


def test_who_may_only_look_at_them_deletes_none():
    user = writer.make(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_group"))
    [group] = make(Group, 1)

    logged_in(user).post(
        GROUPS,
        {"action": "delete_selected", "_selected_action": [group], "post": "yes", "until": group},
    )

    assert rows_of(Group).exists()
