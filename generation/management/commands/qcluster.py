"""`manage.py qcluster`: Django-Q2's own command, with a cluster that shuts down cleanly. `worker` supervises it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from generation.checks import ENGINE


class Command(BaseCommand):
    requires_system_checks = (ENGINE,)  # the others load the web pages, which a worker does not need
    help = "Runs the processes that write posts. `manage.py worker` starts this and restarts it when it breaks."

    def handle(self, *args: Any, **options: Any) -> None:
        from generation.worker.cluster import SteadyCluster

        sys.exit(SteadyCluster().run())
