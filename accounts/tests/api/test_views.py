"""Registration over HTTP."""

import pytest

from accounts.models import User
from accounts.registration import TAKEN
from accounts.tests.baker_recipes import PASSWORD, writer

pytestmark = pytest.mark.django_db


def test_registration_answers_with_message_id_and_email(api):
    answer = api.post("/api/v1/register", {"email": "New.Writer@Example.com", "password": PASSWORD})

    user = User.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "message": "User registered successfully.",
        "id": user.pk,
        "email": "new.writer@example.com",
    }


def test_a_registered_password_is_kept_as_argon2id_at_the_owasp_minimum(api):
    api.post("/api/v1/register", {"email": "new@example.com", "password": PASSWORD})

    assert User.objects.get().password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_an_address_is_taken_in_any_case(api):
    writer.make(email="bob@example.com")

    answer = api.post("/api/v1/register", {"email": "BOB@Example.COM", "password": PASSWORD})

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"email": [TAKEN]}
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "not an address", "password": PASSWORD}, "email"),
        ({"email": "a\x00@example.com", "password": PASSWORD}, "email"),
        ({"password": PASSWORD}, "email"),
        ({"email": "new@example.com"}, "password"),
        ({"email": "new@example.com", "password": "short"}, "password"),
        ({"email": "new@example.com", "password": "12345678901"}, "password"),
        ({"email": "new.writer@example.com", "password": "new.writer"}, "password"),
        ({"email": "new@example.com", "password": "x1" * 600}, "password"),
    ],
)
def test_a_bad_registration_names_the_field_and_creates_no_user(api, body, field):
    answer = api.post("/api/v1/register", body)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(f"{field}: ")
    assert list(answer.json()["errors"]) == [field]
    assert not User.objects.exists()
