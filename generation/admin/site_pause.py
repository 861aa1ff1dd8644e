"""The buttons that pause and resume all writing."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from blogs.admin.pages import current_user
from generation.queue import site_pause
from generation.queue.site_pause import PERMISSION

PAUSED = "Paused. What is being written is finished; requests queue until somebody resumes."
RESUMED = "Resumed. Workers fetch what is queued."
ALREADY_PAUSED, NOT_PAUSED = "It was paused already.", "It was not paused."


def pause(request: HttpRequest) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return answer(request, lambda user: PAUSED if site_pause.pause(user, reason) else ALREADY_PAUSED)


def resume(request: HttpRequest) -> HttpResponse:
    return answer(request, lambda user: RESUMED if site_pause.resume(user) else NOT_PAUSED)


def answer(request: HttpRequest, change: Callable[[User], str]) -> HttpResponse:
    """Make a change that was posted, and redirect to the admin's first page with its message.

    Anything but a POST is somebody who had to log in first: they find the button there.
    """
    if request.method == "POST":
        user = current_user(request)
        if not user.has_perm(PERMISSION):
            raise PermissionDenied
        try:
            messages.success(request, change(user))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("admin:index")
