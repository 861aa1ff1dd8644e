"""One spelling for each stored address; accounts that are there already are verified, and registered themselves."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations
from django.db.models import CharField, F, Value

from accounts.addresses import canonical_address

TWO_ACCOUNTS = (
    "One mailbox, several accounts: {keeper} keeps it, as the oldest; nobody can log in as {others} now. "
    "Give them another address, or delete them."
)
Account = tuple[int, str]  # id, stored address


def canonicalise(apps: Any, schema_editor: Any) -> None:
    """Where accounts share a mailbox the oldest gets it; each other one keeps its spelling, or gets the oldest's."""
    users = apps.get_model("accounts", "User").objects
    for canonical, (oldest, *others) in mailboxes(users):
        if others:
            print(TWO_ACCOUNTS.format(keeper=oldest[0], others=", ".join(str(pk) for pk, _ in others)))
        holder = next((pk for pk, email in others if email == canonical), None)
        if holder:
            write(users, holder, f"{holder}@renamed.invalid")
        write(users, oldest[0], canonical)
        if holder:
            write(users, holder, oldest[1])


def mailboxes(users: Any) -> Iterator[tuple[str, list[Account]]]:
    """Yield the mailboxes that are stored in another spelling, with their accounts, the oldest first."""
    found: dict[str, list[Account]] = {}
    for pk, email in users.order_by("date_joined", "pk").values_list("pk", "email"):
        try:
            found.setdefault(canonical_address(email), []).append((pk, email))
        except ValueError:
            print(f"The address of account {pk} is not a valid one. It can log in with exactly this spelling.")
    for canonical, accounts in found.items():
        if accounts != [(accounts[0][0], canonical)]:
            yield canonical, accounts


def write(users: Any, pk: int, email: str) -> None:
    users.filter(pk=pk).update(email=Value(email, output_field=CharField()))  # the column's own type changes spellings


def trust(apps: Any, schema_editor: Any) -> None:
    """Ask nobody to verify an address that was accepted before; nobody was invited then."""
    users = apps.get_model("accounts", "User").objects
    users.update(verified_at=F("date_joined"))
    users.filter(is_staff=False).update(is_self_registered=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_door"),
    ]

    operations = [
        migrations.RunPython(canonicalise, migrations.RunPython.noop),
        migrations.RunPython(trust, migrations.RunPython.noop),
    ]
