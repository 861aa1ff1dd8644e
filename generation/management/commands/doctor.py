"""`manage.py doctor`: checks everything that writing posts depends on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from generation.doctor import budgets, database, host, mail, model, queue, settings
from generation.doctor.findings import Finding, Level, run_check

CHECKS = (
    ("key", model.key),
    ("endpoint", model.endpoint),
    ("model", model.model),
    ("fallback", model.fallback),
    ("database", database.database),
    ("queue", queue.queue),
    ("pause", queue.pause),
    ("budgets", budgets.budgets),
    ("worker", queue.worker),
    ("mail", mail.mail),
    ("clock", host.clock),
    ("disk", host.disk),
    ("settings", settings.exposure),
    ("publish", settings.publishing),
    ("proxies", settings.forwarded_headers),
    ("settings", settings.task_timeouts),
    ("settings", settings.system_checks),
)
NEED_THE_DATABASE = {"queue", "pause", "budgets", "worker", "mail", "clock", "proxies"}


class Command(BaseCommand):
    help = (
        "Checks everything that writing posts depends on, asks the model for one word, and prints every problem with "
        "its fix. Changes nothing; exits with 1 on an error."
    )
    requires_system_checks = ()  # the doctor reports them itself; they must not end the command

    def handle(self, *args: Any, **options: Any) -> None:
        failed: list[str] = []
        for subject, check in CHECKS:
            if subject in NEED_THE_DATABASE and "database" in failed:
                continue
            for finding in run_check(subject, check):
                self.show(finding)
                if finding.level == Level.ERROR:
                    failed.append(finding.subject)
        if failed:
            raise CommandError(error_count(len(failed)))

    def show(self, finding: Finding) -> None:
        styles = {Level.OK: self.style.SUCCESS, Level.WARNING: self.style.WARNING, Level.ERROR: self.style.ERROR}
        level = styles[finding.level](f"{finding.level:<7}")
        self.stdout.write(f"{level}  {finding.subject:<8}  {finding.message}")
        if finding.fix:
            self.stdout.write(f"{'':<19}{finding.fix}")


def error_count(number: int) -> str:
    return f"{number} error found." if number == 1 else f"{number} errors found."
