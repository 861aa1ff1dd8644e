import logging

import pytest

from accounts.checks import (
    LOCAL_LINKS,
    LOCAL_LINKS_HINT,
    NO_MAIL_HINT,
    SHOWN,
    check_links,
    check_mail,
    log_warnings,
    public_hosts,
)

SMTP = "django.core.mail.backends.smtp.EmailBackend"
CONSOLE = "django.core.mail.backends.console.EmailBackend"


@pytest.mark.parametrize(
    ("backend", "registration", "verify", "warned"),
    [
        (CONSOLE, "open", False, False),
        (CONSOLE, "closed", False, False),
        (CONSOLE, "invite", False, True),
        (CONSOLE, "open", True, True),
        ("django.core.mail.backends.dummy.EmailBackend", "open", True, True),
        (SMTP, "invite", True, False),
    ],
)
def test_mail_that_nobody_gets_is_warned_of_where_it_is_needed(settings, backend, registration, verify, warned):
    settings.EMAIL_BACKEND, settings.REGISTRATION, settings.VERIFY_EMAIL = backend, registration, verify

    assert [(one.id, one.hint) for one in check_mail(None)] == [("accounts.W001", NO_MAIL_HINT)] * warned


def test_a_public_service_whose_mail_goes_nowhere_is_warned_of(settings):
    settings.EMAIL_BACKEND, settings.ALLOWED_HOSTS = CONSOLE, ["blog.example.com"]

    assert [one.id for one in check_mail(None)] == ["accounts.W001"]


@pytest.mark.parametrize(
    ("url", "hosts", "hinted"),
    [
        ("http://127.0.0.1:8000", ["localhost", "testserver"], None),
        ("http://127.0.0.1:8000", ["localhost", "blog.example.com"], "blog.example.com"),
        ("http://localhost", [".example.com"], "example.com"),
        ("http://[::1]:8000", ["*"], "blog.example.com"),
        ("https://blog.example.com", ["blog.example.com"], None),
    ],
)
def test_links_that_lead_to_this_machine_are_warned_of_if_others_use_it(settings, url, hosts, hinted):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = url, hosts

    found = [(one.msg, one.hint) for one in check_links(None)]

    assert found == ([(LOCAL_LINKS.format(url=url), LOCAL_LINKS_HINT.format(host=hinted))] if hinted else [])


def test_local_names_are_not_public(settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "b.example.com", "a.example.com"]

    assert public_hosts() == ["a.example.com", "b.example.com"]


def test_warnings_are_logged_once_by_whoever_starts_first(settings, caplog, monkeypatch):
    settings.EMAIL_BACKEND, settings.VERIFY_EMAIL = CONSOLE, True
    with caplog.at_level(logging.WARNING):
        log_warnings()
    assert any("accounts.W001" in line and NO_MAIL_HINT in line for line in caplog.messages)
    caplog.clear()

    monkeypatch.setenv(SHOWN, "1")
    log_warnings()

    assert caplog.messages == []
