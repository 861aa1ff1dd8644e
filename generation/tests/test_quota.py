"""A post without room for another text: what a machine wrote is kept all the same, and what it is based on too."""

from itertools import count

import pytest

from accounts.models import User
from blogs.models import BlogPost, Revision, RevisionNeeded
from blogs.models.kept_texts import PROPOSALS
from blogs.models.text_bytes import ROW, size_of
from blogsite.testing.posts import finished_text, fresh, owner_of, request_post
from generation.failures import FailureCode, GenerationFailed
from generation.models import Generation
from generation.queue import transitions
from generation.queue.fetch import fetch_due

pytestmark = pytest.mark.django_db
LANDED, PROPOSED = Generation.Landing.LANDED, Generation.Landing.PROPOSED
letters = map(chr, count(ord("a")))


def text(size: int = 1000) -> str:
    """Return a new text that takes `size` bytes of the quota with the title "Bread"."""
    return next(letters) * (size - ROW - len("Bread"))


def land(post: BlogPost, content: str) -> Generation.Landing | None:
    """Have a worker finish the text that is due."""
    (claim,) = fetch_due(1, "one:1")
    (landing,) = transitions.land([finished_text(claim, content=content)])
    return landing  # type: ignore[return-value]


def generated_post(*sizes: int) -> tuple[BlogPost, User]:
    """Return a post with a generated text of each size, and its owner."""
    post = request_post("Bread")
    land(post, text(sizes[0]))
    for size in sizes[1:]:
        fresh(post).request_generation(requested_by=post.owner)
        land(post, text(size))
    return fresh(post), owner_of(post)


def numbers(post: BlogPost) -> list[int]:
    return sorted(post.revisions.values_list("number", flat=True))


def counted(post: BlogPost) -> int:
    """Return the bytes that are counted, which are those of revisions and proposals."""
    proposals = post.generations.filter(landing=PROPOSED)
    expected = sum(size_of(row.title, row.content) for rows in (post.revisions.all(), proposals) for row in rows)
    assert fresh(post).text_bytes == expected
    return expected


def test_a_generated_text_lands_and_the_oldest_go_with_their_copies(as_user, settings):
    post, owner = generated_post(1000, 1000, 1000)
    post.generations.update(warnings=[{"sentence": "Anna owes 5."}], provenance={"added": ["Anna owes 5."]})
    settings.REVISIONS_MAX = 3000
    fresh(post).request_generation(requested_by=owner)

    assert land(post, text(2000)) == LANDED
    assert (numbers(post), counted(post)) == ([3, 4], 3000)
    first, live = (post.generations.get(number=number) for number in (1, 4))
    assert (first.landing, first.revision) == (LANDED, None)
    assert (first.title, first.content, first.warnings, first.provenance) == ("", "", [], {})
    assert live.content == fresh(post).content
    assert as_user(owner).get(f"/api/v1/blogs/{post.pk}/generations/1").json()["generation"]["revision"] is None


def test_a_post_of_persons_texts_without_room_is_regenerated_and_loses_none(settings):
    post, owner = generated_post(1000)
    for _ in range(3):
        post.edit(title="Bread", content=text(), author=owner)
    settings.REVISIONS_MAX = 1500
    post.request_generation(requested_by=owner)

    assert land(post, text()) == LANDED
    assert numbers(post) == [2, 3, 4, 5]
    assert counted(post) == 4000


def test_the_base_of_what_is_unfinished_or_proposed_stays(as_user, settings):
    post, owner = generated_post(1000, 1000)
    post.request_generation(requested_by=owner)
    post.edit(title="Bread", content=text(), author=owner)
    settings.REVISIONS_MAX = 3000

    client, address = as_user(owner), f"/api/v1/blogs/{post.pk}"
    for when in ("unfinished", "proposed"):
        refused = client.delete(f"{address}/revisions/2")
        assert (refused.status_code, refused.json()["detail"]) == (409, RevisionNeeded.detail), when
        if when == "unfinished":
            assert land(post, text(500)) == PROPOSED
    assert client.patch(address, {"content": text(500)}).status_code == 200
    assert (numbers(post), counted(post)) == ([2, 3, 4], 3000)
    assert client.patch(address, {"content": text(500)}).status_code == 409
    assert client.post(f"{address}/generations/3/discard").status_code == 200
    assert client.patch(address, {"content": text(500)}).status_code == 200
    assert (numbers(post), counted(post)) == ([2, 3, 4, 5], 3000)


def test_proposals_take_room_while_they_wait_and_an_accepted_one_is_counted_once(as_user, settings):
    post, owner = generated_post(1000)
    client, address = as_user(owner), f"/api/v1/blogs/{post.pk}"
    post.edit(title="Bread", content=text(), author=owner)
    for is_rejected in (False, True):
        post.request_generation(requested_by=owner)
        (claim,) = fetch_due(1, "one:1")
        finished = finished_text(claim, content=text())
        if is_rejected:
            transitions.reject(finished, GenerationFailed(FailureCode.INVALID_OUTPUT, "No."))
        else:
            post.edit(title="Bread", content=text(), author=owner)
            transitions.land([finished])
        post = fresh(post)
    settings.REVISIONS_MAX = counted(post)
    assert counted(post) == 5000

    refused = client.patch(address, {"content": text(1500)})
    assert (refused.status_code, PROPOSALS.format(2000) in refused.json()["detail"]) == (409, True)
    assert client.post(f"{address}/generations/2/accept").status_code == 200
    assert (numbers(post), counted(post)) == ([1, 2, 3, 4], 5000)
    assert client.post(f"{address}/generations/3/discard").status_code == 200
    assert counted(post) == 4000


def test_a_count_that_was_never_made_or_is_wrong_is_made_when_it_matters(as_user, settings):
    post, owner = generated_post(1000, 1000)
    client, address = as_user(owner), f"/api/v1/blogs/{post.pk}"

    for wrong in (None, 10**9):
        BlogPost.objects.update(text_bytes=wrong)
        assert client.patch(address, {"content": text()}).status_code == 200
        counted(post)
    assert Revision.objects.count() == 4
