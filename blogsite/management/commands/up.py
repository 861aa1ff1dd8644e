"""`manage.py up`: the whole service, in the foreground."""

import os
import signal
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from blogsite.up.database import DatabaseNotReady, prepare_database
from blogsite.up.service import Log, PartFailed, Service, parts_and_env
from blogsite.up.welcome import address_hints, welcome
from generation.checks import require_prices
from generation.doctor.model import hints
from generation.llm.embedded_server import LocalModelUnavailable, model_file
from generation.processes.ports import PortUnavailable, require_free_port

TOO_FEW_WORKERS = "--workers must be 1 or more."
DATABASE_READY = "database ready, {count} migrations applied"


class Command(BaseCommand):
    help = (
        "Runs the whole service until Ctrl-C or SIGTERM: applies migrations, then starts the web server, the worker "
        "and, if no model is configured, the embedded model."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="TCP port of the web server (8000)")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this machine only)")
        parser.add_argument("--workers", type=int, help="number of worker processes (GENERATION_WORKERS)")

    def handle(self, *args: Any, **options: Any) -> None:
        colours = sys.stdout.isatty() and not options["no_color"] and "NO_COLOR" not in os.environ
        self.log = Log(sys.stdout, colours=colours)
        try:
            self.run_service(options["host"], options["port"], options["workers"])
        except (PortUnavailable, LocalModelUnavailable, DatabaseNotReady, PartFailed) as error:
            raise CommandError(str(error)) from None

    def run_service(self, host: str, port: int, workers: int | None) -> None:
        if workers is not None and workers < 1:
            raise CommandError(TOO_FEW_WORKERS)
        address = require_free_port(host, port)
        if settings.EMBEDDED:
            model_file()
        parts, env = parts_and_env(address, port, workers)
        service = Service(parts, self.log)
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, lambda *_: service.stopping.set())
        migrated = prepare_database()
        self.log.write("up", DATABASE_READY.format(count=migrated))
        require_prices()
        greeting = welcome(host, port)  # asks the database, which the parts have for themselves
        connections.close_all()
        for hint in address_hints(host):
            self.log.write("up", hint)
        threading.Thread(target=self.show_hints, daemon=True).start()
        service.run(env, lambda: self.log.write_plain(greeting))
        self.log.write("up", "stopped")

    def show_hints(self) -> None:
        """Show what to know about the model, beside the start: its server may take a moment to say it."""
        for hint in hints():
            self.log.write("up", hint)
