"""`manage.py resume`: ends a pause."""

from typing import Any

from django.core.management.base import BaseCommand

from generation.queue.site_pause import resume

DONE = "Resumed. Workers fetch what is queued."
NOT_PAUSED = "Nothing changed: it was not paused."


class Command(BaseCommand):
    requires_system_checks = ()  # as in `pause`
    help = "Ends a pause of all writing: workers go on with what is queued."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(DONE if resume() else NOT_PAUSED)
