"""What a service behind TLS has browsers remember."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware

from blogsite.conf.https import https


@pytest.mark.parametrize(
    ("hsts", "header"),
    [
        ("host", "max-age=31536000"),
        ("subdomains", "max-age=31536000; includeSubDomains"),
        ("preload", "max-age=31536000; includeSubDomains; preload"),
        ("off", None),
    ],
)
def test_browsers_remember_what_the_operator_chose(rf, settings, hsts, header):
    for name, value in https(hsts, "").items():
        setattr(settings, name, value)

    answer: Any = SecurityMiddleware(lambda request: HttpResponse())(rf.get("/", HTTP_X_FORWARDED_PROTO="https"))

    assert answer.get("Strict-Transport-Security") == header


@pytest.mark.parametrize("prefix", ["", "/blog"])
def test_only_monitoring_is_answered_without_tls(rf, settings, prefix):
    for name, value in https("host", prefix).items():
        setattr(settings, name, value)
    middleware: Any = SecurityMiddleware(lambda request: HttpResponse())

    paths = ("/healthz", "/metrics/", "/", "/healthz/x")

    assert [middleware(rf.get(prefix + path)).status_code for path in paths] == [200, 200, 301, 301]
