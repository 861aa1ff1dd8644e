"""What an account holds until its address is verified: that address, until its owner wants it."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.links import invitation_link
from accounts.models import OutgoingMail, User
from accounts.tests.baker_recipes import PASSWORD
from accounts.tests.doors import (
    ADDRESS,
    at_once,
    invitation,
    later,
    login,
    mails,
    problem,
    register,
    the_user,
    token_in,
    token_of,
    verify,
    with_login,
)
from accounts.verification import RESEND_AFTER, VerificationNotValid, purge_unverified

pytestmark = pytest.mark.django_db
OTHER_PASSWORD = "an-attackers-Phrase-18"
NOT_VALID = (403, f"/problems/{VerificationNotValid.problem}")
VERIFICATION = OutgoingMail.Kind.VERIFICATION


@pytest.fixture(autouse=True)
def verify_email(settings):
    settings.VERIFY_EMAIL = True


def test_registering_again_replaces_an_unverified_account_and_ends_all_that_was_its(api):
    register(api, password=OTHER_PASSWORD)
    squatter, their_client = the_user(), with_login(password=OTHER_PASSWORD)

    assert register(api).status_code == 201

    owner = the_user()
    assert owner.pk != squatter.pk
    assert their_client.get("/api/v1/me").status_code == 401
    assert login(api, password=OTHER_PASSWORD).status_code == 401
    assert problem(verify(with_login(), token_of(squatter))) == NOT_VALID
    assert verify(with_login(), token_of(owner)).status_code == 200


def test_once_verified_an_address_is_taken(api):
    register(api)
    verify(with_login(), token_of(the_user()))

    assert register(api, password=OTHER_PASSWORD).status_code == 400
    assert login(api).status_code == 200


@pytest.mark.parametrize(
    "what", ["posts", "group", "permission", "staff", "superuser", "inactive", "from before", "verified"]
)
def test_an_account_that_counts_for_something_is_never_replaced_nor_purged(api, settings, what):
    register(api)
    later(days=30)
    if what == "posts":
        settings.VERIFY_EMAIL = False
        with_login().post("/api/v1/blogs", {"title": "Bread"})
        settings.VERIFY_EMAIL = True
    if what == "group":
        the_user().groups.add(Group.objects.get_or_create(name="Editors")[0])
    if what == "permission":
        the_user().user_permissions.add(Permission.objects.get(codename="change_blogpost"))
    changes: dict[str, dict[str, Any]] = {
        "staff": {"is_staff": True},
        "superuser": {"is_superuser": True},
        "inactive": {"is_active": False},
        "from before": {"verification_sent_at": None},
        "verified": {"verified_at": timezone.now()},
    }
    User.objects.update(**{"is_staff": False} | changes.get(what, {}))
    before = the_user()

    assert register(api, password=OTHER_PASSWORD).status_code == 400
    assert purge_unverified(100) == 0
    assert the_user() == before
    assert len(api.get("/api/v1/blogs").json()["blogs"]) == (what == "posts")


def test_an_invitation_by_mail_takes_an_address_back_and_proves_it(api):
    register(api, password=OTHER_PASSWORD)

    answer = register(api, invitation=token_in(invitation_link(invitation().pk, by_mail=True)))

    assert answer.status_code == 201
    assert the_user().verified_at is not None
    assert not mails(VERIFICATION)


def test_an_invitation_that_was_handed_over_leaves_the_address_to_be_verified(api):
    register(api, invitation=token_in(invitation_link(invitation().pk)))

    assert the_user().verified_at is None
    assert len(mails(VERIFICATION)) == 1


def test_registering_an_address_over_and_over_floods_nobody(api):
    register(api)
    OutgoingMail.objects.all().delete()  # it was sent
    sent = the_user().verification_sent_at

    for _ in range(3):
        register(api)

    (mail,) = mails(VERIFICATION)
    assert sent is not None
    assert mail.not_before == the_user().verification_sent_at == sent + RESEND_AFTER


def test_an_account_that_leaves_and_comes_back_floods_nobody(api):
    register(api)
    OutgoingMail.objects.all().delete()  # it was sent
    sent = the_user().verification_sent_at

    with_login().delete("/api/v1/me", {"password": PASSWORD, "posts": "keep"})
    register(api)

    (mail,) = mails(VERIFICATION)
    assert sent is not None
    assert mail.not_before == sent + RESEND_AFTER


def test_accounts_that_nobody_verified_in_a_week_are_purged_a_few_at_a_time(api):
    for number in range(3):
        register(api, f"writer{number}@example.com")
    later(days=7, seconds=1)
    register(api)

    purged = [purge_unverified(2) for _ in range(3)]

    assert purged == [2, 1, 0]
    assert the_user().email == ADDRESS


def test_nothing_is_purged_nor_replaced_once_addresses_need_no_verification(api, settings):
    register(api)
    later(days=8)
    settings.VERIFY_EMAIL = False

    assert purge_unverified(100) == 0
    assert register(api, password=OTHER_PASSWORD).status_code == 400
    assert with_login(password=PASSWORD).post("/api/v1/blogs", {"title": "Bread"}).status_code == 201


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(6))
def test_an_account_is_verified_or_replaced_never_both(api, attempt):
    register(api)
    client, token = with_login(), token_of(the_user())

    verified, replaced = at_once(
        lambda: verify(client, token).status_code, lambda: register(APIClient(), password=OTHER_PASSWORD).status_code
    )

    user = the_user()
    assert (verified, replaced) in ((200, 400), (403, 201), (401, 201))
    assert (user.verified_at is not None) == (verified == 200)
    assert user.check_password(PASSWORD if user.verified_at else OTHER_PASSWORD)
