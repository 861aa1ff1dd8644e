"""Users as rows, and the command that creates them."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from accounts.models import User
from accounts.tests.baker_recipes import writer

pytestmark = pytest.mark.django_db


def test_an_address_is_stored_and_found_in_lower_case():
    user = User.objects.create_user("Bob@Example.COM", "secret")

    assert user.email == "bob@example.com"
    assert User.objects.get(email="BOB@example.com") == user


def test_the_database_refuses_an_address_twice():
    writer.make(email="bob@example.com")

    with pytest.raises(IntegrityError):
        writer.make(email="BOB@EXAMPLE.COM")


def test_createsuperuser_asks_for_the_address_only(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-good-Pass-phrase-17")

    call_command("createsuperuser", email="Chief@Example.com", interactive=False, verbosity=0)

    chief = User.objects.get()
    assert (chief.email, chief.is_staff, chief.is_superuser) == ("chief@example.com", True, True)
    assert chief.check_password("a-good-Pass-phrase-17")
