"""`manage.py deactivate`: deactivates an account, which ends its logins and its work, or activates it again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.leaving import LastSuperuser, check_superusers
from accounts.models import User

NO_USER = "There is no user with the email address {email}."
DEACTIVATED = "{email} is deactivated: logged out everywhere, and unfinished generations are cancelled."
ACTIVATED = "{email} is active again."


class Command(BaseCommand):
    help = "Deactivates an account: logs it out everywhere and cancels its unfinished generations. Its posts stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--undo", action="store_true", help="Activate it again.")

    def handle(self, *args: Any, email: str, undo: bool, **options: Any) -> None:
        user = User.objects.filter(email=email).first()
        if user is None:
            raise CommandError(NO_USER.format(email=email))
        try:
            with transaction.atomic():
                if not undo:
                    check_superusers([user.pk])
                user.is_active = undo
                user.save(update_fields=["is_active"])
        except LastSuperuser as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write((ACTIVATED if undo else DEACTIVATED).format(email=user.email))
