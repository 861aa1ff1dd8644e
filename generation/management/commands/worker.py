"""`manage.py worker`: writes posts until it is stopped."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from accounts.checks import log_warnings
from generation.checks import ENGINE, require_prices


class Command(BaseCommand):
    requires_system_checks = (ENGINE,)  # the others load the web pages, which a worker does not need
    help = (
        "Writes posts: runs a qcluster, restarts it when it breaks, and takes over the posts of dead workers. "
        "SIGTERM or Ctrl-C stops it gracefully; unfinished posts return to the queue."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        from generation.worker.supervisor import Supervisor

        log_warnings()
        require_prices()
        worker = Supervisor()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: worker.stop())
        worker.run()
