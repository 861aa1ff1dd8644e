"""A post's texts take no more bytes than REVISIONS_MAX: machine texts go first, and a person's is refused."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost, DeletedText, Disclosure, Release, Revision, RevisionNeeded, StoredAnswer
from blogs.models.deleted_text import SENTENCES
from blogs.models.kept_texts import SHORTEN
from blogs.models.text_bytes import ROW, size_of
from blogsite.testing.browsers import as_sent, logged_in
from blogsite.testing.posts import fresh, owner_of

pytestmark = pytest.mark.django_db
AI, HUMAN = Revision.Source.AI, Revision.Source.HUMAN
OTHERS = (BlogPost, Revision, Release, DeletedText, StoredAnswer)


def own_post(text: str = "Mine.") -> BlogPost:
    user = writer.make()
    post = BlogPost(owner=user, title="Bread")
    post.submit_own_text(text, author=user)
    return post


def text(letter: str, size: int = 1000) -> str:
    """Return a text that takes `size` bytes of the quota with the title "Bread"."""
    return letter * (size - ROW - len("Bread"))


def numbers(post: BlogPost) -> list[int]:
    return sorted(post.revisions.values_list("number", flat=True))


def address(post: BlogPost, rest: str = "") -> str:
    return f"/api/v1/blogs/{post.pk}{rest}"


def rows() -> list[Any]:
    return [list(model._base_manager.order_by("pk").values()) for model in OTHERS]


def used(post: BlogPost) -> int:
    """Return the bytes of a post's revisions, counted by Python; what was counted before must be the same."""
    counted = sum(size_of(revision.title, revision.content) for revision in post.revisions.all())
    assert fresh(post).text_bytes in (counted, None)
    return counted


def test_the_oldest_machine_texts_make_room_and_no_others(as_user, settings):
    settings.PUBLISH = "on_review"
    post = own_post(text("a"))
    for letter in "bcdefg":
        post.add_revision("Bread", text(letter), source=AI)
    owner = owner_of(post)
    post.publish(by=owner, number=2)
    post.publish(by=owner, number=1)  # the second one was public
    post.schedule(timezone.now() + timedelta(days=1), by=owner, number=3)
    settings.REVISIONS_MAX = 7000

    first = as_user(owner).patch(address(post), {"content": text("h")})
    assert (first.status_code, numbers(post)) == (200, [1, 2, 3, 5, 6, 7, 8])
    assert as_user(owner).patch(address(post), {"content": text("i", 2000)}).status_code == 200
    assert (numbers(post), used(post)) == ([1, 2, 3, 7, 8, 9], 7000)
    restored = as_user(owner).post(address(post, "/revisions/7/restore"))
    assert (numbers(post), restored.json()["blog"]["content"]) == ([1, 2, 3, 8, 9, 10], text("g"))
    before = rows()
    assert as_user(owner).patch(address(post), {"content": text("j", 1001)}).status_code == 409
    assert rows() == before


