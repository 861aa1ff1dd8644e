"""Revisions over HTTP."""

import pytest

from accounts.tests.baker_recipes import editor, writer
from blogs.api.pagination import PAGE_BYTES
from blogs.api.revisions import LIVE_ALREADY
from blogs.models import Revision, Status
from blogs.tests.baker_recipes import failed_post, finished_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    """A post with three revisions, the second one by its owner."""
    post = finished_post.make(revision=0)
    post.add_revision("First", "One.", source=Revision.Source.AI)
    post.add_revision("Second", "Two.", source=Revision.Source.HUMAN, author=post.owner)
    post.add_revision("Third", "Three.", source=Revision.Source.AI)
    return post


def test_revisions_are_listed_newest_first(as_user, post):
    client = as_user(post.owner)

    first = client.get(f"/api/v1/blogs/{post.pk}/revisions?limit=2")
    last = client.get(first.json()["next"])

    assert [revision["number"] for revision in first.json()["revisions"]] == [3, 2]
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    assert last.json()["next"] is None
    assert last.json()["revisions"][0]["content"] == "One."
    assert client.get(f"/api/v1/blogs/{post.pk}/revisions/2").json()["revision"] | {"created_at": ""} == {
        "number": 2,
        "source": "human",
        "author_id": post.owner_id,
        "title": "Second",
        "content": "Two.",
        "created_at": "",
    }


def test_a_page_of_revisions_ends_before_its_texts_pass_a_megabyte(as_user, post):
    for size in (PAGE_BYTES * 2, PAGE_BYTES // 2, PAGE_BYTES // 2):
        post.add_revision("Large", "é" * (size // 2), source=Revision.Source.AI)
    following, pages = f"/api/v1/blogs/{post.pk}/revisions?limit=5", []

    while following:
        page = as_user(post.owner).get(following).json()
        pages.append([revision["number"] for revision in page["revisions"]])
        following = page["next"]

    assert pages == [[6, 5], [4], [3, 2, 1]]


def test_a_restored_revision_is_a_new_one(as_user, post):
    answer = as_user(post.owner).post(f"/api/v1/blogs/{post.pk}/revisions/1/restore")

    blog, newest = answer.json()["blog"], post.revisions.first()
    assert (answer.status_code, blog["title"], blog["content"], blog["revision"]) == (200, "First", "One.", 4)
    assert (newest.number, newest.source, newest.author, newest.content) == (4, "restored", post.owner, "One.")


@pytest.mark.parametrize("number", [1, 4])
def test_restoring_the_live_text_changes_nothing_and_says_so(as_user, post, number):
    post.add_revision("First", "One.", source=Revision.Source.AI)
    client, address = as_user(post.owner), f"/api/v1/blogs/{post.pk}"
    before = client.get(address)

    answer = client.post(f"{address}/revisions/{number}/restore")

    assert (answer.status_code, answer.json()["message"]) == (200, LIVE_ALREADY)
    assert (client.get(address)["ETag"], post.revisions.count()) == (before["ETag"], 4)


def test_restoring_ends_the_failure(as_user):
    post = failed_post.make(revision=0)
    post.add_revision("First", "One.", source=Revision.Source.AI)
    post.add_revision("Second", "Two.", source=Revision.Source.AI)

    blog = as_user(post.owner).post(f"/api/v1/blogs/{post.pk}/revisions/1/restore").json()["blog"]

    assert (blog["status"], blog["failure"]) == (Status.COMPLETED, None)


@pytest.mark.parametrize(
    ("method", "path"), [("get", ""), ("get", "/1"), ("post", "/1/restore"), ("get", "/9"), ("post", "/9/restore")]
)
def test_revisions_are_for_the_owner_and_staff(as_user, api, post, method, path):
    def status(client, pk=post.pk):
        return getattr(client, method)(f"/api/v1/blogs/{pk}/revisions{path}").status_code

    found = 404 if "9" in path else 200
    assert status(api) == 401
    assert status(as_user(writer.make())) == 403
    assert status(as_user(writer.make()), pk=999) == 404
    assert status(as_user(editor.make())) == found
    assert status(as_user(post.owner)) == found


@pytest.mark.parametrize("number", [str(2**31), str(2**63), "9" * 300])
def test_a_number_out_of_range_is_404(as_user, post, number):
    client = as_user(post.owner)

    assert client.get(f"/api/v1/blogs/{post.pk}/revisions/{number}").status_code == 404
    assert client.post(f"/api/v1/blogs/{post.pk}/revisions/{number}/restore").status_code == 404
    assert client.get(f"/api/v1/blogs/{post.pk}/generations/{number}").status_code == 404
    assert client.post(f"/api/v1/blogs/{post.pk}/generations/{number}/accept").status_code == 404
