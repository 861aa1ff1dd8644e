"""The pages of users in the admin: a superuser remains, and people learn of a new password."""

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.leaving import LastSuperuser
from accounts.models import OutgoingMail, User
from accounts.tests.baker_recipes import PASSWORD, editor, writer
from accounts.tests.doors import mails, register
from blogsite.testing.browsers import logged_in

pytestmark = pytest.mark.django_db
NEW = "snow-on-the-Daffodils-3"
NEW_PASSWORD = {"new_password1": NEW, "new_password2": NEW}


@pytest.fixture
def boss() -> User:
    user: User = editor.make(email="boss@example.com")
    return user


def save(by: User, user: User, **ticked: str) -> str:
    """Save the page of a user with these boxes ticked; return what is shown then."""
    answer = logged_in(by).post(
        reverse("admin:accounts_user_change", args=[user.pk]), {"email": user.email, **ticked}, follow=True
    )
    return str(answer.content.decode())


@pytest.mark.parametrize("left", ["is_active", "is_superuser"])
def test_the_last_superuser_cannot_be_unticked(boss, left):
    ticked = dict.fromkeys({"is_active", "is_staff", "is_superuser", "is_approved"} - {left}, "on")

    page = save(boss, boss, **ticked)

    boss.refresh_from_db()
    assert LastSuperuser.detail in page
    assert boss.is_active
    assert boss.is_superuser


@pytest.mark.parametrize("left", ["is_active", "is_superuser"])
def test_a_superuser_can_be_unticked_while_another_remains(boss, left):
    other = editor.make()
    ticked = dict.fromkeys({"is_active", "is_staff", "is_superuser", "is_approved"} - {left}, "on")

    save(boss, other, **ticked)

    other.refresh_from_db()
    assert not getattr(other, left)


def test_the_last_superuser_is_not_deactivated_by_the_command(boss):
    editor.make(is_active=False)

    with pytest.raises(CommandError, match="Make another user a superuser first"):
        call_command("deactivate", boss.email)

    boss.refresh_from_db()
    assert boss.is_active


def test_people_get_a_mail_when_their_password_is_changed_in_the_admin(boss):
    user = writer.make()

    mine = {"old_password": PASSWORD, **NEW_PASSWORD}
    assert logged_in(boss).post(reverse("admin:password_change"), mine).status_code == 302
    boss.refresh_from_db()
    others = {"usable_password": "true", "password1": NEW, "password2": NEW}
    address = reverse("admin:auth_user_password_change", args=[user.pk])
    assert logged_in(boss).post(address, others).status_code == 302

    user.refresh_from_db()
    assert boss.check_password(NEW)
    assert user.check_password(NEW)
    assert [mail.to for mail in mails(OutgoingMail.Kind.PASSWORD_CHANGED)] == [boss.email, user.email]


def admin_of_users() -> User:
    user: User = writer.make(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
    return user


LIMITS = {"budget_day": "2.50", "budget_month": "40.00", "posts_day": "0"}


def limits(user: User) -> list[str]:
    user.refresh_from_db()
    return [str(getattr(user, name)) for name in LIMITS]


@pytest.mark.parametrize("by", [admin_of_users, editor.make])
def test_who_may_change_users_limits_and_unlimits_them(by):
    by, user = by(), writer.make()

    save(by, user, **LIMITS)
    assert limits(user) == [*LIMITS.values()]

    save(by, user)
    assert limits(user) == ["None"] * 3


@pytest.mark.parametrize("wrong", [{"budget_day": "-1"}, {"budget_month": "lots"}, {"posts_day": "-1"}])
def test_a_limit_that_is_none_is_refused(boss, wrong):
    user = writer.make(budget_day=1)

    assert "errorlist" in save(boss, user, **LIMITS | wrong)
    assert limits(user) == ["1.00", "None", "None"]


EVERYTHING = dict.fromkeys(["is_active", "is_approved", "is_staff", "is_superuser"], "on")


def test_only_superusers_change_their_own_limits(boss):
    user = admin_of_users()
    for one in (user, boss):
        save(one, one, **LIMITS, **EVERYTHING)

    assert limits(user) == ["None"] * 3
    assert limits(boss) == [*LIMITS.values()]


def test_whose_limits_are_not_theirs_to_change_sees_them(boss):
    user = admin_of_users()
    viewer = writer.make(is_staff=True, budget_day="1.25", posts_day=17)
    viewer.user_permissions.set(Permission.objects.filter(codename="view_user"))
    for one in (user, viewer):
        User.objects.filter(pk=one.pk).update(budget_day="1.25", posts_day=17)
        address = reverse("admin:accounts_user_change", args=[one.pk])
        client = logged_in(one)
        page = client.get(address).content.decode()
        client.post(address, {"email": one.email, **LIMITS, **EVERYTHING})
        assert ">1.25<" in page
        assert ">17<" in page
        assert not any(f'name="{name}"' in page for name in LIMITS)
        assert limits(one) == ["1.25", "None", "17"]


def test_nobody_becomes_a_superuser_to_change_their_own_limits(boss):
    user, other = admin_of_users(), writer.make()
    for one in (other, user):
        save(user, one, **EVERYTHING)
        one.refresh_from_db()
        assert not one.is_superuser
    assert other.is_staff  # the rest of the form was taken

    user = admin_of_users()  # the one before has unticked the permissions
    client = logged_in(user)
    save(user, boss, **EVERYTHING | {"email": "mine@example.com"})
    password = client.post(
        reverse("admin:auth_user_password_change", args=[boss.pk]),
        {"usable_password": "true", "password1": NEW, "password2": NEW},
    )
    boss.refresh_from_db()
    assert password.status_code == 403
    assert boss.email == "boss@example.com"
    assert not boss.check_password(NEW)


@pytest.mark.parametrize("form", [{"action": "approve_selected"}, {"_save": "Save", "form-TOTAL_FORMS": "1"}])
def test_no_list_of_users_changes_limits(form):
    user = admin_of_users()
    row = {f"form-0-{name}": value for name, value in LIMITS.items()}

    logged_in(user).post(
        reverse("admin:accounts_user_changelist"), {**form, **row, **LIMITS, "_selected_action": [user.pk]}
    )

    assert limits(user) == ["None"] * 3


def test_a_new_account_has_no_limits_of_its_own():
    user = writer.make(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["add_user", "change_user", "view_user"]))
    form = {"email": "second@example.com", "usable_password": "true", "password1": NEW, "password2": NEW}

    logged_in(user).post(reverse("admin:accounts_user_add"), form | LIMITS | EVERYTHING)

    second = User.objects.get(email="second@example.com")
    assert limits(second) == ["None"] * 3
    assert not second.is_superuser


def test_no_way_through_the_api_changes_limits(api, as_user):
    user = writer.make()
    client = as_user(user)

    for method, path, body in (
        ("patch", "/api/v1/me", {"email": user.email}),
        ("put", "/api/v1/usage", {}),
        ("patch", "/api/v1/usage", {}),
        ("post", "/api/v1/blogs", {"title": "Rye"}),
    ):
        getattr(client, method)(path, body | LIMITS)
    register(api, "third@example.com", NEW, **LIMITS)

    assert limits(user) == ["None"] * 3
    assert limits(User.objects.get(email="third@example.com")) == ["None"] * 3
