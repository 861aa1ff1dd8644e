"""`manage.py invite`: makes an invitation, and prints its link."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.links import invitation_link
from accounts.mail.outbox import TOO_MANY_MAILS, post_mail
from accounts.models import Invitation, OutgoingMail
from accounts.registration import why_not_invite


class Command(BaseCommand):
    help = "Makes an invitation to register, which works once and for seven days, and prints its link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="who is invited: only this address can be registered with it")
        parser.add_argument("--mail", action="store_true", help="also send a link to the address")

    def handle(self, *args: Any, **options: Any) -> None:
        invitation = Invitation(email=options["address"])
        try:
            invitation.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if reason := why_not_invite(invitation.email):
            raise CommandError(reason)
        with transaction.atomic():
            invitation.save()
            mail = options["mail"]
            if mail and not post_mail(OutgoingMail.Kind.INVITATION, invitation.email, invitation=invitation.pk):
                raise CommandError(TOO_MANY_MAILS)
        self.stdout.write(invitation_link(invitation.pk))
