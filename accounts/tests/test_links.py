"""Tokens of links: each opens one door, for a time, and only as long as nothing has changed."""

import time
from collections.abc import Callable

import pytest

from accounts import links
from accounts.models import User
from accounts.tests.baker_recipes import writer

pytestmark = pytest.mark.django_db

MADE: dict[str, Callable[[User], str]] = {
    "new_address": lambda user: links.new_address_token(user, "new@example.com"),
    "password_reset": links.password_reset_token,
}
READ: dict[str, Callable[[str], object]] = {
    "new_address": links.read_new_address_token,
    "password_reset": links.read_password_reset_token,
}


def test_a_token_names_what_it_was_made_for():
    user = writer.make()
    read = {kind: READ[kind](made(user)) for kind, made in MADE.items()}

    assert read == {
        "new_address": (user, "new@example.com"),
        "password_reset": user,
    }


@pytest.mark.parametrize("kind", MADE)
def test_a_token_of_another_kind_opens_nothing(kind):
    user = writer.make()
    for other in MADE.keys() - {kind}:
        with pytest.raises(links.LinkNotValid):
            READ[kind](MADE[other](user))


@pytest.mark.parametrize("kind", MADE)
def test_a_token_that_was_changed_opens_nothing(kind):
    token = MADE[kind](writer.make())
    for forged in (token[:-1], token + "x", "8" + token, token.swapcase(), "", "-", "7-", "7--", "9" * 40 + "-a-b"):
        with pytest.raises(links.LinkNotValid):
            READ[kind](forged)


def test_a_new_address_expires_after_a_day(monkeypatch):
    user, now = writer.make(), time.time()
    monkeypatch.setattr(time, "time", lambda: now - 24 * 3600 + 60)
    young = links.new_address_token(user, "new@example.com")
    monkeypatch.setattr(time, "time", lambda: now - 24 * 3600 - 60)
    old = links.new_address_token(user, "new@example.com")
    monkeypatch.undo()

    assert links.read_new_address_token(young)
    with pytest.raises(links.LinkNotValid):
        links.read_new_address_token(old)


def test_a_reset_expires_after_an_hour(settings):
    token = links.password_reset_token(writer.make())
    assert settings.PASSWORD_RESET_TIMEOUT == 3600
    settings.PASSWORD_RESET_TIMEOUT = -1

    with pytest.raises(links.LinkNotValid):
        links.read_password_reset_token(token)


def test_the_key_is_needed_to_make_one(settings):
    user = writer.make()
    good, key = links.password_reset_token(user), settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-" + "x" * 50
    forged = links.password_reset_token(user)
    settings.SECRET_KEY = key

    assert links.read_password_reset_token(good) == user
    with pytest.raises(links.LinkNotValid):
        links.read_password_reset_token(forged)