@pytest.mark.parametrize("door", ["patch", "put", "restore", "admin form", "admin restore"])
def test_a_persons_text_without_room_is_refused_and_the_refusal_says_what_to_delete(as_user, settings, door):
    post = own_post(text("a"))
    owner = owner_of(post)
    for letter, size in (("b", 1500), ("c", 1200), ("d", 1000)):
        post.edit(title="Bread", content=text(letter, size), author=owner)
    settings.REVISIONS_MAX = 5000
    owner.is_staff = True
    owner.save()
    client, browser = as_user(owner), logged_in(owner)
    shown = {"brief": as_sent(post.brief), "owner": owner.pk, **post.options}
    form = shown | {f"initial-{name}": value for name, value in shown.items()}
    form |= {"title": "Bread", "content": text("e"), "seen_revision": 4}

    def send() -> Any:
        match door:
            case "patch":
                return client.patch(address(post), {"content": text("e")})
            case "put":
                body = {"title": "Bread", "content": text("e"), "regenerate": False}
                return client.put(address(post), body, headers={"Idempotency-Key": "k1"})
            case "restore":
                return client.post(address(post, "/revisions/1/restore"))
            case "admin form":
                return browser.post(reverse("admin:blogs_blogpost_change", args=[post.pk]), form)
        restore = reverse("admin:blogs_blogpost_restore", args=[post.pk])
        return browser.post(restore, {"number": 1, "seen": 4}, follow=True)

    before = rows()
    refused = send()

    said = "of this one take 4,700, and yours 1,000. Delete revision 2 (1,500 bytes) first."
    assert rows() == before
    if "admin" in door:
        assert said in refused.content.decode()
    else:
        problem = refused.json()
        assert (refused.status_code, problem["type"]) == (409, "/problems/revisions-full")
        assert said in problem["detail"]
        assert {name: problem[name] for name in ("limit", "used", "size", "revisions")} == {
            "limit": 5000,
            "used": 4700,
            "size": 1000,
            "revisions": [{"number": 2, "bytes": 1500}],
        }
    assert client.delete(address(post, "/revisions/2")).status_code == 204
    assert send().status_code in (200, 302)
    assert (numbers(post), used(post)) == ([1, 3, 4, 5], 4200)


def test_bytes_are_counted_alike_by_python_and_the_database_to_the_last_one(as_user, settings):
    post = own_post("水和面粉。🍞")
    settings.REVISIONS_MAX = used(post) + size_of("Bröd", "面包🥖")
    BlogPost.objects.update(text_bytes=None)  # as of a post that is older than the count

    refused = as_user(post.owner).patch(address(post), {"title": "Bröd", "content": "面包🥖x"})
    assert (refused.status_code, numbers(post)) == (409, [1])
    assert SHORTEN in refused.json()["detail"]
    assert as_user(post.owner).patch(address(post), {"title": "Bröd", "content": "面包🥖"}).status_code == 200
    assert used(post) == fresh(post).text_bytes == settings.REVISIONS_MAX


def test_a_quota_smaller_than_one_text_refuses_a_persons_and_takes_a_machines(as_user, settings):
    settings.REVISIONS_MAX = 1000
    client = as_user(writer.make())

    refused = client.post("/api/v1/blogs", {"title": "Bread", "content": text("a", 1001), "generate": False})
    assert (refused.status_code, refused.json()["revisions"], BlogPost.objects.count()) == (409, [], 0)
    assert SHORTEN in refused.json()["detail"]
    post = own_post()
    for letter in "bcd":
        post.add_revision("Bread", text(letter, 5000), source=AI)
    assert numbers(post) == [1, 3, 4]  # the person's, the live one, and the one that was live when that came
    assert fresh(post).content == text("d", 5000)


