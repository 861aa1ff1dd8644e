"""Browsers without a window: Django's test client, logged in, and how a browser submits a form's values."""

import re
from typing import Any

from django.test import Client

from accounts.models import User


def logged_in(user: User) -> Client:
    """Return a browser in which `user` has logged in to the admin."""
    client = Client()
    client.force_login(user)
    return client


def as_sent(value: Any) -> Any:
    """Return a text with the line endings that browsers submit, and any other value unchanged."""
    return re.sub("\r\n?|\n", "\r\n", value) if isinstance(value, str) else value
