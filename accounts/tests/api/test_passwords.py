"""A new password over the API."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.attempts import NOT_YOURS
from accounts.links import NOT_VALID, password_reset_token
from accounts.models import OutgoingMail, User
from accounts.new_passwords import MAIL_SENT
from accounts.tests.baker_recipes import PASSWORD, editor, writer
from accounts.tests.mail.mailbox import mails_to, subjects_to, token_to
from accounts.tokens import token_pair
from blogsite.testing.browsers import logged_in

pytestmark = pytest.mark.django_db
NEW = "snow-on-the-Daffodils-3"
RESET, CONFIRM, CHANGE = "/api/v1/password/reset", "/api/v1/password/reset/confirm", "/api/v1/password/change"


@pytest.fixture
def bob() -> User:
    user: User = editor.make(email="bob@example.com", verified_at=None)
    return user


def can_log_in(password: str) -> bool:
    answer = APIClient().post("/api/v1/login", {"email": "bob@example.com", "password": password})
    return bool(answer.status_code == 200)


def nothing_works(tokens: Any, browser: Any) -> bool:
    """Whether a login from before is over: its tokens, and a session in the admin."""
    client = APIClient()
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    refreshed = client.post("/api/v1/refresh", {"refresh_token": tokens["refresh_token"]})
    return (me.status_code, refreshed.status_code, browser.get("/admin/").status_code) == (401, 401, 302)


def problem_of(answer: Any) -> tuple[int, str, str]:
    return answer.status_code, answer.json()["type"], answer.json()["detail"]


def test_a_password_is_changed_and_all_other_logins_end(as_user, bob):
    tokens, browser = token_pair(bob), logged_in(bob)

    answer = as_user(bob).post(CHANGE, {"current_password": PASSWORD, "password": NEW})

    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert nothing_works(tokens, browser)
    assert (can_log_in(PASSWORD), can_log_in(NEW)) == (False, True)
    fresh = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert APIClient().get("/api/v1/me", headers=fresh).status_code == 200
    assert APIClient().post("/api/v1/refresh", {"refresh_token": answer.json()["refresh_token"]}).status_code == 200
    assert subjects_to("bob@example.com") == ["Your password was changed"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"current_password": "wrong", "password": NEW}, "current_password"),
        ({"current_password": PASSWORD, "password": "bob@example"}, "password"),
        ({"current_password": PASSWORD, "password": "x1" * 600}, "password"),
        ({"password": NEW}, "current_password"),
        ({"current_password": PASSWORD}, "password"),
    ],
)
def test_a_bad_change_names_the_field_and_changes_nothing(as_user, bob, body, field):
    answer = as_user(bob).post(CHANGE, body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert can_log_in(PASSWORD)
    assert mails_to("bob@example.com") == []


def test_nobody_changes_a_password_without_a_token(api):
    assert api.post(CHANGE, {"current_password": PASSWORD, "password": NEW}).status_code == 401


def test_a_forgotten_password_is_reset_by_the_link_in_the_mail(api, bob):
    tokens, browser = token_pair(bob), logged_in(bob)
    assert api.post(RESET, {"email": "Bob@Example.com"}).status_code == 202

    token = token_to("bob@example.com")
    answer = api.post(CONFIRM, {"token": token, "password": NEW})

    assert (answer.status_code, answer.content) == (204, b"")
    assert nothing_works(tokens, browser)
    assert (can_log_in(PASSWORD), can_log_in(NEW)) == (False, True)
    assert User.objects.get().verified_at is not None
    assert subjects_to("bob@example.com") == ["Reset your password", "Your password was changed"]
    again = api.post(CONFIRM, {"token": token, "password": "yet-another-Password-4"})
    assert problem_of(again) == (400, "/problems/link-not-valid", NOT_VALID)
    assert can_log_in(NEW)


def test_asking_for_a_reset_is_the_same_for_known_unknown_and_inactive_addresses(api, bob):
    writer.make(email="gone@example.com", is_active=False)
    answers, queries = [], []
    for address in ("bob@example.com", "nobody@example.com", "gone@example.com"):
        with CaptureQueriesContext(connection) as captured:
            answers.append(api.post(RESET, {"email": address}))
        queries.append([query["sql"].replace(address, "") for query in captured.captured_queries])

    assert {answer.status_code for answer in answers} == {202}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert answers[0].json() == {"message": MAIL_SENT}
    assert len({len(found) for found in queries}) == 1
    assert not [sql for found in queries for sql in found if '"accounts_user"' in sql]
    assert [len(mails_to(f"{name}@example.com")) for name in ("bob", "nobody", "gone")] == [1, 0, 0]
    assert not OutgoingMail.objects.exists()


def test_the_sixth_mail_in_an_hour_is_dropped_without_a_word(api, bob):
    answers = [api.post(RESET, {"email": "bob@example.com"}) for _ in range(7)]

    assert {(answer.status_code, answer.content) for answer in answers} == {(202, answers[0].content)}
    assert len(mails_to("bob@example.com")) == 5


@pytest.mark.parametrize("email", ["", "bob", None, 7, "x" * 250 + "@example.com", "a\x00@example.com"])
def test_a_reset_for_what_is_no_address_is_refused(api, email):
    assert api.post(RESET, {"email": email}).status_code == 400
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"email": "other@example.com"},
        {"password": "!unusable"},
        {"password": "argon2$another"},
    ],
)
def test_a_link_ends_with_any_change_of_the_account(api, bob, change):
    token = password_reset_token(bob)
    User.objects.update(**change)
    before = User.objects.values().get()

    answer = api.post(CONFIRM, {"token": token, "password": NEW})

    assert problem_of(answer) == (400, "/problems/link-not-valid", NOT_VALID)
    assert User.objects.values().get() == before


@pytest.mark.parametrize("token", ["7", "7-x-y", "-", "0-0-0", "9" * 400, "ü-ü-ü"])
def test_a_made_up_link_is_refused(api, bob, token):
    assert problem_of(api.post(CONFIRM, {"token": token, "password": NEW}))[:2] == (400, "/problems/link-not-valid")


def test_a_link_of_one_user_opens_no_other_account(api, bob):
    eve = writer.make()
    token = password_reset_token(eve).replace(f"{eve.pk}-", f"{bob.pk}-", 1)

    assert api.post(CONFIRM, {"token": token, "password": NEW}).status_code == 400
    assert can_log_in(PASSWORD)


def test_a_weak_password_names_the_field_and_leaves_the_link(api, bob):
    token = password_reset_token(bob)

    weak = api.post(CONFIRM, {"token": token, "password": "12345678"})

    assert (weak.status_code, list(weak.json()["errors"])) == (400, ["password"])
    assert api.post(CONFIRM, {"token": token, "password": NEW}).status_code == 204


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_with_one_link_one_sets_the_password(bob):
    token = password_reset_token(bob)

    def confirm(number: int) -> int:
        try:
            answer = APIClient().post(CONFIRM, {"token": token, "password": f"{NEW}{number}"})
            return int(answer.status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        codes = list(threads.map(confirm, range(6)))

    assert sorted(codes) == [204] + [400] * 5
    assert can_log_in(f"{NEW}{codes.index(204)}")
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_changes_at_once_one_wins(as_user, bob):
    clients = [as_user(bob) for _ in range(4)]

    def change(number: int) -> Any:
        try:
            return clients[number].post(CHANGE, {"current_password": PASSWORD, "password": f"{NEW}{number}"})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(change, range(4)))

    codes = [answer.status_code for answer in answers]
    assert codes.count(200) == 1
    assert set(codes) <= {200, 400, 401}
    assert {str(answer.json()["errors"]) for answer in answers if answer.status_code == 400} <= {
        str({"current_password": [NOT_YOURS]})
    }
    assert can_log_in(f"{NEW}{codes.index(200)}")


def test_the_whole_link_of_a_mail_is_taken_for_its_token(api, bob):
    link = f"https://blog.example.com/account/password/reset/{password_reset_token(bob)}"

    assert api.post(CONFIRM, {"token": link, "password": NEW}).status_code == 204
    assert can_log_in(NEW)
