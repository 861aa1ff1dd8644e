"""One account a mailbox, whatever its address is spelled like."""

import unicodedata
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.addresses import ADDRESS_MAX_LENGTH, canonical_address
from accounts.models import User
from accounts.tests.baker_recipes import PASSWORD, writer
from accounts.tests.doors import login, register

COMPOSED = "zoë@exémple.com"
SPELLINGS = {
    "composed": COMPOSED,
    "decomposed": unicodedata.normalize("NFD", COMPOSED),
    "capitals": COMPOSED.upper(),
    "punycode": "zoë@xn--exmple-cva.com",
    "punycode in capitals": "zoë@XN--EXMPLE-CVA.COM",
    "letters of double width": "zoë@ｅｘéｍｐｌｅ．ｃｏｍ",
    "ideographic full stop": "zoë@exémple。com",
    "half-width ideographic full stop": "zoë@exémple｡com",
}
INVALID = {
    "a domain of symbols": "bob@☃.net",
    "forged punycode": "bob@xn--a.com",
    "an invisible hyphen": "bob@exam\u00adple.com",
    "an invisible joiner": "bob@exam\u2060ple.com",
    "a leader for a full stop": "bob@example\u2024com",
    "an at sign of double width": "bob@exämple＠com.net",
    "a full stop at the end": "bob@exämple.com.",
    "an ideographic full stop at the end": "bob@exämple。",
    "an empty label": "bob@exä..com",
    "no domain": "bob@",
    "a label that is too long": f"bob@{'ä' * 64}.com",
    "too many characters": f"{'b' * 250}@example.com",
}
migration = import_module("accounts.migrations.0003_mailboxes")


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_all_spellings_of_a_mailbox_are_one(spelling):
    assert canonical_address(spelling) == COMPOSED


@given(
    st.text(min_size=1, max_size=40),
    st.lists(st.text(st.characters(categories=["L", "N", "M", "P", "Cf"]), min_size=1, max_size=12), min_size=1),
)
def test_a_canonical_address_stays_as_it_is(local, labels):
    try:
        canonical = canonical_address(f"{local}@{'.'.join(labels)}")
    except ValueError:
        return
    assert canonical_address(canonical) == canonical


def test_every_letter_stays_as_it_is_in_a_canonical_address():
    for code in range(0x110000):
        if 0xD800 <= code < 0xE000:
            continue
        canonical = canonical_address(f"{chr(code)}@example.com")
        assert canonical_address(canonical) == canonical, hex(code)


def test_an_address_literal_is_an_address():
    assert canonical_address("Bob@[0:0:0:0:0:0:0:1]") == "bob@[::1]"


def test_ascii_domains_that_idna_refuses_stay_valid():
    assert canonical_address("Bob@R3---x.Example.com") == "bob@r3---x.example.com"


def test_a_long_address_is_refused_before_any_work():
    with pytest.raises(ValueError, match="too long"):
        canonical_address("e\u0301" * 125 + "@example.com")  # it would be half as long once it is composed


@pytest.mark.django_db
@pytest.mark.parametrize("address", INVALID.values(), ids=INVALID)
def test_an_address_that_cannot_be_one_is_rejected_by_the_api(api, address):
    answer = register(api, address)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["email"])
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("address", INVALID.values(), ids=INVALID)
def test_an_address_that_cannot_be_one_is_rejected_by_the_admin(editor_client, address):
    form = {"email": address, "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    answer = editor_client.post("/admin/accounts/user/add/", form)

    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["email"]
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("address", INVALID.values(), ids=INVALID)
def test_nobody_logs_in_with_an_address_that_cannot_be_one(api, address):
    answer = api.post("/api/v1/login", {"email": address, "password": PASSWORD})

    assert answer.status_code == (401 if len(address) <= ADDRESS_MAX_LENGTH else 400)


@pytest.mark.django_db
@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_an_account_is_found_and_kept_from_others_by_every_spelling(api, spelling):
    address = f"zoe{spelling[spelling.index('@') :]}"  # Django accepts no other letters before it
    register(api, "zoe@exémple.com")

    assert login(api, address).status_code == 200
    assert register(api, address).status_code == 400
    assert User.objects.get().email == "zoe@exémple.com"


def stored(pk: int) -> str:
    return str(User.objects.values_list("email", flat=True).get(pk=pk))


def account(email: str, year: int) -> int:
    """Return the id of an account whose address is stored as it is written here."""
    user = writer.make(date_joined=f"{year}-01-01T00:00:00Z")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET email = %s WHERE id = %s", [email, user.pk])
    return int(user.pk)


@pytest.mark.django_db
def test_the_migration_gives_stored_addresses_their_canonical_form(capsys):
    one, plain, odd = account("bob@xn--exmple-cva.com", 2020), account("a@b.com", 2021), account("bob@☃.net", 2022)

    migration.canonicalise(apps, None)

    assert [stored(pk) for pk in (one, plain, odd)] == ["bob@exémple.com", "a@b.com", "bob@☃.net"]
    assert f"account {odd} " in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("canonical_is_older", [True, False])
def test_the_migration_leaves_a_shared_mailbox_to_the_oldest_account_and_says_so(api, capsys, canonical_is_older):
    spellings = ["bob@exémple.com", "bob@xn--exmple-cva.com"]
    first, second = spellings if canonical_is_older else reversed(spellings)
    younger, older = account(second, 2022), account(first, 2020)
    third = account("bob@exe\u0301mple.com", 2023)

    migration.canonicalise(apps, None)

    assert [stored(pk) for pk in (older, younger, third)] == [*spellings, "bob@exe\u0301mple.com"]
    assert migration.TWO_ACCOUNTS.format(keeper=older, others=f"{younger}, {third}") in capsys.readouterr().out
    assert login(api, spellings[1]).status_code == 200


@pytest.mark.django_db
def test_the_migration_trusts_whoever_was_there_before():
    user, staff = writer.make(), writer.make(is_staff=True)

    migration.trust(apps, None)

    for row in (user, staff):
        row.refresh_from_db()
    assert user.verified_at == user.date_joined
    assert (user.is_self_registered, staff.is_self_registered) == (True, False)
