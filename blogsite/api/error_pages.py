"""Errors as pages, where people look and not programs: in the admin, under /account and under /problems."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control, patch_vary_headers

from accounts.request_ids import request_id

PLACES = ("/admin", "/account", "/problems")
HTML, JSON = "text/html", "application/json"
LONGEST_ACCEPT = 2_000  # characters; Django makes an object of each kind in it
FORM_REFUSED = "This form was not accepted"
CSRF_FAILED = "Your browser did not send the cookie that protects the form, or the form was open for too long."
RELOAD = "Nothing was changed. Allow cookies for this site, go back, reload the page, and send the form again."
ADVICE = {
    400: "Go back, reload the page, and try again.",
    403: "Ask an administrator of this site for the permission.",
    404: "The address is misspelt, or what was here is gone.",
    413: "Nothing was saved. Go back, and send less at once.",
    500: "Go back and try again. If it happens again, give this number to whoever runs the site: {}.",
}


def is_for_a_person(request: HttpRequest) -> bool:
    """Whether an answer is read by a person, and not by a program or one of the admin's scripts."""
    return request.path_info.startswith(PLACES) and preferred_type(request) == HTML


def preferred_type(request: HttpRequest) -> str | None:
    """Return HTML, JSON, or None if a client accepts neither; a longer list than any client's counts as none."""
    if len(request.headers.get("Accept", "")) > LONGEST_ACCEPT:
        return HTML
    return request.get_preferred_type([HTML, JSON])


def is_for_admin(request: HttpRequest) -> bool:
    return request.path_info.startswith("/admin")


def error_page(
    request: HttpRequest, status: int, title: str, detail: str, advice: str = "", again: str = ""
) -> HttpResponse:
    """Return a page that needs no database.

    Args:
        status: the HTTP status code.
        title: what happened, in a few words.
        detail: the same in a sentence.
        advice: what to do now; empty for what is usual with this status.
        again: where to try again, if that makes sense.
    """
    advice = advice or ADVICE.get(status, "").format(request_id.get())
    page = {"title": title, "detail": detail, "advice": advice, "again": again, "is_error": True}
    names = {"site_header": admin.site.site_header, "site_title": admin.site.site_title}
    template = "admin/error.html" if is_for_admin(request) else "blogsite/error.html"
    response = HttpResponse(render_to_string(template, page | names), status=status)
    patch_vary_headers(response, ["Accept"])
    patch_cache_control(response, no_store=True)
    response.headers["Referrer-Policy"] = "strict-origin"  # the path may hold a link's token
    return response
