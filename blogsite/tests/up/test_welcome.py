import pytest
from pytest_django import Settings

from blogsite.up.welcome import host_hint, welcome
from generation.checks import OPEN_DOOR, OPEN_DOOR_HINT, REVIEWED, UNREAD


@pytest.mark.parametrize(
    ("host", "allowed", "hinted"),
    [
        ("127.0.0.1", ["localhost"], False),
        ("0.0.0.0", ["localhost", "127.0.0.1", "[::1]"], True),
        ("0.0.0.0", ["localhost", "blog.example"], False),
        ("192.0.2.7", ["localhost"], True),
        ("192.0.2.7", ["*"], False),
        ("2001:db8::7", ["[2001:db8::7]"], False),
    ],
)
def test_a_host_that_would_be_rejected_gets_a_hint(settings: Settings, host: str, allowed: list[str], hinted: bool):
    settings.ALLOWED_HOSTS = allowed
    assert bool(host_hint(host)) == hinted


def test_the_welcome_says_that_anyone_may_spend_and_how_to_close_the_door(settings: Settings):
    assert OPEN_DOOR not in welcome("127.0.0.1", 8000)

    settings.OPENAI_API_KEY = "k"

    assert f"{OPEN_DOOR} {OPEN_DOOR_HINT}" in welcome("127.0.0.1", 8000)


def test_the_welcome_says_whether_anybody_reads_a_text_before_readers_do(settings: Settings):
    assert UNREAD in welcome("127.0.0.1", 8000)

    settings.PUBLISH = "on_review"

    assert REVIEWED in welcome("127.0.0.1", 8000)