def test_many_edits_and_restores_stay_within_the_quota(as_user, settings):
    settings.REVISIONS_MAX = 100_000
    post = own_post()
    client = as_user(post.owner)

    edits = [client.patch(address(post), {"content": f"{n}{text('中', 10_000)}"[:9000]}) for n in range(20)]
    restores = [client.post(address(post, f"/revisions/{2 + n % 2}/restore")) for n in range(20)]

    assert {answer.status_code for answer in edits + restores} == {200, 409}
    assert used(post) <= 100_000
    assert fresh(post).content.startswith("2中")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_concurrent_edits_together_stay_within_the_quota(as_user, settings):
    settings.REVISIONS_MAX = 5500
    post = own_post(text("a"))
    start = threading.Barrier(8)

    def send(n: int) -> int:
        try:
            client = as_user(post.owner)
            start.wait(timeout=30)
            return int(client.patch(address(post), {"content": text(str(n))}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = sorted(threads.map(send, range(8)))

    assert answers == [200] * 4 + [409] * 4
    assert used(post) == 5000


def test_a_revision_is_deleted_for_good_and_the_post_stays_as_it_is(as_user):
    post = own_post()
    post.edit(title="Bread", content="Mine, too.", author=owner_of(post))
    client, tag = as_user(post.owner), as_user(post.owner).get(address(post))["ETag"]
    other = address(post, "/revisions/1")

    assert client.delete(other, headers={"If-Match": '"1-999"'}).status_code == 412
    assert client.delete(other, headers={"If-Match": tag}).status_code == 204
    assert client.delete(other).status_code == 404
    assert client.get(other).status_code == 404
    assert (client.get(address(post))["ETag"], numbers(post), used(post)) == (tag, [2], size_of("Bread", "Mine, too."))
    assert client.patch(address(post), {"content": "More."}).json()["blog"]["revision"] == 3


def test_a_revision_that_is_live_public_or_scheduled_is_not_deleted(as_user):
    post = own_post()
    owner = owner_of(post)
    for letter in "bcd":
        post.edit(title="Bread", content=letter, author=owner)
    post.publish(by=owner, number=1)
    post.schedule(timezone.now() + timedelta(days=1), by=owner, number=2)
    before = rows()

    refusals = [as_user(owner).delete(address(post, f"/revisions/{number}")) for number in (1, 2, 4)]

    assert [(answer.status_code, answer.json()["detail"]) for answer in refusals] == [(409, RevisionNeeded.detail)] * 3
    assert rows() == before
    assert as_user(owner).delete(address(post, "/revisions/3")).status_code == 204


def test_a_machines_sentence_is_known_after_its_text_was_deleted(as_user):
    post = own_post()
    post.add_revision("Bread", "Rye and water. Salt.", source=AI)
    post.add_revision("Bread", "x.\n" + "".join(f"{n}.\n" for n in range(SENTENCES)), source=AI)
    client = as_user(post.owner)
    client.patch(address(post), {"content": "Nothing."})

    def disclosed(content: str) -> str:
        return str(client.patch(address(post), {"content": content}).json()["blog"]["ai_disclosure"])

    assert client.delete(address(post, "/revisions/2")).status_code == 204
    assert disclosed("Mine. Salt!") == Disclosure.AI_AUTONOMOUS
    client.delete(address(post, f"/revisions/{fresh(post).revision}"))
    assert disclosed("All mine.") == Disclosure.HUMAN_ONLY
    assert client.delete(address(post, "/revisions/3")).status_code == 204  # of too many sentences to be kept
    assert disclosed("All mine, too.") == Disclosure.AI_AUTONOMOUS


def test_hashes_are_kept_of_as_many_deleted_texts_as_are_compared():
    post = own_post()
    for number in range(30):
        post.add_revision("Bread", f"Rye {number}.", source=AI)
    for number in range(2, 31):
        post.delete_revision(number)

    assert sorted(DeletedText.objects.values_list("number", flat=True)) == list(range(11, 31))
    post.edit(title="Bread", content="Rye 28.", author=owner_of(post))
    assert fresh(post).ai_disclosure != Disclosure.HUMAN_ONLY
    BlogPost.objects.all().delete()
    assert not DeletedText.objects.exists()


def test_the_history_in_the_admin_deletes_a_revision(editor_client):
    post = own_post()
    for letter in "bc":
        post.edit(title="Bread", content=letter, author=owner_of(post))
    history = reverse("admin:blogs_blogpost_history", args=[post.pk])
    page = reverse("admin:blogs_blogpost_delete_revision", args=[post.pk])

    html = editor_client.get(history).content.decode()
    assert [f"Delete revision {number} for good" in html for number in (1, 2, 3)] == [True, True, False]
    assert "Deleted revision 1." in editor_client.post(page, {"number": 1}, follow=True).content.decode()
    assert RevisionNeeded.detail in editor_client.post(page, {"number": 3}, follow=True).content.decode()
    assert numbers(post) == [2, 3]
    assert 'name="old" value="2"' in editor_client.get(history).content.decode()
    compared = editor_client.get(reverse("admin:blogs_blogpost_compare", args=[post.pk]))
    assert compared.status_code == 200
