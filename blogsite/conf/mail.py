"""Turns EMAIL_URL into Django's mail settings."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BAD_URL = (
    "EMAIL_URL is not valid. Write it like smtp+tls://user:password@host:587, smtp+ssl://user:password@host:465 or "
    "consolemail://, with special characters of user and password as %40."
)


def mail_from_url(url: str) -> dict[str, Any]:
    """Return Django's settings for sending mail.

    Args:
        url: one of django-environ's; the port may be left out.

    Raises:
        ImproperlyConfigured: it is none, without repeating the URL (it may hold a password).
    """
    try:
        config: dict[str, Any] = environ.Env.email_url_config(url)
    except (ValueError, environ.ImproperlyConfigured):
        config = {}
    is_smtp = str(config.get("EMAIL_BACKEND", "")).endswith("smtp.EmailBackend")
    if not config or (is_smtp and not config["EMAIL_HOST"]):
        raise ImproperlyConfigured(BAD_URL)
    usual = 465 if config.get("EMAIL_USE_SSL") else 587 if config.get("EMAIL_USE_TLS") else 25
    known = {name: value for name, value in config.items() if name.startswith("EMAIL_")}
    return known | {"EMAIL_PORT": config["EMAIL_PORT"] or usual}
