"""Answers 503 where the database refuses a request, and refuses writes into a file that was replaced under us."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from blogs.database.file import DatabaseReplaced, refuse_replaced_file
from blogs.database.outages import Outage, forget_full, outage_of
from blogsite.api.problems import log_outage, outage_response

SAFE = {"GET", "HEAD", "OPTIONS"}


class Outages:
    """Middleware for all views; DRF's answer for themselves, by the same words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE:
            return self.get_response(request)
        try:
            refuse_replaced_file()  # nobody would ever read what is written into it
        except DatabaseReplaced as error:
            log_outage(Outage.REPLACED, error)
            return outage_response(request, Outage.REPLACED)
        answer = self.get_response(request)
        if answer.status_code < 400:
            forget_full()
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what a view raised, which has ended its transactions; None if it is no outage."""
        if not (outage := outage_of(error)):
            return None
        log_outage(outage, error)
        return outage_response(request, outage)
