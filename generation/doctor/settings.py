"""Settings that work until the day they do not."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import ERROR, run_checks

from generation.doctor.findings import Finding, broken, fine, odd

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}


def debug() -> Iterator[Finding]:
    public = sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)
    mend = "Set DEBUG=false."
    if settings.DEBUG and public:
        sentence = f"DEBUG is on for {', '.join(public)}: every error shows strangers the code and its settings."
        yield broken("settings", sentence, mend)
    elif settings.DEBUG:
        yield odd("settings", "DEBUG is on: errors show the code and its settings.", mend)
    else:
        yield fine("settings", "DEBUG is off.")
    if public and not settings.HTTPS:
        sentence = f"HTTPS is off for {', '.join(public)}: passwords and tokens travel in the clear."
        yield odd("settings", sentence, "Put TLS in front, and take HTTPS=false out.")
    if "*" in settings.ALLOWED_HOSTS:
        yield odd("settings", "ALLOWED_HOSTS lets any name in.", "List the names of this service.")


def queue() -> Iterator[Finding]:
    """The one trap of Django-Q2 that loses money: a `retry` that comes before the `timeout` writes posts twice."""
    timeout, retry = settings.Q_CLUSTER["timeout"], settings.Q_CLUSTER["retry"]
    if retry > timeout:
        yield fine("settings", f"A task is handed out again after {retry} s, and ended after {timeout} s.")
    # Otherwise a system check says so, with what would be enough.


def checks() -> Iterator[Finding]:
    """Django's system checks and our own, those for a deployment too when strangers may come by."""
    public = bool(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS) and not settings.DEBUG
    messages = run_checks(include_deployment_checks=public)
    for message in messages:
        found = broken if message.level >= ERROR else odd
        mend = str(message.hint or "").strip() or f"Look up {message.id} in Django's system check framework."
        yield found("settings", f"{str(message.msg).strip()} ({message.id})", mend)
    if not messages:
        yield fine("settings", "All system checks pass.")
