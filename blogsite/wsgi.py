"""The WSGI application."""

import os
import sys
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.core.management.base import CommandError
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils.http import parse_header_parameters

from accounts.checks import log_warnings

LONGEST = 1_000  # characters of a Content-Type


class Request(WSGIRequest):
    """A request that survives any Content-Type: an unreadable or endless one counts as none, and text is always UTF-8.

    Django parses both before its own error handling begins.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        if len(meta.get("CONTENT_TYPE", "")) > LONGEST:
            meta["CONTENT_TYPE"] = ""
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, ValueError):
            meta["CONTENT_TYPE"] = self.content_type = ""
            self.content_params = {}


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
application = get_wsgi_application()
application.request_class = Request
log_warnings()

import generation.writer.worst_case  # noqa: E402, F401  (half of the writer: not at the first request)
from generation.checks import require_prices  # noqa: E402  (it knows models, which Django has to load before)

try:
    require_prices()
except CommandError as missing:
    sys.exit(str(missing))
finally:
    connections.close_all()

if "granian" in sys.modules:  # which loads this in each of its workers, before that starts
    from blogsite.raw_headers import serve_raw_headers

    serve_raw_headers()
