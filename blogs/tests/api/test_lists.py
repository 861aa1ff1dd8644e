"""Lists: filters, fields, links."""

import pytest

from accounts.tests.baker_recipes import writer
from blogs.tests.baker_recipes import failed_post, finished_post

pytestmark = pytest.mark.django_db


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [blog["id"] for blog in answer.json()["blogs"]]


def test_posts_of_one_owner(as_user, api):
    mine, other = finished_post.make(), finished_post.make()

    assert ids(api.get(f"/api/v1/blogs?owner={other.owner_id}")) == [other.pk]
    assert ids(as_user(mine.owner).get("/api/v1/blogs?owner=me")) == [mine.pk]
    assert ids(api.get("/api/v1/blogs?owner=999999")) == []


def test_owner_me_requires_a_token(api):
    answer = api.get("/api/v1/blogs?owner=me")
    api.credentials(HTTP_AUTHORIZATION="Bearer nonsense")

    assert answer.status_code == api.get("/api/v1/blogs?owner=me").status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_posts_with_one_status(api):
    failed, _ = failed_post.make(), finished_post.make()

    assert ids(api.get("/api/v1/blogs?status=failed")) == [failed.pk]


@pytest.mark.parametrize("part", ["rye", "RYE B", "%", "_", "\\"])
def test_posts_whose_title_contains_a_text(api, part):
    expected = finished_post.make(title="100%_Rye \\ Rye bread")
    finished_post.make(title="Wheat")

    assert ids(api.get("/api/v1/blogs", {"title": part})) == [expected.pk]


def test_filters_combine_and_stay_in_the_link(as_user, api):
    owner = writer.make()
    made = [post.pk for post in finished_post.make(_quantity=3, owner=owner, title="Rye & more")]
    finished_post.make(owner=owner)
    finished_post.make(title="Rye & more")

    first = as_user(owner).get(f"/api/v1/blogs?limit=2&title=rye+%26&owner={owner.pk}&status=completed&fields=id,title")
    following = first.json()["next"]

    assert ids(first) == made[:0:-1]
    assert first["Link"] == f'<{following}>; rel="next"'
    last = api.get(following)
    assert last.json() == {"blogs": [{"id": made[0], "title": "Rye & more"}], "next": None}
    assert "Link" not in last


def test_omitted_texts_are_not_even_read(api, django_assert_num_queries):
    post = finished_post.make()

    with django_assert_num_queries(1) as queries:
        answer = api.get("/api/v1/blogs?fields=status,title")

    assert answer.json()["blogs"] == [{"id": post.pk, "title": post.title, "status": "completed"}]
    assert "content" not in queries[0]["sql"]


@pytest.mark.parametrize(
    "query",
    [
        "status=done",
        "status=",
        "owner=bob",
        "owner=-1",
        "owner=99999999999999999999",
        "owner=",
        "owner=%D9%A3",
        "title=",
        "title=%00",
        f"title={'x' * 256}",
        "fields=brief",
        "fields=",
        "fields=id,%F0%9F%8D%9E",
    ],
)
def test_an_invalid_filter_is_a_clear_400(api, query):
    answer = api.get(f"/api/v1/blogs?{query}")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert list(answer.json()["errors"]) == [query.split("=")[0]]


def test_an_unknown_parameter_is_named_with_those_that_there_are(api):
    answer = api.get("/api/v1/blogs?page=2")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["page"])
    assert "limit, after, owner" in answer.json()["detail"]
