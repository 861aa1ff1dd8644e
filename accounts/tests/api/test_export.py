"""`GET /me/export`: everything of a person in one document, written in pieces."""

import json
import tracemalloc
from contextlib import suppress

import pytest
from django.db import OperationalError, connection

from accounts.exports import PAGE
from accounts.tests.baker_recipes import editor, writer
from blogs.models import BlogPost, Revision
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.posts import request_post
from generation.tests.baker_recipes import written

pytestmark = pytest.mark.django_db
EXPORT = "/api/v1/me/export"


def test_the_export_has_everything_of_a_person_and_no_address_of_another(as_user):
    user, other = writer.make(), editor.make()
    post = request_post("Rye", "much water", owner=user, tone="formal")
    post.edit(title="Rye", content="By me.", author=user)
    post.edit(title="Rye", content="By another.", author=other)
    written.make(post=post, number=7, requested_by=other, warnings=[], content="By the model.")
    written.make(post=finished_post.make(owner=other, content="Another's text."))

    answer = as_user(user).get(EXPORT)
    text = answer.getvalue().decode()
    document = json.loads(text)

    assert answer["Content-Disposition"] == 'attachment; filename="blogsite-export.json"'
    assert (answer["Cache-Control"], answer["Content-Type"]) == ("no-store", "application/json")
    assert list(document) == ["account", "posts", "revisions", "releases", "generations"]
    assert document["posts"][0]["ai_disclosure"] == "human-only"
    assert [release["by_id"] for release in document["releases"]] == [user.pk, other.pk]
    assert (document["account"]["id"], document["account"]["email"]) == (user.pk, user.email)
    assert document["account"]["date_joined"].endswith("Z")
    (shown,) = document["posts"]
    assert (shown["id"], shown["brief"], shown["tone"], shown["content"]) == (
        post.pk,
        "much water",
        "formal",
        "By another.",
    )
    assert [(row["post_id"], row["content"]) for row in document["revisions"]] == [
        (post.pk, "By me."),
        (post.pk, "By another."),
    ]
    assert [(row["post_id"], row["number"], row["content"], row["cost"]) for row in document["generations"]] == [
        (post.pk, 1, "", document["generations"][0]["cost"]),
        (post.pk, 7, "By the model.", "0.001320"),
    ]
    assert other.email not in text
    assert "Another's text." not in text


def test_somebody_without_posts_gets_a_document_too(as_user):
    document = json.loads(as_user(writer.make()).get(EXPORT).getvalue())

    assert (document["posts"], document["revisions"], document["generations"]) == ([], [], [])


def test_the_document_is_valid_though_posts_are_deleted_while_it_is_written(as_user):
    user = writer.make()
    posts = finished_post.make(owner=user, _quantity=2 * PAGE + 5)
    pieces = iter(as_user(user).get(EXPORT))
    begin = b"".join(next(pieces) for _ in range(5))
    BlogPost.objects.filter(pk__gt=posts[PAGE].pk).delete()

    document = json.loads(begin + b"".join(pieces))

    assert [row["id"] for row in document["posts"]] == [post.pk for post in posts[: PAGE + 1]]


def test_what_an_outage_breaks_off_does_not_look_complete(as_user):
    user = writer.make()
    finished_post.make(owner=user, _quantity=PAGE + 5)
    pieces, got = iter(as_user(user).get(EXPORT)), b""
    for _ in range(5):
        got += next(pieces)

    def away(*args):
        raise OperationalError("terminating connection due to administrator command")

    with connection.execute_wrapper(away), suppress(OperationalError):
        for piece in pieces:
            got += piece

    assert got.count(b'"brief"') == PAGE
    with pytest.raises(json.JSONDecodeError):
        json.loads(got)


def test_memory_does_not_grow_with_the_posts(as_user):
    def peak(posts):
        user = writer.make()
        text = "Much text. " * 2_000
        BlogPost.objects.bulk_create(BlogPost(owner=user, title="Bread", content=text) for _ in range(posts))
        post = user.posts.first()
        Revision.objects.bulk_create(
            Revision(post=post, number=number, title="Bread", content=text, source="ai") for number in range(posts)
        )
        pieces = iter(as_user(user).get(EXPORT))
        tracemalloc.start()
        for _ in pieces:
            pass
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(PAGE)
    assert peak(20 * PAGE) < 2 * peak(2 * PAGE)


def test_a_person_exports_a_few_times_a_minute(as_user, settings):
    settings.THROTTLES = settings.THROTTLES | {"export": (2, 86_400)}
    client = as_user(writer.make())

    assert [client.get(EXPORT).status_code for _ in range(3)] == [200, 200, 429]
    assert as_user(writer.make()).get(EXPORT).status_code == 200


def test_nobody_exports_without_a_token(api):
    assert api.get(EXPORT).status_code == 401
