"""Passwords in their normal form: however a keyboard composes them, and whatever they were hashed as before."""

import unicodedata

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from accounts.passwords import PASSWORD_MAX_LENGTH, TOO_LONG
from accounts.tests.baker_recipes import PASSWORD, writer
from accounts.tests.doors import ADDRESS, login, register
from blogsite.testing.browsers import logged_in

pytestmark = pytest.mark.django_db
COMPOSED = unicodedata.normalize("NFC", "Créme-brûlée-17")
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)
COUNTING = ["accounts.tests.api.test_login.CountingHasher"]


@pytest.fixture
def hashes(settings):
    """Return a function that says how many passwords were hashed since it was asked last."""
    from accounts.tests.api.test_login import CountingHasher

    settings.PASSWORD_HASHERS = COUNTING
    CountingHasher.count = 0

    def count() -> int:
        counted, CountingHasher.count = CountingHasher.count, 0
        return counted

    return count


@pytest.mark.parametrize("registered", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED, "Ｃréme-brûlée-１７"])
def test_a_password_is_the_same_however_it_is_composed(api, registered, typed):
    register(api, password=registered)

    assert login(api, password=typed).status_code == 200
    assert login(api, password=typed.replace("é", "e").replace("e\u0301", "e")).status_code == 401


def test_a_password_set_in_the_admin_is_normal_too(api):
    form = {"email": ADDRESS, "usable_password": "true", "password1": DECOMPOSED, "password2": DECOMPOSED}

    logged_in(writer.make(is_staff=True, is_superuser=True)).post("/admin/accounts/user/add/", form)

    assert login(api, password=COMPOSED).status_code == 200


def test_a_password_given_to_a_command_is_normal_too(api, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", DECOMPOSED)

    call_command("createsuperuser", email=ADDRESS, interactive=False, verbosity=0)

    assert login(api, password=COMPOSED).status_code == 200


def test_a_hash_of_another_form_works_on_and_is_replaced(api):
    user = writer.make(email=ADDRESS, password=make_password(DECOMPOSED))
    assert login(api, password=COMPOSED).status_code == 401

    assert login(api, password=DECOMPOSED).status_code == 200

    before, after = user.password, User.objects.get().password
    assert before != after
    assert login(api, password=COMPOSED).status_code == 200


@pytest.mark.parametrize(("form", "cost"), [(COMPOSED, 1), (DECOMPOSED, 2)])
def test_an_attempt_costs_as_much_for_any_account_and_for_none(api, hashes, form, cost):
    User.objects.create_user(ADDRESS, form)
    User.objects.create_user("gone@example.com", form, is_active=False)
    User.objects.create_user("nologin@example.com", None)
    hashes()
    attempts = [
        (ADDRESS, form),
        (ADDRESS, f"{form}!"),
        ("gone@example.com", form),
        ("nologin@example.com", form),
        ("nobody@example.com", form),
        ("bob@☃.net", form),
    ]

    costs = [(login(api, email, password).status_code, hashes()) for email, password in attempts]

    assert costs == [(200, cost), *[(401, cost)] * 5]


@pytest.mark.parametrize("weak", ["password1", "ｐａｓｓｗｏｒｄ１", "１２３４５６７８９０１"])
def test_letters_of_double_width_make_no_password_stronger(api, weak):
    answer = register(api, password=weak)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["password"])


def test_the_admin_takes_no_password_that_the_api_would_not(editor_client):
    long = PASSWORD * PASSWORD_MAX_LENGTH
    form = {"email": ADDRESS, "usable_password": "true", "password1": long, "password2": long}

    answer = editor_client.post("/admin/accounts/user/add/", form)

    assert TOO_LONG in answer.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()


def test_a_password_that_is_too_long_is_hashed_once_and_as_it_is(hashes):
    """Its normal form takes minutes if it has many combining characters, and stops all other requests."""
    form = {"username": "nobody@example.com", "password": "Ａ" * (PASSWORD_MAX_LENGTH + 1)}

    assert Client().post("/admin/login/?next=/admin/", form).status_code == 200
    assert hashes() == 1
