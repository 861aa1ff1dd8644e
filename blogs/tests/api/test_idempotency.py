"""Idempotency-Key: a repeated request takes effect once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.tests.baker_recipes import writer
from blogs.api.idempotency import NESTED_TOO_DEEPLY
from blogs.models import BlogPost, Revision, StoredAnswer
from blogs.tests.baker_recipes import finished_post
from generation.models import Generation

BRIEF = {"title": "Bread", "content": "flour; water"}


@pytest.mark.django_db
def test_the_same_request_again_gets_the_first_answer_and_does_nothing(as_user):
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
    assert Generation.objects.count() == 1


@pytest.mark.django_db
def test_keys_of_two_users_have_nothing_to_do_with_each_other(as_user):
    for _ in range(2):
        answer = as_user(writer.make()).post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"})
        assert answer.status_code == 201

    assert BlogPost.objects.count() == 2


@pytest.mark.django_db
def test_a_put_is_repeated_without_a_second_revision(as_user):
    post = finished_post.make()
    body = {"title": "Mine", "content": "My text.", "regenerate": False}

    for _ in range(2):
        answer = as_user(post.owner).put(f"/api/v1/blogs/{post.pk}", body, headers={"Idempotency-Key": "k1"})
        assert answer.status_code == 200

    assert Revision.objects.count() == 1


@pytest.mark.django_db
def test_what_failed_is_not_stored(as_user):
    client = as_user(writer.make())

    assert client.post("/api/v1/blogs", {"title": ""}, headers={"Idempotency-Key": "k1"}).status_code == 400
    assert client.post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"}).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(("depth", "code"), [(200, 201), (254, 400), (1000, 400)])
def test_a_body_that_is_nested_too_deeply_for_a_key_is_a_clear_400(as_user, depth, code):
    body = '{"title": "Bread", "more": ' + "[" * depth + "]" * depth + "}"
    client = as_user(writer.make())

    answer = client.generic(
        "POST", "/api/v1/blogs", body, content_type="application/json", headers={"Idempotency-Key": "k1"}
    )

    assert answer.status_code == code
    if code == 400:
        assert (answer["Content-Type"], answer.json()["detail"]) == (
            "application/problem+json",
            NESTED_TOO_DEEPLY,
        )
    assert StoredAnswer.objects.count() == BlogPost.objects.count() == int(code == 201)


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k1"}], ids=["no key", "a key"])
@pytest.mark.parametrize(
    ("content_type", "body"), [("application/json", "{"), ("text/plain", "please"), ("a", "b"), ("", "{}")]
)
@pytest.mark.parametrize("action", ["regenerate", "cancel", "generations/1/accept", "revisions/1/restore"])
def test_an_action_that_takes_no_body_does_not_look_at_one(as_user, headers, content_type, body, action):
    post = BlogPost(owner=writer.make(), title="Bread", brief="flour; water")
    post.submit(requested_by=post.owner)
    post.edit(title="Bread", content="My text.", author=post.owner)
    address = f"/api/v1/blogs/{post.pk}/{action}"

    answer = as_user(post.owner).generic("POST", address, body, content_type=content_type, headers=headers)

    assert answer.status_code == {"regenerate": 202, "generations/1/accept": 409}.get(action, 200)


@pytest.mark.django_db
def test_an_action_that_takes_no_body_is_repeated_whatever_body_comes(as_user):
    post = finished_post.make()
    client = as_user(post.owner)
    address = f"/api/v1/blogs/{post.pk}/regenerate"

    first = client.post(address, headers={"Idempotency-Key": "k1"})
    again = client.generic("POST", address, "{", content_type="text/plain", headers={"Idempotency-Key": "k1"})

    assert (first.status_code, again.status_code) == (202, 202)
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert Generation.objects.count() == 1


@pytest.mark.django_db
def test_a_key_is_forgotten_after_a_day(as_user):
    client = as_user(writer.make())
    client.post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"})
    client.post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k2"})
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))

    assert client.post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": "k1"}).status_code == 201
    assert BlogPost.objects.count() == 3
    assert StoredAnswer.objects.get().key == "k1"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "tab\there", "caf\xe9"])
def test_a_key_that_is_no_plain_word_is_a_clear_400(as_user, key):
    answer = as_user(writer.make()).post("/api/v1/blogs", BRIEF, headers={"Idempotency-Key": key})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])


@pytest.mark.django_db(transaction=True)
def test_twenty_equal_requests_at_once_make_one_post_and_one_generation(as_user):
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
def test_while_the_first_request_runs_a_second_one_is_409(as_user):
    owner = writer.make()
    is_held, may_end = threading.Event(), threading.Event()

    def hold():
        from django.db import transaction

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
