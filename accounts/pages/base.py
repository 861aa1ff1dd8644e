"""What all pages share."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

MESSAGE = "accounts/message.html"


def show(request: HttpRequest, title: str, template: str = MESSAGE, *, status: int = 200, **shown: Any) -> HttpResponse:
    """Return a page that no cache keeps: its address is a secret of whoever got the link.

    Args:
        shown: what the template shows; a message's sentences are `text`.
    """
    answer = render(request, template, {"title": title, **shown}, status=status)
    add_never_cache_headers(answer)
    return answer
