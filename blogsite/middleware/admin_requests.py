"""Refuses requests to the admin that no database could answer: pages of it hand what an address says on as it is."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from blogs.models import ID_MAX
from blogsite.api.problems import answer
from blogsite.middleware.admin_only import is_for_admin

LONGEST = 1000  # characters of a parameter: SQLite searches for no more than 50,000 bytes
ADDRESSES = {"next", "_changelist_filters"}  # parameters that hold other addresses, and are never searched for
HAS_NUL = "This address has a NUL character in it, which no text has."
TOO_LONG = f"This address has a parameter of more than {LONGEST:,} characters. Search for fewer."
OUT_OF_RANGE = "This address or form has a number in it that is too large or too small."
NO_ID = "What was selected is not a number of anything in this list."


class AdminRequests(MiddlewareMixin):
    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)  # there is only a view to look at, and every read would pay for more

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *args: Any) -> HttpResponse | None:
        if not is_for_admin(request) or not (complaint := complaint_about(request)):
            return None
        return answer(request, 400, complaint, "malformed-request")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a filter or a choice that Django hands on to where it cannot be compared with anything."""
        if is_for_admin(request) and is_out_of_range(error):
            return answer(request, 400, OUT_OF_RANGE, "malformed-request")
        return None


def is_out_of_range(error: Exception) -> bool:
    """Whether a number is larger than the database's, or a year than Python's."""
    return isinstance(error, OverflowError | DataError) or (
        isinstance(error, ValueError) and str(error).startswith("year ")
    )


def complaint_about(request: HttpRequest) -> str:
    """Return why a request to the admin cannot be answered; empty if it can."""
    if any("\0" in part for part in (request.path_info, *request.GET, *values_of(request))):
        return HAS_NUL
    if any(len(value) > LONGEST for name in request.GET.keys() - ADDRESSES for value in request.GET.getlist(name)):
        return TOO_LONG
    selected = request.POST.getlist(ACTION_CHECKBOX_NAME) if request.method == "POST" else []
    return "" if all(map(is_id, selected)) else NO_ID


def values_of(request: HttpRequest) -> list[str]:
    return [value for _, values in request.GET.lists() for value in values]


def is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= ID_MAX
