"""EMAIL_URL becomes Django's settings; test_settings.py has those that are refused."""

import pytest

from blogsite.conf.mail import mail_from_url

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp+tls://me%40example.com:a%2Fb@mail.example.com", {"EMAIL_PORT": 587, "EMAIL_USE_TLS": True}),
        ("smtp+ssl://me%40example.com:a%2Fb@mail.example.com", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True}),
        ("smtp://me%40example.com:a%2Fb@mail.example.com:2525", {"EMAIL_PORT": 2525}),
        ("smtp://me%40example.com:a%2Fb@mail.example.com", {"EMAIL_PORT": 25}),
    ],
)
def test_a_mail_server_is_read_from_its_url(url, expected):
    account = {"EMAIL_HOST": "mail.example.com", "EMAIL_HOST_USER": "me@example.com", "EMAIL_HOST_PASSWORD": "a/b"}

    config = mail_from_url(url)

    assert config["EMAIL_BACKEND"] == SMTP
    assert config.items() >= (account | expected).items()
    assert [name for name in config if name.startswith("EMAIL_USE")] == [name for name in expected if "USE" in name]


def test_without_a_server_mail_is_printed():
    assert mail_from_url("consolemail://")["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
