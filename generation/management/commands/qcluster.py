"""`manage.py qcluster`: Django-Q2's own command, with a cluster that stops in order. No supervision: see `worker`."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from generation.checks import ENGINE


class Command(BaseCommand):
    requires_system_checks = (ENGINE,)  # the others load the web pages, which a worker has no use for
    help = "Runs the processes that write posts. `manage.py worker` runs this and keeps it running."

    def handle(self, *args: Any, **options: Any) -> None:
        from generation.worker.cluster import SteadyCluster

        sys.exit(SteadyCluster().run())
