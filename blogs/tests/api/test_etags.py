"""Conditional requests: polling with If-None-Match, changes with If-Match."""

import pytest

from accounts.tests.baker_recipes import editor, writer
from blogs.etags import PreconditionFailed
from blogs.models import BlogPost, Revision, Status
from blogs.tests.baker_recipes import failed_post, finished_post
from generation.models import Generation

pytestmark = pytest.mark.django_db


def address(post: BlogPost) -> str:
    return f"/api/v1/blogs/{post.pk}"


def test_patch_is_a_persons_edit_and_starts_no_generation(as_user):
    post = failed_post.make()

    answer = as_user(post.owner).patch(address(post), {"content": "  My text. \n"})

    blog, revision = answer.json()["blog"], Revision.objects.get()
    assert answer.status_code == 200
    assert (blog["title"], blog["content"], blog["status"]) == (post.title, "  My text. \n", Status.COMPLETED)
    assert (revision.source, revision.author, revision.title) == ("human", post.owner, post.title)
    assert not Generation.objects.exists()


def test_patch_keeps_omitted_fields(as_user):
    post = finished_post.make()

    blog = as_user(editor.make()).patch(address(post), {"title": "Better"}).json()["blog"]

    assert (blog["title"], blog["content"], blog["brief"]) == ("Better", "The text that readers see.", "salt; water")
    assert as_user(post.owner).patch(address(post), {}).status_code == 200
    assert Revision.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"), [({"title": ""}, "title"), ({"content": None}, "content"), ({"content": 5}, "content")]
)
def test_a_bad_patch_names_the_field(as_user, body, field):
    post = finished_post.make()

    answer = as_user(post.owner).patch(address(post), body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_only_owner_and_staff_may_patch(as_user, api):
    post = finished_post.make()

    assert as_user(writer.make()).patch(address(post), {"title": "Mine"}).status_code == 403
    assert api.patch(address(post), {"title": "Mine"}).status_code == 401
    assert as_user(post.owner).patch("/api/v1/blogs/999", {"title": "Mine"}).status_code == 404


def test_a_client_that_has_this_version_gets_304_in_one_query(api, django_assert_num_queries):
    post = finished_post.make()
    tag = api.get(address(post))["ETag"]

    with django_assert_num_queries(1) as queries:
        answer = api.get(address(post), headers={"If-None-Match": tag})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert "CASE WHEN version" in queries[0]["sql"]
    assert "Content-Type" not in answer


@pytest.mark.parametrize("header", ["W/{tag}", '"x", {tag}', "*"])
def test_if_none_match_accepts_every_form_of_http(api, header):
    post = finished_post.make()
    tag = api.get(address(post))["ETag"]

    assert api.get(address(post), headers={"If-None-Match": header.format(tag=tag)}).status_code == 304


@pytest.mark.parametrize(
    "header",
    [
        '"1-999"',
        '"99999999999999999999-1"',
        "nonsense",
        '"',
        "",
        '"{id}-0{version}"',
        '"0{id}-{version}"',
    ],
)
def test_another_tag_gets_the_whole_post(api, header):
    post = finished_post.make(version=1)

    answer = api.get(address(post), headers={"If-None-Match": header.format(id=post.pk, version=post.version)})

    assert answer.json()["blog"]["content"] == "The text that readers see."


def test_every_change_answers_with_the_new_tag(as_user, api):
    post = finished_post.make()
    client = as_user(post.owner)
    tags = [api.get(address(post))["ETag"]]

    for method, path, body in (
        ("patch", "", {"title": "Better"}),
        ("put", "", {"title": "New"}),
        ("post", "/cancel", None),
        ("post", "/regenerate", None),
    ):
        answer = getattr(client, method)(address(post) + path, body)
        assert answer.status_code < 300
        assert answer["ETag"] == api.get(address(post))["ETag"]
        tags.append(answer["ETag"])

    assert len(set(tags)) == 5


def test_an_unfinished_post_says_when_to_poll_again(as_user, api):
    created = as_user(writer.make()).post("/api/v1/blogs", {"title": "Bread"})

    answer = api.get(created["Location"])

    assert (answer["Cache-Control"], answer["Retry-After"]) == ("no-cache", "2")
    assert answer.json()["blog"]["progress"] == {"stage": "wait", "done": 0, "total": 0}
    finished = api.get(address(finished_post.make()))
    assert "Retry-After" not in finished
    assert finished.json()["blog"]["progress"] is None


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("put", "", {"title": "Mine"}),
        ("put", "", {"title": "Mine", "content": "x", "regenerate": False}),
        ("patch", "", {"title": "Mine"}),
        ("delete", "", None),
        ("post", "/regenerate", None),
        ("post", "/cancel", None),
        ("post", "/revisions/1/restore", None),
        ("post", "/generations/1/accept", None),
    ],
)
def test_a_change_of_another_version_is_412_and_does_nothing(as_user, api, method, path, body):
    post = finished_post.make()
    old = api.get(address(post))["ETag"]
    as_user(post.owner).patch(address(post), {"content": "Newer."})
    new = api.get(address(post)).content

    answer = getattr(as_user(post.owner), method)(address(post) + path, body, headers={"If-Match": old})

    assert (answer.status_code, answer["Content-Type"]) == (412, "application/problem+json")
    assert answer.json()["detail"] == PreconditionFailed.default_detail
    assert api.get(address(post)).content == new


@pytest.mark.parametrize("header", ["{tag}", "*", '"other", {tag}', "W/{tag}"])
def test_a_change_of_the_current_version_is_made(as_user, api, header):
    post = finished_post.make()
    tag = api.get(address(post))["ETag"]

    answer = as_user(post.owner).patch(address(post), {"title": "B"}, headers={"If-Match": header.format(tag=tag)})

    assert answer.status_code == 200


@pytest.mark.parametrize("header", ['W/"{id}-999"', "nonsense", ""])
def test_if_match_must_name_the_tag(as_user, header):
    post = finished_post.make()

    answer = as_user(post.owner).patch(address(post), {"title": "B"}, headers={"If-Match": header.format(id=post.pk)})

    assert answer.status_code == 412
