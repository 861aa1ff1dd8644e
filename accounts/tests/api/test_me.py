"""The current user, and a new address for them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient

from accounts.api.me import ALREADY_YOURS
from accounts.attempts import NOT_YOURS
from accounts.links import NOT_VALID, new_address_token, password_reset_token
from accounts.mail.outbox import TOO_MANY_MAILS
from accounts.models import OutgoingMail, User
from accounts.new_addresses import CONFIRM_IT, TAKEN_MEANWHILE
from accounts.registration import TAKEN
from accounts.tests.baker_recipes import PASSWORD, writer
from accounts.tests.mail.mailbox import mails_to, path_in, subjects_to, token_to

pytestmark = pytest.mark.django_db
ME, CONFIRM = "/api/v1/me", "/api/v1/me/email/confirm"
OLD, NEW = "bob@example.com", "robert@example.com"


@pytest.fixture
def bob() -> User:
    user: User = writer.make(email=OLD, verified_at=None)
    return user


def ask(client: APIClient, **changes: Any) -> Any:
    return client.patch(ME, {"email": NEW, "password": PASSWORD, **changes})


def address_of(user: User) -> str:
    return str(User.objects.get(pk=user.pk).email)


def test_an_address_changes_only_when_the_new_mailbox_confirms_it(api, as_user, bob):
    client = as_user(bob)

    asked = ask(client, email="Robert@Example.com")

    assert (asked.status_code, asked.json()) == (202, {"message": CONFIRM_IT})
    assert address_of(bob) == OLD
    assert subjects_to(NEW) == ["Confirm your new e-mail address"]
    (notice,) = mails_to(OLD)
    assert NEW in notice.body
    assert path_in(notice) == "/account/password/forgotten"

    confirmed = api.post(CONFIRM, {"token": token_to(NEW)})

    assert (confirmed.status_code, confirmed.json()["email"]) == (200, NEW)
    assert User.objects.get().verified_at is not None
    assert client.get(ME).json()["email"] == NEW  # sessions stay
    assert subjects_to(NEW)[1:] == subjects_to(OLD)[1:] == ["Your e-mail address was changed"]
    assert api.post("/api/v1/login", {"email": NEW, "password": PASSWORD}).status_code == 200
    assert api.post("/api/v1/login", {"email": OLD, "password": PASSWORD}).status_code == 401


def test_a_link_works_once(api, as_user, bob):
    ask(as_user(bob))
    token = token_to(NEW)

    codes = [api.post(CONFIRM, {"token": token}).status_code for _ in range(2)]

    assert codes == [200, 400]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"password": "wrong"}, {"password": [NOT_YOURS]}),
        ({"email": "taken@example.com"}, {"email": [TAKEN]}),
        ({"email": "TAKEN@example.com", "password": "wrong"}, {"password": [NOT_YOURS]}),
        ({"email": "BOB@example.com"}, {"email": [ALREADY_YOURS]}),
        ({"email": "nonsense"}, {"email": ["Enter a valid email address."]}),
    ],
)
def test_a_bad_wish_is_refused_and_nobody_gets_mail(as_user, bob, body, errors):
    writer.make(email="taken@example.com")

    answer = ask(as_user(bob), **body)

    assert (answer.status_code, answer.json()["errors"]) == (400, errors)
    assert not OutgoingMail.objects.exists()


def test_nobody_asks_without_a_token(api):
    assert ask(api).status_code == 401


@pytest.mark.parametrize(
    "change", [{"email": "other@example.com"}, {"password": "argon2$another"}, {"is_active": False}, {"login_epoch": 1}]
)
def test_a_link_ends_with_any_change_of_the_account(api, bob, change):
    token = new_address_token(bob, NEW)
    User.objects.update(**change)
    before = User.objects.values().get()

    answer = api.post(CONFIRM, {"token": token})

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/link-not-valid")
    assert answer.json()["detail"] == NOT_VALID
    assert User.objects.values().get() == before


def test_the_owner_stops_a_thief_who_knows_the_password_by_a_reset(api, as_user, bob):
    ask(as_user(bob))
    thiefs = token_to(NEW)
    api.post("/api/v1/password/reset", {"email": OLD})

    reset = api.post("/api/v1/password/reset/confirm", {"token": token_to(OLD), "password": "snow-on-Daffodils-3"})

    assert reset.status_code == 204
    assert api.post(CONFIRM, {"token": thiefs}).status_code == 400
    assert address_of(bob) == OLD


def test_a_changed_address_ends_links_for_the_password_that_the_old_mailbox_has(api, bob):
    reset = password_reset_token(bob)
    api.post(CONFIRM, {"token": new_address_token(bob, NEW)})

    answer = api.post("/api/v1/password/reset/confirm", {"token": reset, "password": "snow-on-Daffodils-3"})

    assert (address_of(bob), answer.status_code) == (NEW, 400)


def test_an_address_that_was_taken_meanwhile_is_refused(api, bob):
    token = new_address_token(bob, NEW)
    writer.make(email=NEW)

    answer = api.post(CONFIRM, {"token": token})

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/address-taken")
    assert answer.json()["detail"] == TAKEN_MEANWHILE
    assert address_of(bob) == OLD
    assert not OutgoingMail.objects.exists()


def test_a_notice_is_never_dropped_in_silence(as_user, bob):
    client = as_user(bob)
    answers = [ask(client, email=f"robert{number}@example.com") for number in range(6)]

    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    assert (answers[-1].json()["detail"], answers[-1].json()["type"]) == (TOO_MANY_MAILS, "/problems/too-many-mails")
    assert int(answers[-1]["Retry-After"]) == 3600
    assert mails_to("robert5@example.com") == []


@pytest.mark.django_db(transaction=True)
def test_of_two_users_who_confirm_one_address_at_once_one_gets_it():
    users = writer.make(_quantity=4)
    tokens = [new_address_token(user, NEW) for user in users]

    def confirm(token: str) -> int:
        try:
            return int(APIClient().post(CONFIRM, {"token": token}).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        codes = list(threads.map(confirm, tokens))

    assert sorted(codes) == [200, 409, 409, 409]
    assert address_of(users[codes.index(200)]) == NEW
