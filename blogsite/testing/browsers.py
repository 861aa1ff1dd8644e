"""Browsers without a window: Django's test client, logged in, and what a browser makes of a form's values."""

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
    """Return a text with the line ends that browsers put in the place of all others; other values as they are."""
    return re.sub("\r\n?|\n", "\r\n", value) if isinstance(value, str) else value
