import pytest
from pytest_django import Settings

from blogsite.up.welcome import HTTPS_HINT, address_hints, host_hint, welcome
from generation.checks import OPEN_DOOR_HINT, REVIEWED, UNREAD, open_door


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


@pytest.mark.django_db
def test_the_welcome_says_that_anyone_may_spend_and_how_to_close_the_door(settings: Settings):
    assert OPEN_DOOR_HINT not in welcome("127.0.0.1", 8000)

    settings.OPENAI_API_KEY = "k"

    assert f"{open_door()} {OPEN_DOOR_HINT}" in welcome("127.0.0.1", 8000)


@pytest.mark.django_db
def test_the_welcome_says_which_limits_hold_and_which_model_none_binds(settings: Settings):
    settings.POSTS_USER_DAY = 200
    assert "Limits each user 200 posts a day\n" in welcome("127.0.0.1", 8000)

    settings.OPENAI_API_KEY = "k"
    said = welcome("127.0.0.1", 8000)
    assert (
        "site $5.00 a day; each user $1.00 a day, 200 posts a day; self-registered users $2.50 a day together" in said
    )
    assert "MODEL_PRICES" not in said

    settings.OPENAI_MODEL, settings.MODELS = "unheard-of", ["unheard-of"]
    assert 'MODEL_PRICES={"unheard-of":' in welcome("127.0.0.1", 8000)


@pytest.mark.parametrize("https", [True, False])
def test_a_redirect_of_all_that_comes_without_a_proxy_is_announced(settings: Settings, https: bool):
    settings.HTTPS = https

    assert (HTTPS_HINT in address_hints("127.0.0.1")) == https


@pytest.mark.django_db
def test_the_welcome_says_whether_anybody_reads_a_text_before_readers_do(settings: Settings):
    assert UNREAD in welcome("127.0.0.1", 8000)

    settings.PUBLISH = "on_review"

    assert REVIEWED in welcome("127.0.0.1", 8000)
