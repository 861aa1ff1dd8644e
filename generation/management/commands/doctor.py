"""`manage.py doctor`: is everything there that posts are written with?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from generation.doctor import model, services, settings
from generation.doctor.findings import Finding, State, examine

EXAMINATIONS = (
    ("key", model.key),
    ("endpoint", model.endpoint),
    ("model", model.model),
    ("database", services.database),
    ("queue", services.queue),
    ("worker", services.worker),
    ("clock", services.clock),
    ("disk", services.disk),
    ("settings", settings.debug),
    ("settings", settings.queue),
    ("settings", settings.checks),
)
NEED_THE_DATABASE = {"queue", "worker", "clock"}


class Command(BaseCommand):
    help = (
        "Looks at everything that posts are written with, asks the model for one word, and says what is wrong and how "
        "to mend it. Changes nothing; exits with 1 when something is broken."
    )
    requires_system_checks = ()  # they are part of what is looked at, and must not end it

    def handle(self, *args: Any, **options: Any) -> None:
        broken: list[str] = []
        for subject, look in EXAMINATIONS:
            if subject in NEED_THE_DATABASE and "database" in broken:
                continue
            for finding in examine(subject, look):
                self.say(finding)
                if finding.state == State.BROKEN:
                    broken.append(finding.subject)
        if broken:
            raise CommandError(f"{len(broken)} {'thing is' if len(broken) == 1 else 'things are'} broken.")

    def say(self, finding: Finding) -> None:
        styles = {State.FINE: self.style.SUCCESS, State.ODD: self.style.WARNING, State.BROKEN: self.style.ERROR}
        state = styles[finding.state](f"{finding.state:<6}")
        self.stdout.write(f"{state}  {finding.subject:<8}  {finding.sentence}")
        if finding.mend:
            self.stdout.write(f"{'':<18}{finding.mend}")
