"""System checks of the door: does mail arrive, and do its links lead here? Every start logs the warnings."""

import logging
import os
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, register, run_checks
from django.core.checks import Warning as CheckWarning

SETTINGS = "settings"  # the tag of checks whose warnings a service logs when it starts
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}
UNDELIVERED = ("console", "dummy", "locmem")  # Django's backends that send nothing
SHOWN = "SETTINGS_WARNINGS_SHOWN"  # set by a process that has shown them, for those that it starts

NO_MAIL = "{why}, but mail is not sent to anybody: EMAIL_URL is not set, or only prints it."
NO_MAIL_HINT = "Set EMAIL_URL to your mail server."
LOCAL_LINKS = "Links in mail lead to {url}, where nobody else reaches this service."
LOCAL_LINKS_HINT = "Set PUBLIC_URL, for example to https://{host}."
logger = logging.getLogger("blogsite.settings")


def public_hosts() -> list[str]:
    """Return the names in ALLOWED_HOSTS that others use for this machine."""
    return sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)


@register(SETTINGS)
def check_mail(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    reasons = {
        "VERIFY_EMAIL is on": settings.VERIFY_EMAIL,
        "REGISTRATION=invite": settings.REGISTRATION == "invite",
        "People on other machines reset their passwords by mail": bool(public_hosts()) and not settings.DEBUG,
    }
    why = next((reason for reason, holds in reasons.items() if holds), "")
    if why and settings.EMAIL_BACKEND.split(".")[-2] in UNDELIVERED:
        return [CheckWarning(NO_MAIL.format(why=why), hint=NO_MAIL_HINT, id="accounts.W001")]
    return []


@register(SETTINGS)
def check_links(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if not (hosts := public_hosts()) or not {host, f"[{host}]"} & LOCAL_HOSTS:
        return []
    hint = LOCAL_LINKS_HINT.format(host=hosts[0].lstrip("*.") or "blog.example.com")
    return [CheckWarning(LOCAL_LINKS.format(url=settings.PUBLIC_URL), hint=hint, id="accounts.W002")]


def log_warnings() -> None:
    """Log what is unsafe or strange in the settings, unless whoever started this process has shown it."""
    if os.environ.get(SHOWN):
        return
    for message in run_checks(tags=[SETTINGS]):
        logger.warning("%s %s (%s)", message.msg, message.hint or "", message.id)
