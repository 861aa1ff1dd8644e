"""Refuses writes into a SQLite file that was replaced under the service: nobody would ever read them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from blogs.database.file import DatabaseReplaced, refuse_replaced_file
from blogs.database.outages import Outage
from blogsite.api.problems import outage_response

GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS"}


def refuse_writes_into_nowhere(get_response: GetResponse) -> GetResponse:
    """Middleware: answer 503 to requests that write into a replaced file."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            try:
                refuse_replaced_file()
            except DatabaseReplaced:
                return outage_response(request, Outage.REPLACED)
        return get_response(request)

    return middleware
