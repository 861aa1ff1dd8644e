"""`manage.py pause`: has workers fetch nothing, until `manage.py resume`."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from generation.models import SitePause
from generation.queue.site_pause import pause

DONE = "Paused. Workers finish what they write and fetch nothing more; requests queue until `manage.py resume`."
ALREADY = "Nothing changed: it was paused already. {pause}"


class Command(BaseCommand):
    requires_system_checks = ()  # a wrong setting must not keep anybody from pausing
    help = (
        "Pauses all writing, on every host: workers finish what they write and fetch nothing more. Requests are "
        "accepted and queue. It outlasts restarts, and ends with `manage.py resume` or the button in the admin."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reason", metavar="REASON", nargs="*", help="For whoever wonders why nothing is written.")

    def handle(self, *args: Any, reason: list[str], **options: Any) -> None:
        try:
            was_new = pause(reason=" ".join(reason))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(DONE if was_new else ALREADY.format(pause=SitePause.current() or "").strip())
