"""The contract of posts over HTTP."""

import json

import pytest
from django_q.models import OrmQ

from accounts.tests.baker_recipes import editor, writer
from blogs.api.permissions import MAY_NOT
from blogs.models import BlogPost, Revision, Status
from blogs.roles import Action
from blogs.tests.baker_recipes import failed_post, finished_post
from generation.models import Generation

pytestmark = pytest.mark.django_db

PUBLIC_FIELDS = {
    "id", "title", "content", "owner_id", "status", "failure", "progress", "revision", "created_at", "updated_at",
    "released_at", "ai_disclosure",
}  # fmt: skip
BRIEF = {"brief_title", "brief", "length", "tone", "audience", "language", "model"}


def test_a_new_post_is_acknowledged_as_pending(as_user):
    owner = writer.make()

    answer = as_user(owner).post("/api/v1/blogs", {"title": "Bread", "content": "flour; water"})

    post = BlogPost.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/v1/blogs/{post.pk}"
    assert answer.json()["message"] == "Blog creation is being processed."
    blog = answer.json()["blog"]
    assert set(blog) == {*PUBLIC_FIELDS, *BRIEF, "released_revision", "publish_at"}
    assert (blog["id"], blog["owner_id"], blog["status"]) == (post.pk, owner.pk, "pending")
    assert (blog["title"], blog["content"], blog["brief"]) == ("Bread", "", "flour; water")


def test_a_new_post_comes_with_its_generation_and_its_task(as_user):
    as_user(writer.make()).post("/api/v1/blogs", {"title": "Bread", "content": "flour; water"})

    generation = Generation.objects.get()
    assert (generation.brief_title, generation.brief, generation.status) == ("Bread", "flour; water", "pending")
    assert OrmQ.objects.get().task["args"] == (generation.pk,)


def test_notes_are_optional_and_kept_exactly(as_user):
    client = as_user(writer.make())

    assert client.post("/api/v1/blogs", {"title": "Bread"}).json()["blog"]["brief"] == ""
    notes = "  two spaces, a tab\t and an end \n"
    assert client.post("/api/v1/blogs", {"title": "Bread", "content": notes}).json()["blog"]["brief"] == notes


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": None}, "title"),
        ({"title": ["a"]}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "Bread", "content": "x" * 20_001}, "content"),
        ({"title": "Bread", "content": {}}, "content"),
    ],
)
def test_an_invalid_brief_names_the_field_and_creates_nothing(as_user, body, field):
    answer = as_user(writer.make()).post("/api/v1/blogs", json.dumps(body), content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [field]
    assert not BlogPost.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '"text"', "null", "NaN", '{"title": NaN}', "[" * 5000, '{"title": "\\ud800"}']
)
def test_a_body_that_is_not_a_json_object_is_a_clear_400(as_user, body):
    answer = as_user(writer.make()).post("/api/v1/blogs", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_another_content_type_is_415(as_user):
    answer = as_user(writer.make()).post("/api/v1/blogs", "<x/>", content_type="text/xml")

    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


def test_a_body_over_the_limit_is_413(as_user):
    answer = as_user(writer.make()).post("/api/v1/blogs", {"title": "x", "content": "x" * 1_100_000})

    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


def test_writes_require_a_token(api):
    post = finished_post.make()

    for answer in (
        api.post("/api/v1/blogs", {"title": "Bread"}),
        api.put(f"/api/v1/blogs/{post.pk}", {"title": "Bread"}),
        api.delete(f"/api/v1/blogs/{post.pk}"),
        api.delete("/api/v1/blogs/999"),
    ):
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert BlogPost.objects.count() == 1


def test_posts_are_public_but_for_their_brief(api):
    post = failed_post.make()

    answer = api.get(f"/api/v1/blogs/{post.pk}")

    assert answer.status_code == 200
    assert set(answer.json()) == {"blog"}
    assert set(answer.json()["blog"]) == PUBLIC_FIELDS
    assert answer.json()["blog"]["content"] == "The text that readers see."
    assert answer.json()["blog"]["failure"] == post.failure


def test_a_public_read_ignores_the_token(api, django_assert_num_queries):
    post = finished_post.make()
    api.credentials(HTTP_AUTHORIZATION="Bearer nonsense")

    with django_assert_num_queries(1):
        assert api.get(f"/api/v1/blogs/{post.pk}").status_code == 200
    with django_assert_num_queries(1):
        assert api.get("/api/v1/blogs").status_code == 200


@pytest.mark.parametrize("pk", ["1", "0", str(2**63 - 1), str(2**63), "9" * 400, "abc", "-1", "1.5"])
@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_an_unknown_id_is_404_with_detail(as_user, method, pk):
    client = as_user(writer.make())

    answer = getattr(client, method)(f"/api/v1/blogs/{pk}", {"title": "Bread"} if method == "put" else None)

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_the_list_of_no_posts_is_empty(api):
    assert api.get("/api/v1/blogs").json() == {"blogs": [], "next": None}


def test_the_list_is_newest_first_and_its_pages_meet(api):
    made = [post.pk for post in finished_post.make(_quantity=5)]
    found, address = [], "/api/v1/blogs?limit=2"
    while address:
        page = api.get(address).json()
        found += [blog["id"] for blog in page["blogs"]]
        address = page["next"]

    assert found == made[::-1]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "after=x", f"after={2**63}", "after=-1"])
