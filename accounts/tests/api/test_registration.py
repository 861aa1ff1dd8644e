"""Registration over HTTP in all its modes."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.api.registration import APPROVAL_NEXT, REGISTERED
from accounts.links import invitation_link, verification_link
from accounts.models import Invitation, OutgoingMail, User
from accounts.models.invitation import VALID_FOR
from accounts.registration import (
    EXPIRED,
    FOR_ANOTHER,
    FORGED,
    USED,
    AwaitingApproval,
    InvitationNotValid,
    InvitationRequired,
    RegistrationClosed,
    approve,
)
from accounts.tests.doors import (
    ADDRESS,
    at_once,
    invitation,
    login,
    mails,
    problem,
    register,
    the_user,
    token_in,
    with_login,
)

pytestmark = pytest.mark.django_db
NOT_VALID = (403, f"/problems/{InvitationNotValid.problem}")
MODES = ("open", "invite", "approval")


@pytest.fixture(params=MODES)
def any_mode(request, settings):
    settings.REGISTRATION = request.param


def test_open_to_anybody_an_account_may_request_posts_at_once(api):
    assert register(api).json()["message"] == REGISTERED

    user = the_user()
    assert (user.is_approved, user.is_self_registered, user.verified_at) == (True, True, None)
    assert with_login().post("/api/v1/blogs", {"title": "Bread"}).status_code == 201
    assert not OutgoingMail.objects.exists()


def test_closed_to_all_even_with_an_invitation(api, settings):
    settings.REGISTRATION = "closed"

    for more in ({}, {"invitation": token_in(invitation_link(invitation().pk))}):
        answer = register(api, **more)

        assert problem(answer) == (403, f"/problems/{RegistrationClosed.problem}")
        assert answer.json()["detail"] == RegistrationClosed.detail
    assert not User.objects.exists()


@pytest.mark.parametrize("is_taken", [True, False])
def test_without_an_invitation_nothing_is_said_about_an_address(api, settings, is_taken):
    settings.REGISTRATION = "invite"
    if is_taken:
        User.objects.create_user(ADDRESS)

    answer = register(api)

    assert problem(answer) == (403, f"/problems/{InvitationRequired.problem}")
    assert User.objects.count() == is_taken


@pytest.mark.usefixtures("any_mode")
@pytest.mark.parametrize("whole_link", [True, False])
def test_an_invitation_creates_an_approved_account_for_its_address_in_any_spelling(api, whole_link):
    link = invitation_link(invitation("Bob@xn--exmple-cva.com").pk)

    answer = register(api, "bob@exémple.com", invitation=link if whole_link else token_in(link))

    user = the_user()
    assert (answer.status_code, user.email) == (201, "bob@exémple.com")
    assert (user.is_approved, user.is_self_registered, user.verified_at) == (True, False, None)
    assert Invitation.objects.get().used_by == user


@pytest.mark.usefixtures("any_mode")
def test_a_link_that_came_by_mail_proves_the_address(api):
    register(api, invitation=token_in(invitation_link(invitation().pk, by_mail=True)))

    assert the_user().verified_at is not None


@pytest.mark.usefixtures("any_mode")
@pytest.mark.parametrize(
    ("case", "detail"),
    [
        ("used", USED),
        ("expired", EXPIRED),
        ("revoked", FORGED),
        ("forged", FORGED),
        ("of another kind", FORGED),
        ("for another address", FOR_ANOTHER),
        ("binary", FORGED),
    ],
)
def test_an_invitation_that_is_not_valid_says_what_its_holder_may_know(api, case, detail):
    now = timezone.now()
    times = {"used": {"used_at": now}, "expired": {"expires_at": now - timedelta(seconds=1)}}
    row = invitation("ann@example.com" if case == "for another address" else ADDRESS, **times.get(case, {}))
    its_own = token_in(invitation_link(row.pk))
    tokens = {
        "forged": f"{its_own}x",
        "of another kind": token_in(verification_link(row.pk, ADDRESS)),
        "binary": "\u2028:\x01:€",
    }
    if case == "revoked":
        row.delete()

    answer = register(api, invitation=tokens.get(case, its_own))

    assert (problem(answer), answer.json()["detail"]) == (NOT_VALID, detail)
    assert not User.objects.exists()


def test_an_invitation_lasts_a_week():
    row = invitation()

    assert abs(row.expires_at - row.created_at - VALID_FOR) < timedelta(seconds=5)
    assert timedelta(days=7) == VALID_FOR


def test_a_rejected_registration_leaves_the_invitation_pending(api, settings):
    settings.REGISTRATION = "invite"
    token = token_in(invitation_link(invitation().pk))
    assert register(api, password="short", invitation=token).status_code == 400

    assert register(api, invitation=token).status_code == 201


def test_of_two_invitations_for_one_address_the_second_stays_pending(api, settings):
    settings.REGISTRATION = "invite"
    first, second = invitation(), invitation()
    register(api, invitation=token_in(invitation_link(first.pk)))

    answer = register(api, invitation=token_in(invitation_link(second.pk)))

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["email"])
    assert Invitation.objects.get(pk=second.pk).used_at is None


def test_who_registers_for_approval_logs_in_but_requests_nothing_until_then(api, settings):
    settings.REGISTRATION = "approval"
    assert register(api).json()["message"] == REGISTERED + APPROVAL_NEXT
    client = with_login()

    answer = client.post("/api/v1/blogs", {"title": "Bread"})
    approve(User.objects.all())

    assert problem(answer) == (403, f"/problems/{AwaitingApproval.problem}")
    assert client.post("/api/v1/blogs", {"title": "Bread"}).status_code == 201
    assert [mail.to for mail in mails(OutgoingMail.Kind.APPROVED)] == [ADDRESS]


@pytest.mark.parametrize("field", ["invitation"])
@pytest.mark.parametrize("value", [7, None, ["x"], "x" * 1001])
def test_an_invitation_that_is_no_token_names_its_field(api, field, value):
    answer = register(api, **{field: value})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_an_invitation_at_once_one_gets_in(settings):
    settings.REGISTRATION, settings.VERIFY_EMAIL = "invite", True  # an unverified account would give way to the next
    token = token_in(invitation_link(invitation().pk))

    statuses = at_once(*[lambda: register(APIClient(), invitation=token).status_code] * 6)

    assert sorted(statuses) == [201, *[403] * 5]
    assert User.objects.count() == 1
    assert Invitation.objects.get().used_by == the_user()


def status_of(password: str) -> int:
    return int(register(APIClient(), password=password).status_code)


@pytest.mark.django_db(transaction=True)
def test_an_unverified_address_registered_many_times_at_once_is_one_account(settings, api):
    settings.VERIFY_EMAIL = True
    register(api)

    phrases = [f"a-good-Pass-phrase-{number}" for number in range(6)]
    statuses = at_once(*[partial(status_of, phrase) for phrase in phrases])

    assert set(statuses) - {400} == {201}
    assert User.objects.count() == 1
    assert len(mails(OutgoingMail.Kind.VERIFICATION)) == 1
    assert sorted(login(api, password=phrase).status_code for phrase in phrases) == [200, *[401] * 5]
