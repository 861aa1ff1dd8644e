"""Every operation that takes an Idempotency-Key repeats its first answer to the last byte, and stores no text."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.baker_recipes import writer
from blogs.api.idempotency import TEXT_DELETED
from blogs.models import BlogPost, Revision, StoredAnswer
from blogsite.testing.posts import fresh
from generation.models import Generation
from generation.tests.baker_recipes import waiting, written

pytestmark = pytest.mark.django_db
LIVE = 'Rye "and" \\ "content":null, 水和面粉 🍞'
OLD, PROPOSAL = "Old words.", "Proposed words."
KEY = {"Idempotency-Key": "k1"}
TITLE = {"title": "Rolls"}
REQUESTS: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "create_blog": ("post", "", TITLE | {"content": "Created words.", "generate": False}),
    "create_blog generated": ("post", "", TITLE | {"content": "flour; water"}),
    "update_blog": ("put", "/{pk}", TITLE | {"content": "Updated words.", "regenerate": False}),
    "update_blog generated": ("put", "/{pk}", TITLE | {"content": "flour; water"}),
    "publish_blog": ("post", "/{pk}/publish", {"revision": 1}),
    "publish_blog later": (
        "post", "/{pk}/publish", {"publish_at": (timezone.now() + timedelta(days=1)).isoformat()},
    ),
    "unpublish_blog": ("post", "/{pk}/unpublish", None),
    "restore_revision": ("post", "/{pk}/revisions/1/restore", None),
    "regenerate_blog": ("post", "/{pk}/regenerate", {}),
    "cancel_blog": ("post", "/{pk}/cancel", None),
    "accept_generation": ("post", "/{pk}/generations/1/accept", None),
    "discard_generation": ("post", "/{pk}/generations/1/discard", None),
}  # fmt: skip


def post_of(owner: User) -> BlogPost:
    """Return a post with two revisions, a proposal and an unfinished generation."""
    post = BlogPost(owner=owner, title="Bread")
    post.submit_own_text(OLD, author=owner)
    post.edit(title="Bread", content=LIVE, author=owner)
    written.make(post=post, landing=Generation.Landing.PROPOSED, content=PROPOSAL, owner=None)
    waiting.make(post=post, number=2, base_revision=2, owner=None)
    return post


@pytest.mark.parametrize("operation", REQUESTS)
def test_the_first_answer_is_repeated_to_the_last_byte_whatever_happened_since(as_user, operation):
    owner = writer.make()
    post, client = post_of(owner), as_user(owner)
    method, path, body = REQUESTS[operation]
    send = getattr(client, method)
    address = "/api/v1/blogs" + path.format(pk=post.pk)

    first = send(address, body, headers=KEY)
    stored = StoredAnswer.objects.get().body
    blog = first.json()["blog"]
    fresh(BlogPost.objects.get(pk=blog["id"])).edit(title="Other", content="Other.", author=owner)
    again = send(address, body, headers=KEY)

    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again.headers.items() >= {name: first[name] for name in ("ETag", "Content-Type")}.items()
    assert again["Idempotency-Replayed"] == "true"
    assert not blog["content"] or (orjson.dumps(blog["content"]).decode() not in stored and "words" not in stored)


def test_all_operations_with_a_key_are_tried(api):
    operations = [one for path in api.get("/openapi.json").json()["paths"].values() for one in path.values()]
    with_key = {
        one["operationId"]
        for one in operations
        if "Idempotency-Key" in {parameter.get("name") for parameter in one.get("parameters", [])}
    }

    assert with_key == {name.split()[0] for name in REQUESTS}


@pytest.mark.parametrize("gone", ["revision", "post"])
def test_a_repeated_answer_says_that_its_text_was_deleted(as_user, gone):
    owner = writer.make()
    post, client = post_of(owner), as_user(owner)
    body = {"title": "Bread", "content": "Mine.", "regenerate": False}
    address = f"/api/v1/blogs/{post.pk}"
    first = client.put(address, body, headers=KEY).json()
    client.patch(address, {"content": "Later."})

    assert client.delete(f"{address}/revisions/3" if gone == "revision" else address).status_code == 204
    again = client.put(address, body, headers=KEY)

    message = f"{first['message']} {TEXT_DELETED}"
    assert again.json() == first | {"message": message, "blog": first["blog"] | {"content": ""}}
    assert (again.status_code, again["Idempotency-Replayed"]) == (200, "true")


def test_an_answer_that_was_stored_with_its_text_is_repeated(as_user):
    owner = writer.make()
    post, client = post_of(owner), as_user(owner)
    address = f"/api/v1/blogs/{post.pk}/unpublish"
    first = client.post(address, headers=KEY)
    StoredAnswer.objects.update(body=first.content.decode())  # as before texts were left out
    Revision.objects.all().delete()

    assert client.post(address, headers=KEY).content == first.content