def test_a_page_out_of_range_is_a_clear_400(api, query):
    answer = api.get(f"/api/v1/blogs?{query}")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [query.split("=")[0]]


def test_put_requests_a_generation_and_keeps_the_text_until_it_lands(as_user):
    post = finished_post.make()

    answer = as_user(post.owner).put(f"/api/v1/blogs/{post.pk}", {"title": "New", "content": "rye"})

    blog = answer.json()["blog"]
    assert answer.status_code == 202
    assert answer.json()["message"] == "Blog update is being processed."
    assert (blog["brief_title"], blog["brief"], blog["status"]) == ("New", "rye", "pending")
    assert (blog["title"], blog["content"]) == (post.title, "The text that readers see.")
    assert Generation.objects.get().brief == "rye"


def test_put_without_regeneration_replaces_the_text_word_for_word(as_user):
    post = finished_post.make()
    text = "  My own text.\r\n\tIt stays as it is. \n"

    answer = as_user(post.owner).put(
        f"/api/v1/blogs/{post.pk}", {"title": "Mine", "content": text, "regenerate": False}
    )

    assert answer.status_code == 200
    assert answer.json()["blog"]["content"] == text
    assert answer.json()["blog"]["brief"] == "salt; water"
    assert not Generation.objects.exists()
    revision = Revision.objects.get()
    assert (revision.number, revision.content, revision.source, revision.author) == (2, text, "human", post.owner)


@pytest.mark.parametrize(
    ("method", "more"), [("post", {"generate": False}), ("put", {"regenerate": False}), ("patch", {})]
)
def test_a_persons_text_has_a_limit_which_its_refusal_names(as_user, settings, method, more):
    post = finished_post.make(revision=0)
    older = post.add_revision("Bread", "x" * (settings.TEXT_MAX + 1), source=Revision.Source.HUMAN, author=post.owner)
    post.add_revision("Bread", "Rye.", source=Revision.Source.HUMAN, author=post.owner)
    client, address = as_user(post.owner), f"/api/v1/blogs/{post.pk}"
    send, to = getattr(client, method), "/api/v1/blogs" if method == "post" else address

    refused = send(to, {"title": "Rye", "content": "中" * (settings.TEXT_MAX + 1), **more})

    assert refused.status_code == 400
    assert refused.json()["errors"] == {
        "content": [f"Ensure this field has no more than {settings.TEXT_MAX} characters."]
    }
    assert (BlogPost.objects.get().content, Revision.objects.count()) == ("Rye.", 2)
    assert send(to, {"title": "Rye", "content": "中" * settings.TEXT_MAX, **more}).status_code in (200, 201)
    restored = client.post(f"{address}/revisions/{older.number}/restore")
    assert len(restored.json()["blog"]["content"]) == settings.TEXT_MAX + 1
    assert client.patch(address, {"title": "Of an older text"}).status_code == 200


def test_a_persons_text_may_be_longer_than_a_brief(as_user):
    post = finished_post.make()
    body = {"title": "Mine", "content": "x" * 20_001}

    assert as_user(post.owner).put(f"/api/v1/blogs/{post.pk}", body).status_code == 400
    assert as_user(post.owner).put(f"/api/v1/blogs/{post.pk}", body | {"regenerate": False}).status_code == 200


def test_a_persons_text_ends_the_failure(as_user):
    post = failed_post.make()

    answer = as_user(post.owner).put(
        f"/api/v1/blogs/{post.pk}", {"title": "Mine", "content": "My text.", "regenerate": False}
    )

    assert (answer.json()["blog"]["status"], answer.json()["blog"]["failure"]) == (Status.COMPLETED, None)


@pytest.mark.parametrize("method", ["put", "delete"])
def test_a_stranger_changes_nothing(as_user, method):
    post = finished_post.make()

    answer = getattr(as_user(writer.make()), method)(f"/api/v1/blogs/{post.pk}", {"title": "Mine"})

    assert answer.status_code == 403
    assert answer.json()["detail"] == MAY_NOT[Action.DELETE if method == "delete" else Action.CHANGE]
    post.refresh_from_db()
    assert post.status == Status.COMPLETED


def test_a_superuser_edits_every_post(as_user):
    post = finished_post.make()
    client = as_user(editor.make())

    assert client.put(f"/api/v1/blogs/{post.pk}", {"title": "Better"}).status_code == 202
    assert client.delete(f"/api/v1/blogs/{post.pk}").status_code == 204


def test_delete_removes_generations_too(as_user):
    post = finished_post.make()
    client = as_user(post.owner)
    client.put(f"/api/v1/blogs/{post.pk}", {"title": "New"})

    answer = client.delete(f"/api/v1/blogs/{post.pk}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(f"/api/v1/blogs/{post.pk}").status_code == 404
    assert not Generation.objects.exists()
