"""`manage.py qcluster`: Django-Q2's own command, with a cluster that stops in order. No supervision: see `worker`."""

import sys
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Runs the processes that write posts. `manage.py worker` runs this and keeps it running."

    def handle(self, *args: Any, **options: Any) -> None:
        from generation.cluster import SteadyCluster

        sys.exit(SteadyCluster().run())
