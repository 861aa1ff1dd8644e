"""Tokens of links: each opens one door, for a time, and only as long as nothing has changed."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts import links
from accounts.models import User
from accounts.tests.baker_recipes import writer

pytestmark = pytest.mark.django_db

MADE: dict[str, Callable[[User], str]] = {
    "invitation": lambda user: links.invitation_token(7),
    "verification": links.verification_token,
    "new_address": lambda user: links.new_address_token(user, "new@example.com"),
    "password_reset": links.password_reset_token,
}
READ: dict[str, Callable[[str], object]] = {
    "invitation": links.read_invitation_token,
    "verification": links.read_verification_token,
    "new_address": links.read_new_address_token,
    "password_reset": links.read_password_reset_token,
}


def test_a_token_names_what_it_was_made_for():
    user = writer.make()
    read = {kind: READ[kind](made(user)) for kind, made in MADE.items()}

    assert read == {
        "invitation": 7,
        "verification": user,
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


@pytest.mark.parametrize(
    ("kind", "lasts"),
    [
        ("invitation", timedelta(days=7)),
        ("verification", timedelta(days=7)),
        ("new_address", timedelta(hours=24)),
    ],
)
def test_a_token_expires(monkeypatch, kind, lasts):
    user, now = writer.make(), time.time()
    monkeypatch.setattr(time, "time", lambda: now - lasts.total_seconds() + 60)
    young = MADE[kind](user)
    monkeypatch.setattr(time, "time", lambda: now - lasts.total_seconds() - 60)
    old = MADE[kind](user)
    monkeypatch.undo()

    assert READ[kind](young)
    with pytest.raises(links.LinkNotValid):
        READ[kind](old)


def test_a_reset_expires_after_an_hour(settings):
    token = links.password_reset_token(writer.make())
    assert settings.PASSWORD_RESET_TIMEOUT == 3600
    settings.PASSWORD_RESET_TIMEOUT = -1

    with pytest.raises(links.LinkNotValid):
        links.read_password_reset_token(token)


def test_the_key_is_needed_to_make_one(settings):
    user = writer.make()
    tokens = {kind: made(user) for kind, made in MADE.items()}
    settings.SECRET_KEY = "another-key-" + "x" * 50

    for kind, token in tokens.items():
        with pytest.raises(links.LinkNotValid):
            READ[kind](token)
