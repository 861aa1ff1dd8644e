"""Passwords: one form for each, however a keyboard composes it, and the rules for new ones."""

import unicodedata
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

PASSWORD_MAX_LENGTH = 1024  # bounds the cost of hashing; far beyond any passphrase
TOO_LONG = f"This password is too long. It may have at most {PASSWORD_MAX_LENGTH} characters."


def normalized(password: str) -> str:
    """Return a password in NFKC, as it is hashed; one that is too long, and so nobody's, as it is.

    Python takes quadratic time for many combining characters, in which no other thread runs.
    """
    return unicodedata.normalize("NFKC", password) if len(password) <= PASSWORD_MAX_LENGTH else password


class MaximumLengthValidator:
    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > PASSWORD_MAX_LENGTH:
            raise ValidationError(TOO_LONG, code="password_too_long")

    def get_help_text(self) -> str:
        return f"Your password may have at most {PASSWORD_MAX_LENGTH} characters."


class NormalizedValidator:
    """Has one of Django's validators judge what is hashed: letters of double width make no password stronger.

    Args:
        name: of the validator in `django.contrib.auth.password_validation`.
    """

    def __init__(self, name: str) -> None:
        self.judge: Any = getattr(password_validation, name)()

    def validate(self, password: str, user: Any = None) -> None:
        self.judge.validate(normalized(password), user)

    def get_help_text(self) -> str:
        return str(self.judge.get_help_text())
