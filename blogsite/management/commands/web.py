"""`manage.py web`: the web server alone, for production."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from blogsite.up.web import web_command
from generation.processes.ports import PortUnavailable, require_free_port


class Command(BaseCommand):
    help = (
        "Serves the API and the admin until SIGTERM or Ctrl-C, then finishes the requests under way, for at most 10 "
        "seconds. It answers 503 while the database is away or its migrations are not applied."
    )
    requires_system_checks = ()  # the application names in its log what they would

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="TCP port (8000)")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this machine only)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            address = require_free_port(options["host"], options["port"])
        except PortUnavailable as error:
            raise CommandError(str(error)) from None
        os.chdir(settings.BASE_DIR)
        command = [sys.executable, *web_command(address, options["port"])]
        os.execv(sys.executable, command)  # it becomes granian: signals reach that, and no process is in between
