"""The pages of users in the admin: a superuser remains, and people learn of a new password."""

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.leaving import LastSuperuser
from accounts.models import OutgoingMail, User
from accounts.tests.baker_recipes import PASSWORD, editor, writer
from accounts.tests.doors import mails
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


def test_only_superusers_change_their_own_limits(boss):
    user = admin_of_users()
    for one, staff in ((user, ["is_staff"]), (boss, ["is_staff", "is_superuser"])):
        save(one, one, **LIMITS, **dict.fromkeys(["is_active", "is_approved", *staff], "on"))

    assert limits(user) == ["None"] * 3
    assert limits(boss) == [*LIMITS.values()]
