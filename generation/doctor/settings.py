"""Settings that are risky in production, and everything that Django's system checks report."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import ERROR, run_checks

from accounts.checks import public_hosts
from accounts.networks import header_is_ignored
from generation.checks import check_prices, who_reads_first
from generation.doctor.findings import Finding, error, ok, warning

PUBLIC_DEBUG = "DEBUG is on for {hosts}: every error shows code and settings to strangers."
IGNORED_LATELY = (
    "X-Forwarded-For has arrived while TRUSTED_PROXIES is 0: all clients behind a proxy count as one network."
)
FORWARDED_FIX = (
    "Set TRUSTED_PROXIES to the number of your proxies; without any, ignore this: somebody made the header up."
)
ANY_HOST = "ALLOWED_HOSTS allows any host name."


def exposure() -> Iterator[Finding]:
    public = public_hosts()
    fix = "Set DEBUG=false."
    if settings.DEBUG and public:
        yield error("settings", PUBLIC_DEBUG.format(hosts=", ".join(public)), fix)
    elif settings.DEBUG:
        yield warning("settings", "DEBUG is on: errors show code and settings.", fix)
    else:
        yield ok("settings", "DEBUG is off.")
    if public and not settings.HTTPS:
        message = f"HTTPS is off for {', '.join(public)}: passwords and tokens are sent unencrypted."
        yield warning("settings", message, "Put a proxy that terminates TLS in front, and remove HTTPS=false.")
    if "*" in settings.ALLOWED_HOSTS:
        yield warning("settings", ANY_HOST, "List the host names of this service.")


def publishing() -> Iterator[Finding]:
    yield ok("publish", who_reads_first())


def forwarded_headers() -> Iterator[Finding]:
    if header_is_ignored():
        yield warning("proxies", IGNORED_LATELY, FORWARDED_FIX)


def task_timeouts() -> Iterator[Finding]:
    """The one setting of Django-Q2 that costs money: a `retry` before the `timeout` writes posts twice."""
    timeout, retry = settings.Q_CLUSTER["timeout"], settings.Q_CLUSTER["retry"]
    if retry > timeout:
        yield ok("settings", f"The queue ends a task after {timeout} s and retries it after {retry} s.")
    # Otherwise a system check says so, with what would be enough.


def system_checks() -> Iterator[Finding]:
    """Django's system checks and our own; the deployment checks too if the service is public."""
    is_deployed = bool(public_hosts()) and not settings.DEBUG
    messages = run_checks(include_deployment_checks=is_deployed)
    if not is_deployed:
        messages += check_prices(None)
    for message in messages:
        finding = error if message.level >= ERROR else warning
        fix = str(message.hint or "").strip() or f"Look up {message.id} in Django's documentation of system checks."
        yield finding("settings", f"{str(message.msg).strip()} ({message.id})", fix)
    if not messages:
        yield ok("settings", "All system checks pass.")
