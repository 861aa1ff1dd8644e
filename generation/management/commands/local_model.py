"""`manage.py local_model`: the embedded model, as a server of its own on loopback."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from generation.costs import EMBEDDED_MODEL
from generation.llm.embedded_server import LocalModelUnavailable, serve
from generation.processes.ports import PortUnavailable

READY = f"{EMBEDDED_MODEL} ready on {{url}}"


class Command(BaseCommand):
    help = (
        "Serves the embedded model on 127.0.0.1 until SIGTERM. `manage.py up` starts it when no other provider is set."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8089, help="TCP port on 127.0.0.1 (default: 8089).")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serve(options["port"], self.announce)
        except (LocalModelUnavailable, PortUnavailable) as error:
            raise CommandError(str(error)) from None

    def announce(self, url: str) -> None:
        self.stdout.write(READY.format(url=url))
        self.stdout.flush()
