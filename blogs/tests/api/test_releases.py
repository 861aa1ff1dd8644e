"""What readers see: released revisions, under both settings of PUBLISH."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.tests.baker_recipes import editor, writer
from blogs.api.request_bodies import NOT_AHEAD
from blogs.models import BlogPost, NothingToPublish, NotPublished, Revision
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.posts import finished_text, fresh, owner_of, request_post
from generation.queue import fetch, transitions

pytestmark = pytest.mark.django_db

NOTHING = ("", "", 0, None, None)


@pytest.fixture
def on_review(settings):
    settings.PUBLISH = "on_review"


def address(post: BlogPost, action: str = "") -> str:
    return f"/api/v1/blogs/{post.pk}{action}"


def land(title: str, content: str) -> None:
    (claim,) = fetch.fetch_due(1, "one:1")
    assert transitions.land([finished_text(claim, title, content)])[0] == "landed"


def shown(api: Any, post: BlogPost) -> tuple[Any, ...]:
    """Return what readers see, the same in the post and in the list."""
    fields = ("title", "content", "revision", "released_at", "ai_disclosure")
    one, listed = api.get(address(post)).json()["blog"], api.get("/api/v1/blogs").json()["blogs"]
    assert one in listed
    return tuple(one[name] for name in fields)


def post_with_texts(*contents: str) -> BlogPost:
    user = writer.make()
    post = BlogPost(owner=user, title="Title 1")
    post.submit_own_text(contents[0], author=user)
    for number, content in enumerate(contents[1:], 2):
        post.add_revision(f"Title {number}", content, source=Revision.Source.AI)
    return post


def test_under_review_readers_see_neither_title_nor_text_before_a_person_released_it(api, as_user, on_review):
    post = request_post("Secret")
    assert shown(api, post)[:3] == ("", "", 0)
    land("Secret", "The text.")

    assert shown(api, post) == NOTHING
    assert api.get("/api/v1/blogs?title=secret").json()["blogs"] == []
    assert api.get("/api/v1/blogs?published=false&fields=id").json()["blogs"] == [{"id": post.pk}]
    answer = as_user(owner_of(post)).post(address(post, "/publish"), {"revision": 1})

    assert (answer.status_code, answer.json()["blog"]["released_revision"]) == (200, 1)
    assert shown(api, post)[:3] == ("Secret", "The text.", 1)
    assert shown(api, post)[4] == "ai-assisted"
    assert api.get("/api/v1/blogs?title=SECRET&fields=id").json()["blogs"] == [{"id": post.pk}]


def test_what_was_released_stays_to_the_letter_until_the_next_release(api, as_user, on_review):
    post = post_with_texts(" One.\r\n", "Two.")
    client = as_user(post.owner)
    client.post(address(post, "/publish"), {"revision": 1})
    before = shown(api, post)

    client.patch(address(post), {"title": "Other", "content": "Three."})
    client.post(address(post, "/revisions/2/restore"))
    client.put(address(post), {"title": "Fourth", "content": "notes"})
    land("Fourth", "Four.")

    assert before[:3] == ("Title 1", " One.\r\n", 1)
    assert shown(api, post) == before
    assert fresh(post).content == "Four."
    client.post(address(post, "/publish"))
    assert (shown(api, post)[:3], shown(api, post)[4]) == (("Fourth", "Four.", 5), "ai-autonomous")


def test_at_once_every_text_is_public_until_the_post_is_unpublished(api, as_user):
    post = post_with_texts("One.", "Two.")
    client = as_user(post.owner)
    assert shown(api, post)[1] == "Two."

    assert client.post(address(post, "/unpublish")).status_code == 200
    assert shown(api, post) == NOTHING
    client.patch(address(post), {"content": "Three."})
    client.post(address(post, "/regenerate"))
    land("Title", "Four.")
    assert shown(api, post) == NOTHING

    client.post(address(post, "/publish"))
    assert shown(api, post)[1] == "Four."
    client.patch(address(post), {"content": "Five."})
    assert shown(api, post)[1] == "Five."


def test_naming_a_machines_text_that_is_public_already_discloses_it_as_read(api, as_user):
    post = post_with_texts("One.", "Two.")
    client, since = as_user(post.owner), post.released_at

    client.post(address(post, "/publish"))
    assert shown(api, post)[4] == "ai-autonomous"
    tag = client.get(address(post, "/draft"))["ETag"]
    client.post(address(post, "/publish"), headers={"If-Match": tag})
    client.post(address(post, "/publish"))

    assert shown(api, post)[4] == "ai-assisted"
    assert (fresh(post).released_at, post.releases.filter(revision=2).count()) == (since, 1)


@pytest.mark.parametrize("action", ["publish", "unpublish"])
def test_only_who_may_change_a_post_decides_what_readers_see(as_user, api, action):
    post = post_with_texts("One.")

    assert api.post(address(post, f"/{action}")).status_code == 401
    for user, code in ((writer.make(), 403), (editor.make(), 200)):
        assert as_user(user).post(address(post, f"/{action}")).status_code == code


def test_what_cannot_be_published_is_a_clear_refusal_that_changes_nothing(as_user):
    empty, post = request_post(), post_with_texts("One.")
    before = BlogPost.objects.filter(pk=post.pk).values().get()
    client = as_user(post.owner)
    publish = address(post, "/publish")

    assert as_user(empty.owner).post(address(empty, "/publish")).json()["detail"] == NothingToPublish.detail
    assert as_user(empty.owner).post(address(empty, "/unpublish")).json()["detail"] == NotPublished.detail
    for body, field in (
        ({"revision": 2}, "revision"),
        ({"revision": 0}, "revision"),
        ({"publish_at": timezone.now().isoformat()}, "publish_at"),
        ({"publish_at": "9999-12-31T23:59:59-14:00"}, "publish_at"),
        ({"publish_at": None}, "publish_at"),
        ({"version": 1}, "version"),
    ):
        answer = as_user(post.owner).post(publish, body)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert NOT_AHEAD in client.post(publish, {"publish_at": "2020-01-01T00:00:00Z"}).json()["detail"]
    assert client.post(publish, headers={"If-Match": '"1-0"'}).status_code == 412
    assert BlogPost.objects.filter(pk=post.pk).values().get() == before


def test_a_repeated_publish_takes_effect_once(as_user, on_review):
    post = post_with_texts("One.")
    client, key = as_user(post.owner), {"Idempotency-Key": "k1"}

    first, again = (client.post(address(post, "/publish"), {"revision": 1}, headers=key) for _ in range(2))

    assert (again.json(), again["Idempotency-Replayed"]) == (first.json(), "true")
    assert post.releases.count() == 1


def test_a_schedule_shows_in_answers_and_ends_with_the_next_release(as_user, api, on_review):
    post = post_with_texts("One.", "Two.")
    client, moment = as_user(post.owner), (timezone.now() + timedelta(hours=1)).isoformat()

    for number in (1, 2):
        answer = client.post(address(post, "/publish"), {"revision": number, "publish_at": moment})
    assert answer.json()["blog"]["publish_at"]
    assert shown(api, post) == NOTHING
    assert list(post.releases.scheduled().values_list("revision", flat=True)) == [2]
    assert client.post(address(post, "/unpublish")).json()["blog"]["publish_at"] is None
    assert not post.releases.exists()

    client.post(address(post, "/publish"), {"publish_at": moment})
    assert client.post(address(post, "/publish"), {"revision": 1}).json()["blog"]["publish_at"] is None
    assert not post.releases.scheduled().exists()


def test_the_tag_of_what_readers_see_is_no_tag_of_another_draft(as_user, api, on_review):
    post = post_with_texts("One.", "Two.")
    client = as_user(post.owner)
    client.post(address(post, "/publish"), {"revision": 1})
    public, draft = api.get(address(post)), client.get(address(post, "/draft"))

    def read(tag: str) -> Any:
        return api.get(address(post), headers={"If-None-Match": tag})

    assert public["ETag"] != draft["ETag"]
    assert read(public["ETag"]).status_code == read(f"W/{public['ETag']}").status_code == 304
    assert read(draft["ETag"]).json() == public.json()
    assert client.patch(address(post), {"content": "x"}, headers={"If-Match": public["ETag"]}).status_code == 412
    assert client.patch(address(post), {"content": "x"}, headers={"If-Match": draft["ETag"]}).status_code == 200


def test_at_once_draft_answer_and_public_post_share_their_tag(as_user, api):
    for post in (request_post(), post_with_texts("One.")):
        client = as_user(post.owner)
        answer = client.patch(address(post, "/draft"), {"brief": "other notes"})

        assert answer["ETag"] == client.get(address(post, "/draft"))["ETag"] == api.get(address(post))["ETag"]


def test_own_words_make_a_post_without_a_generation(as_user, api):
    text = "  My words.\r\n"
    answer = as_user(writer.make()).post("/api/v1/blogs", {"title": "Mine", "content": text, "generate": False})

    blog = answer.json()["blog"]
    assert (answer.status_code, blog["status"], blog["content"], blog["brief"]) == (201, "completed", text, "")
    post = BlogPost.objects.get()
    assert not post.generations.exists()
    assert shown(api, post)[1:3] == (text, 1)
    assert shown(api, post)[4] == "human-only"


def test_a_briefs_title_is_the_posts_when_its_text_lands(as_user, api):
    post = finished_post.make(title="Old", brief_title="Old")
    client = as_user(post.owner)

    client.put(address(post), {"title": "New", "content": "rye"})
    client.post(address(post, "/cancel"))
    assert (fresh(post).title, shown(api, post)[0]) == ("Old", "Old")
    client.post(address(post, "/regenerate"))
    land("New", "Rye.")
    assert shown(api, post)[:2] == ("New", "Rye.")
