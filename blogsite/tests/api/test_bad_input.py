"""Malformed and hostile requests."""

import http.client
import json
from datetime import timedelta
from urllib.parse import urlsplit

import jwt
import pytest
from django.conf import settings
from django.utils import timezone

from accounts.tests.baker_recipes import writer
from accounts.tokens import token_pair
from blogs.models import BlogPost
from blogs.tests.baker_recipes import finished_post
from blogsite.api.problems import BODY_TOO_LARGE

JSON = "application/json"


def bearer(user) -> str:
    return f"Bearer {token_pair(user)['access_token']}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", 400),
        (b"\xff\xfe{}", 400),
        (b'{"title": "\xed\xa0\x80"}', 400),
        (b'{"title": "\\ud800"}', 400),
        (b'{"title": "\\u0000"}', 400),
        (b'{"title": "a\x00b"}', 400),
        (b'{"title": 1e999}', 400),
        (b'{"title": 123}', 400),
        (b'{"title": true}', 400),
        (b'{"title": {"$ne": 1}}', 400),
        (b'{"title": "Bread", "content": []}', 400),
        (b'"' + b"a" * 1000 + b'"', 400),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400),
        (b"[" * 500_000, 400),
        (b'{"title": "Bread", "title": "Rye"}', 201),
        (b'{"title": "Bread", "unknown": {"deep": [1]}}', 400),
        (b' \n{"title": "Bread"}\n ', 201),
    ],
)
def test_a_body_is_accepted_or_rejected_in_one_clear_line(as_user, body, code):
    answer = as_user(writer.make()).generic("POST", "/api/v1/blogs", body, content_type=JSON)

    assert answer.status_code == code
    if code == 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert "\n" not in answer.json()["detail"]
        assert not BlogPost.objects.exists()
    elif b"Rye" in body:
        assert answer.json()["blog"]["title"] == "Rye"  # the last of two equal keys, as everywhere


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["false", 0, None, "no", [], {}])
def test_regenerate_must_be_true_or_false(as_user, value):
    post = finished_post.make()

    answer = as_user(post.owner).put(f"/api/v1/blogs/{post.pk}", {"title": "New", "regenerate": value})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["regenerate"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "a",
        "/",
    ],
)
def test_another_content_type_is_415(as_user, content_type):
    answer = as_user(writer.make()).generic("POST", "/api/v1/blogs", b'{"title": "x"}', content_type=content_type)

    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"nonsense"),
        ("multipart/form-data; boundary=\xff", b"--\xff"),
        ("application/x-www-form-urlencoded; charset=none", b"username=a&password=b"),
        ("application/x-www-form-urlencoded", b"username=%ff%00&password=%ed%a0%80"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2000))),
        (JSON, b'{"email": {"a": 1}, "password": []}'),
        (JSON, b'{"email": "a@b.c", "password": 12345678}'),
    ],
)
def test_a_strange_login_is_rejected_like_any_other(api, content_type, body):
    answer = api.generic("POST", "/api/v1/login", body, content_type=content_type)

    assert answer.status_code in (400, 401)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_an_address_that_is_too_long_in_lower_case_is_rejected(api):
    email = "a@" + ".".join(["İ" * 60] * 4) + ".com"  # 249 characters, in lower case 489
    assert len(email) < 254

    answer = api.post("/api/v1/register", {"email": email, "password": "tulips-in-the-rain"})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["email"])


def signed(key: str = "", algorithm: str = "HS256", **claims) -> str:
    payload = {"token_type": "access", "exp": timezone.now() + timedelta(minutes=5), "jti": "1", **claims}
    return jwt.encode(payload, key or (None if algorithm == "none" else settings.SECRET_KEY), algorithm=algorithm)


@pytest.mark.django_db
def test_invalid_tokens_change_nothing(api):
    post = finished_post.make()
    gone = writer.make()
    tokens = {
        "expired": signed(sub=str(post.owner_id), exp=timezone.now() - timedelta(seconds=1)),
        "forged": signed("y" * 64, sub=str(post.owner_id)),
        "unsigned": signed(algorithm="none", sub=str(post.owner_id)),
        "of a deleted user": bearer(gone).split()[1],
        "of no number": signed(sub="bob"),
        "of a huge number": signed(sub="9" * 30),
        "of nobody": signed(),
        "without an end": jwt.encode({"sub": str(post.owner_id), "token_type": "access"}, settings.SECRET_KEY),
    }
    gone.delete()
    for name, token in tokens.items():
        for method, path in (("delete", ""), ("patch", ""), ("post", "/regenerate"), ("get", "/generations")):
            api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
            answer = getattr(api, method)(f"/api/v1/blogs/{post.pk}{path}")

            assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json"), name

    api.credentials(HTTP_AUTHORIZATION=bearer(writer.make()))
    assert api.delete(f"/api/v1/blogs/{post.pk}").status_code == 403
    assert BlogPost.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer a b", "Basic YTpi", "bearer x", "Bearer \u00e9", "é"]
)
def test_a_malformed_authorization_header_is_401(api, header):
    answer = api.get("/api/v1/me", headers={"Authorization": header})

    assert answer.status_code == 401


@pytest.mark.django_db(transaction=True)
def test_thirty_megabytes_are_rejected(live_server):
    address = urlsplit(live_server.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    headers = {"Authorization": bearer(writer.make()), "Content-Type": JSON}
    connection.request("POST", "/api/v1/blogs", b'"' + b"x" * 30 * 1024 * 1024 + b'"', headers)

    answer = connection.getresponse()

    assert (answer.status, answer.headers["Content-Type"]) == (413, "application/problem+json")
    assert json.loads(answer.read())["detail"] == BODY_TOO_LARGE.format(2**20)
    connection.close()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_pages_of_the_documentation_refuse_with_problems(api, path):
    answer = api.post(path, headers={"Accept": "text/html"})

    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert answer.json()["detail"] == 'Method "POST" not allowed.'


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/blogs/x", "/api", "/nothing", "/"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_unknown_urls_answer_with_problems(api, path, method):
    answer = api.generic(method, path, b"{}", content_type=JSON)

    assert answer.status_code in ((200, 405) if path == "/" else (404,))
    if answer.status_code != 200:
        assert answer["Content-Type"] == "application/problem+json"
