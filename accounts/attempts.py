"""Attempts at a password: counted before anything is hashed."""

from django.http import HttpRequest

from accounts.models import User
from accounts.refusals import Refusal

TOO_MANY = "Too many attempts with a wrong password. Try again later."
NOT_YOURS = "This is not your password."


class TooManyAttempts(Refusal):
    status = 429
    problem = "too-many-attempts"
    detail = TOO_MANY


class WrongPassword(Exception):
    """It is not the password of the user who is logged in."""


def confirm_password(request: HttpRequest, user: User, password: str) -> None:
    """Make sure that the person who is logged in knows the password.

    Raises:
        WrongPassword, TooManyAttempts.
    """
    if not user.check_password(password):
        raise WrongPassword(NOT_YOURS)
