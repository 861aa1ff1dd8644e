"""Idempotency-Key: a repeated request takes effect once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from accounts.models import User
from accounts.tests.baker_recipes import writer
from blogs.api.idempotency import NESTED_TOO_DEEPLY, KeyReused, StillRunning
from blogs.models import BlogPost, Revision, StoredAnswer
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.posts import owner_of
from generation.models import Generation

BRIEF = {"title": "Bread", "content": "flour; water"}


@pytest.mark.django_db
def test_a_repeated_request_gets_the_first_answer_and_does_nothing(as_user):
    client = as_user(writer.make())

    first = client.post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"})
    second = client.post(
        "/api/v1/blogs", {"content": "flour; water", "title": "Bread"}, headers={"Idempotency-Key": "k1"}
    )

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (first["Location"], first["ETag"]) == (second["Location"], second["ETag"])
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert (BlogPost.objects.count(), Generation.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_key_that_was_used_for_something_else_is_422(as_user):
    owner = writer.make()
    client = as_user(owner)
    post = finished_post.make(owner=owner)
    client.post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"})

    other_body = client.post("/api/v1/blogs", {"title": "Rye"}, headers={"Idempotency-Key": "k1"})
    other_address = client.put(f"/api/v1/blogs/{post.pk}", BRIEF, headers={"Idempotency-Key": "k1"})

    assert (other_body.status_code, other_address.status_code) == (422, 422)
    assert other_body["Content-Type"] == "application/problem+json"
    assert other_body.json()["detail"] == KeyReused.default_detail
    assert Generation.objects.count() == 1


@pytest.mark.django_db
def test_each_user_and_each_key_has_an_answer_of_its_own(as_user):
    clients = [as_user(writer.make()) for _ in range(2)]
    requests = [
        (client, {"title": f"{key} of client {number}"}, {"Idempotency-Key": key})
        for number, client in enumerate(clients)
        for key in ("k1", "k2")
    ]

    first = [client.post("/api/v1/blogs", body, headers=key) for client, body, key in requests]
    again = [client.post("/api/v1/blogs", body, headers=key) for client, body, key in requests]

    assert [answer.json()["blog"]["title"] for answer in again] == [body["title"] for _, body, _ in requests]
    assert [answer.content for answer in again] == [answer.content for answer in first]
    assert (BlogPost.objects.count(), StoredAnswer.objects.count()) == (4, 4)


@pytest.mark.django_db
def test_a_repeated_put_adds_no_second_revision(as_user):
    post = finished_post.make()
    body = {"title": "Mine", "content": "My text.", "regenerate": False}

    for _ in range(2):
        answer = as_user(post.owner).put(f"/api/v1/blogs/{post.pk}", body, headers={"Idempotency-Key": "k1"})
        assert answer.status_code == 200

    assert Revision.objects.count() == 1


@pytest.mark.django_db
def test_failures_are_not_stored(as_user):
    client = as_user(writer.make())

    assert client.post("/api/v1/blogs", {"title": ""}, headers={"Idempotency-Key": "k1"}).status_code == 400
    assert client.post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"}).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("depth", [254, 1000])
def test_a_body_nested_too_deeply_for_a_key_is_a_clear_400(as_user, depth):
    body = '{"title": "Bread", "more": ' + "[" * depth + "]" * depth + "}"
    client = as_user(writer.make())

    answer = client.generic(
        "POST", "/api/v1/blogs", body, content_type="application/json", headers={"Idempotency-Key": "k1"}
    )

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"] == NESTED_TOO_DEEPLY
    assert not StoredAnswer.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k1"}], ids=["no key", "a key"])
@pytest.mark.parametrize(
    ("content_type", "body"), [("application/json", "{"), ("text/plain", "please"), ("a", "b"), ("", "{}")]
)
@pytest.mark.parametrize("action", ["cancel", "generations/1/accept", "revisions/1/restore"])
def test_an_action_without_a_body_ignores_one(as_user, headers, content_type, body, action):
    post = BlogPost(owner=writer.make(), title="Bread", brief="flour; water")
    post.submit(requested_by=owner_of(post))
    post.edit(title="Bread", content="My text.", author=owner_of(post))
    address = f"/api/v1/blogs/{post.pk}/{action}"

    answer = as_user(post.owner).generic("POST", address, body, content_type=content_type, headers=headers)

    assert answer.status_code == {"generations/1/accept": 409}.get(action, 200)


@pytest.mark.django_db
def test_an_action_without_a_body_is_repeated_whatever_body_is_sent(as_user):
    post = finished_post.make()
    client = as_user(post.owner)
    post.request_generation(requested_by=post.owner)
    address = f"/api/v1/blogs/{post.pk}/cancel"

    first = client.post(address, headers={"Idempotency-Key": "k1"})
    again = client.generic("POST", address, "{", content_type="text/plain", headers={"Idempotency-Key": "k1"})

    assert (first.status_code, again.status_code) == (200, 200)
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")


@pytest.mark.django_db
def test_a_key_expires_after_a_day(as_user):
    client = as_user(writer.make())
    client.post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"})
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))

    assert client.post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"}).status_code == 201
    assert BlogPost.objects.count() == 2
    assert StoredAnswer.objects.get().key == "k1"


@pytest.mark.django_db
def test_a_request_replaces_its_own_expired_answer_and_leaves_others_to_the_worker(as_user):
    mine, theirs = writer.make(), writer.make()
    expired = timezone.now() - timedelta(hours=24, seconds=1)

    def stored(user: User, *keys: str, created_at: datetime) -> None:
        rows = [StoredAnswer(user=user, key=key, fingerprint="", created_at=created_at) for key in keys]
        StoredAnswer.objects.bulk_create(rows)

    stored(theirs, "k1", created_at=expired)
    stored(mine, "k1", "k2", created_at=expired)

    answer = as_user(mine).post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"})

    assert answer.status_code == 201
    left = {(row.user, row.key, row.created_at <= expired) for row in StoredAnswer.objects.all()}
    assert left == {(mine, "k1", False), (mine, "k2", True), (theirs, "k1", True)}


@pytest.mark.django_db
def test_a_request_whose_key_cannot_be_reserved_is_503(as_user):
    def fail(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith('INSERT INTO "blogs_storedanswer"'):
            raise OperationalError("the server closed the connection")
        return execute(sql, *args)

    client = as_user(writer.make())
    with connection.execute_wrapper(fail):
        answer = client.post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"})

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert not BlogPost.objects.exists()


@pytest.mark.django_db
def test_a_request_that_waits_too_long_for_its_first_is_409(as_user):
    def give_up(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith('INSERT INTO "blogs_storedanswer"'):
            raise OperationalError("canceling statement due to lock timeout") from LockNotAvailable()
        return execute(sql, *args)

    client = as_user(writer.make())
    with connection.execute_wrapper(give_up):
        answer = client.post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"})

    assert (answer.status_code, answer["Retry-After"]) == (409, "1")
    assert answer.json()["detail"] == StillRunning.default_detail
    assert not BlogPost.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "tab\there", "caf\xe9"])
def test_a_malformed_key_is_a_clear_400(as_user, key):
    answer = as_user(writer.make()).post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": key})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])


@pytest.mark.django_db(transaction=True)
def test_twenty_concurrent_requests_create_one_post_and_one_generation(as_user):
    owner = writer.make()
    start = threading.Barrier(20)

    def send(_):
        try:
            client = as_user(owner)
            start.wait(timeout=30)
            return client.post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"})
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(send, range(20)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in answers if answer.status_code == 201) == 1
    assert (BlogPost.objects.count(), Generation.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time: the others wait")
def test_a_request_is_409_while_its_first_is_running(as_user):
    owner = writer.make()
    is_held, may_end = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            StoredAnswer.objects.create(user=owner, key="k1", fingerprint="")
            is_held.set()
            may_end.wait(30)
            transaction.set_rollback(True)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert is_held.wait(30)
        answer = as_user(owner).post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"})
    finally:
        may_end.set()
        thread.join()

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer["Retry-After"] == "1"
    assert as_user(owner).post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"}).status_code == 201
