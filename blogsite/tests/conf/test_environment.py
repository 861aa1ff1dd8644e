import pytest
from django.core.exceptions import ImproperlyConfigured

from blogsite.conf.environment import Environment


class Given(Environment):
    """Reads these variables, not the process's."""

    ENVIRON: dict[str, str] = {}


def given(**variables: str) -> Environment:
    Given.ENVIRON = variables
    return Given()


@pytest.mark.parametrize("word", ["true", "True", "on", "YES", "y", "1", "ok", " true "])
def test_words_for_true(word):
    assert given(HTTPS=word).bool("HTTPS", False) is True


@pytest.mark.parametrize("word", ["false", "FALSE", "off", "no", "N", "0"])
def test_words_for_false(word):
    assert given(HTTPS=word).bool("HTTPS", True) is False


@pytest.mark.parametrize("word", ["maybe", "ture", "2", "-1", "none", "truefalse", " "])
def test_any_other_word_is_refused(word):
    with pytest.raises(ImproperlyConfigured, match="HTTPS"):
        given(HTTPS=word).bool("HTTPS", True)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000", "https://blog.example.com/", "https://[::1]:8000", "https://example.com/blog"],
)
def test_an_address_is_taken_without_its_last_slash(url):
    assert given(PUBLIC_URL=url).web_address("PUBLIC_URL", "") == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "//example.com",
        "https://",
        "https://a b",
        "https://me@example.com",
        "http://a:b",
        "http://a:0",
        "http://[",
        "x#y",
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="PUBLIC_URL"):
        given(PUBLIC_URL=url).web_address("PUBLIC_URL", "")


def test_a_mail_server_is_read_with_its_password():
    mail = given(EMAIL_URL="smtp+tls://me:p%40ss@mail.example.com:587").email("EMAIL_URL", "consolemail://")

    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"], mail["EMAIL_HOST_PASSWORD"]) == ("mail.example.com", 587, "p@ss")
    assert mail["EMAIL_USE_TLS"] is True


def test_a_file_in_another_encoding_is_one_sentence(tmp_path):
    path = tmp_path / ".env"
    path.write_bytes("EMAIL_FROM=Grüße".encode("latin-1"))

    with pytest.raises(ImproperlyConfigured, match=r"\.env"):
        given().load(path)


def test_the_process_wins_over_the_file(tmp_path):
    path = tmp_path / ".env"
    path.write_text("LOG_FORMAT=json\nALGORITHM=HS384\n")
    variables = given(LOG_FORMAT="line")

    variables.load(path)

    assert variables.choice("LOG_FORMAT", ("line", "json")) == "line"
    assert variables.choice("ALGORITHM", ("HS256", "HS384")) == "HS384"
