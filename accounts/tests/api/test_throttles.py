"""Rate limits of registration, login and generation requests."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from rest_framework.test import APIClient

from accounts.models import RequestCount, User
from accounts.tests.baker_recipes import PASSWORD, writer
from accounts.tests.counting import Clock, CountingHasher

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(settings):
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES, (2, 86_400))


@pytest.mark.usefixtures("twice")
def test_registrations_of_one_address_are_limited(api):
    codes = [
        api.post("/api/v1/register", {"email": f"w{number}@example.com", "password": PASSWORD}).status_code
        for number in range(3)
    ]

    assert codes == [201, 201, 429]


@pytest.mark.usefixtures("twice")
def test_logins_of_one_address_are_limited_whoever_they_are_for(api):
    writer.make(email="bob@example.com")
    for _ in range(2):
        assert api.post("/api/v1/login", {"email": "x@example.com", "password": "wrong"}).status_code == 401

    answer = api.post("/api/v1/login", {"email": "bob@example.com", "password": PASSWORD})

    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert 0 < int(answer["Retry-After"]) <= 86_400
    assert "Expected available in" in answer.json()["detail"]
    other = api.post("/api/v1/login", {"email": "bob@example.com", "password": PASSWORD}, REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 200


@pytest.mark.usefixtures("twice")
def test_a_client_cannot_forge_its_address(api):
    answers = [
        api.post("/api/v1/login", {"email": "x@example.com", "password": "x"}, headers={"X-Forwarded-For": forged})
        for forged in ("10.0.0.1", "10.0.0.2", "10.0.0.3")
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 429]


@pytest.mark.usefixtures("twice")
def test_generation_requests_are_limited_by_user(as_user):
    client = as_user(writer.make())
    post = client.post("/api/v1/blogs", {"title": "Bread"})["Location"]

    assert client.post(f"{post}/regenerate").status_code == 202
    assert client.put(post, {"title": "Rye"}).status_code == 429
    assert client.post("/api/v1/blogs", {"title": "Rye"}).status_code == 429
    assert client.patch(post, {"title": "Rye"}).status_code == 200
    assert client.get(post).status_code == 200
    assert as_user(writer.make()).post("/api/v1/blogs", {"title": "Bread"}).status_code == 201


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("patch", "", {"content": "Rye."}),
        ("put", "", {"title": "Rye", "regenerate": False}),
        ("delete", "", None),
        ("patch", "/draft", {"brief": "Rye."}),
        ("post", "/publish", None),
        ("post", "/unpublish", None),
        ("post", "/cancel", None),
        ("post", "/revisions/1/restore", None),
        ("post", "/generations/1/accept", None),
        ("post", "/generations/1/discard", None),
    ],
)
def test_changes_of_posts_are_limited_by_user(as_user, method, path, body):
    client = as_user(writer.make())
    post = client.post("/api/v1/blogs", {"title": "Bread", "generate": False})["Location"]
    client.patch(post, {"content": "Wheat."})
    before = client.get(post).content

    answer = getattr(client, method)(post + path, body)

    assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-requests")
    assert int(answer["Retry-After"]) > 0
    assert client.get(post).content == before
    other = client.post("/api/v1/blogs", {"title": "Bread", "generate": False})
    assert (other.status_code, client.get("/api/v1/blogs?owner=me").json()["next"]) == (429, None)


def test_a_limit_can_be_removed(api, settings):
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES)

    codes = {api.post("/api/v1/login", {"email": "x@y.z", "password": "x"}).status_code for _ in range(5)}

    assert codes == {401}


@pytest.mark.usefixtures("twice")
def test_addresses_of_one_ipv6_network_count_as_one(api):
    codes = [
        api.post("/api/v1/login", {"email": "x@example.com", "password": "x"}, REMOTE_ADDR=f"2001:db8:77:{net}::{host}")
        for net, host in [(1, 1), (1, 2), (1, 3), (2, 1)]
    ]

    assert [answer.status_code for answer in codes] == [401, 401, 429, 401]


@pytest.mark.usefixtures("twice")
def test_registrations_and_logins_are_counted_by_all_processes_together(api):
    for number in range(2):
        api.post("/api/v1/register", {"email": f"w{number}@example.com", "password": PASSWORD})
        api.post("/api/v1/login", {"email": "x@example.com", "password": "x"})
    cache.clear()  # another process has another one

    for path in ("register", "login"):
        assert api.post(f"/api/v1/{path}", {"email": "x@example.com", "password": PASSWORD}).status_code == 429


@pytest.mark.usefixtures("twice")
def test_counts_of_windows_that_are_over_expire(api, monkeypatch):
    clock = Clock(monkeypatch)
    api.post("/api/v1/login", {"email": "x@example.com", "password": "x"})
    assert (RequestCount.objects.count(), RequestCount.objects.expired().count()) == (1, 0)

    clock.move(86_400)

    assert RequestCount.objects.expired().count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["register", "login"])
def test_without_a_database_the_answer_is_503_and_nothing_is_hashed_or_stored(api, settings, path):
    settings.PASSWORD_HASHERS = ["accounts.tests.counting.CountingHasher"]
    CountingHasher.count = 0

    with connection.execute_wrapper(unavailable):
        answer = api.post(f"/api/v1/{path}", {"email": "new@example.com", "password": PASSWORD})

    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert (CountingHasher.count, User.objects.count(), RequestCount.objects.count()) == (0, 0, 0)


def unavailable(execute: Any, sql: str, *args: Any) -> Any:
    raise OperationalError("the connection is closed")


@pytest.mark.django_db(transaction=True)
def test_requests_that_come_at_once_are_all_counted(settings):
    settings.THROTTLES = settings.THROTTLES | {"login": (5, 86_400)}

    def login(_: int) -> int:
        try:
            body = {"email": "x@example.com"}  # without a password: only the throttle does anything
            code: int = APIClient().post("/api/v1/login", body).status_code
            return code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(login, range(20)))

    assert (codes.count(400), codes.count(429)) == (5, 15)
