"""Generations over HTTP."""

from typing import Any

import pytest

from accounts.tests.baker_recipes import editor, writer
from blogs.models import Revision, Status
from blogs.refusals import QUEUE_FULL
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.posts import bill, finished_text, owner_of
from generation.api.views import NOT_PROPOSED, NOT_UNFINISHED
from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.models import Generation, State
from generation.queue import fetch, leases, transitions
from generation.queue.claim import Claim
from generation.tests.baker_recipes import waiting, written

pytestmark = pytest.mark.django_db


def fetched() -> Claim:
    (claim,) = fetch.fetch_due(1, "here:1")
    return claim


@pytest.fixture
def proposed():
    """A post that its owner edited during a generation, whose text is now a proposal."""
    post = waiting.make().post
    claim = fetched()
    post.edit(title="Mine", content="My text.", author=owner_of(post))
    transitions.land([finished_text(claim, "Theirs", "Their text.")])
    post.refresh_from_db()
    return post


def test_generations_are_listed_newest_first_without_their_texts(as_user):
    first = waiting.make()
    first.post.request_generation(requested_by=first.post.owner)
    client = as_user(first.post.owner)

    answer = client.get(f"/api/v1/blogs/{first.post_id}/generations?limit=1")

    (newest,) = answer.json()["generations"]
    assert (newest["number"], newest["status"], newest["requested_by_id"]) == (2, "pending", first.post.owner_id)
    assert "content" not in newest
    assert answer["Link"] == f'<{answer.json()["next"]}>; rel="next"'
    (oldest,) = client.get(answer.json()["next"]).json()["generations"]
    assert (oldest["number"], oldest["status"], oldest["brief"]) == (1, "superseded", first.brief)


def test_a_list_costs_the_same_however_many_it_shows(as_user, django_assert_num_queries):
    generation = waiting.make()
    for _ in range(4):
        generation.post.request_generation()
    client = as_user(generation.post.owner)

    with django_assert_num_queries(4):  # the user, the post, how long the briefs are, the generations
        client.get(f"/api/v1/blogs/{generation.post_id}/generations")


def test_a_running_generation_shows_its_progress_here_and_on_the_post(as_user, api):
    generation = waiting.make()
    claim = fetched()
    before = api.get(f"/api/v1/blogs/{generation.post_id}")
    claim.report_progress("write", 2, 5)
    leases.renew([claim])

    answer = as_user(generation.post.owner).get(f"/api/v1/blogs/{generation.post_id}/generations/1")
    after = api.get(f"/api/v1/blogs/{generation.post_id}")

    progress = {"stage": "write", "done": 2, "total": 5}
    assert answer.json()["generation"]["progress"] == after.json()["blog"]["progress"] == progress
    assert answer["Retry-After"] == "2"
    assert before.json()["blog"]["progress"] == {"stage": "start", "done": 0, "total": 0}
    assert before["ETag"] != after["ETag"]
    leases.renew([claim])
    assert api.get(f"/api/v1/blogs/{generation.post_id}")["ETag"] == after["ETag"]


def test_a_generation_shows_the_progress_of_its_post_from_the_first_moment_to_after_the_last(as_user, api):
    client = as_user(writer.make())
    address = client.post("/api/v1/blogs", {"title": "Bread"})["Location"]
    seen = []

    def compare() -> None:
        generation = client.get(f"{address}/generations/1").json()["generation"]["progress"]
        assert generation == api.get(address).json()["blog"]["progress"]
        seen.append(generation and generation["stage"])

    compare()
    for stage in ("plan", "write"):
        claim = fetched()
        compare()
        claim.report_progress(stage, 1, 2)
        leases.renew([claim])
        compare()
        if stage == "plan":
            transitions.hand_back(claim)
            compare()
    transitions.land([finished_text(claim)])
    compare()

    assert seen == ["wait", "start", "plan", "wait", "start", "write", None]


def test_a_generation_shows_its_landed_text_and_its_cost(as_user):
    post = waiting.make().post
    transitions.land([finished_text(fetched(), usage=Usage(prompt_tokens=40, completion_tokens=190, calls=3))])

    generation = as_user(post.owner).get(f"/api/v1/blogs/{post.pk}/generations/1").json()["generation"]

    assert (generation["title"], generation["content"], generation["landing"]) == ("Bread", "The text.", "landed")
    assert (generation["revision"], generation["failure"], generation["cost"]) == (1, None, "0.000120")
    assert (generation["model"], generation["calls"], generation["prompt_tokens"]) == ("gpt-4o-mini", 3, 40)


def test_a_failure_has_a_reason_and_advice(as_user):
    post = waiting.make().post
    transitions.fail(fetched(), GenerationFailed(FailureCode.REFUSED, "The model would not.", raw="I cannot."), bill())

    generation = as_user(post.owner).get(f"/api/v1/blogs/{post.pk}/generations/1").json()["generation"]

    assert generation["failure"] == {
        "code": "refused",
        "message": "The model would not.",
        "retryable": False,
        "advice": FailureCode.REFUSED.advice,
    }
    assert generation["content"] == "I cannot."


def test_the_public_failure_has_a_message_of_ours_the_owners_that_of_the_model(as_user, api):
    post = waiting.make().post
    secret = 'The model refused: "I will not write about Project Falcon."'
    transitions.fail(fetched(), GenerationFailed(FailureCode.REFUSED, secret), bill())

    public = api.get(f"/api/v1/blogs/{post.pk}").json()["blog"]["failure"]
    own = as_user(post.owner).get(f"/api/v1/blogs/{post.pk}/generations").json()["generations"][0]["failure"]

    assert public == {
        "code": "refused",
        "message": "The model refused to write the post.",
        "retryable": False,
        "attempts": 1,
    }
    assert own["message"] == secret


def test_only_those_with_the_permission_read_what_the_models_server_said(as_user):
    words = "The model server at 10.0.0.3 said: organization org-77 has no access."
    failed: dict[str, Any] = {"failure_code": "provider_rejected", "failure_details": words}
    post = written.make(status=State.FAILED, failure_message=FailureCode.PROVIDER_REJECTED.summary, **failed).post

    def message(reader):
        found = as_user(reader).get(f"/api/v1/blogs/{post.pk}/generations/1").json()
        return found["generation"]["failure"]["message"]

    assert message(post.owner) == FailureCode.PROVIDER_REJECTED.summary
    assert message(editor.make(is_superuser=True)) == f"{FailureCode.PROVIDER_REJECTED.summary} {words}"


def test_regenerate_uses_the_current_brief(as_user):
    post = finished_post.make()

    answer = as_user(post.owner).post(f"/api/v1/blogs/{post.pk}/regenerate")

    assert (answer.status_code, answer["Retry-After"]) == (202, "2")
    assert (answer.json()["blog"]["status"], answer.json()["blog"]["content"]) == ("pending", post.content)
    assert Generation.objects.get().brief == "salt; water"


def test_cancel_ends_an_unfinished_generation_once(as_user):
    post = waiting.make().post
    claim = fetched()
    client = as_user(post.owner)

    first = client.post(f"/api/v1/blogs/{post.pk}/cancel")
    again = client.post(f"/api/v1/blogs/{post.pk}/cancel")

    assert (first.status_code, first.json()["blog"]["failure"]["code"]) == (200, "cancelled")
    assert (again.status_code, again.json()["detail"]) == (409, NOT_UNFINISHED)
    assert leases.renew([claim]) == [claim]
    assert transitions.land([finished_text(claim, "Late", "Too late.")])[0] is None


def test_an_accepted_proposal_is_a_new_revision(as_user, proposed):
    answer = as_user(proposed.owner).post(f"/api/v1/blogs/{proposed.pk}/generations/1/accept")

    generation, revision = Generation.objects.get(), proposed.revisions.first()
    assert (answer.status_code, answer.json()["blog"]["content"]) == (200, "Their text.")
    assert (answer.json()["blog"]["revision"], answer.json()["blog"]["title"]) == (2, "Theirs")
    assert (revision.source, revision.author) == (Revision.Source.AI, proposed.owner)
    assert (generation.landing, generation.revision) == ("accepted", revision)
    assert proposed.revisions.get(number=1).content == "My text."


def test_a_discarded_proposal_stays_readable(as_user, proposed):
    client = as_user(proposed.owner)

    answer = client.post(f"/api/v1/blogs/{proposed.pk}/generations/1/discard")

    assert (answer.status_code, answer.json()["blog"]["content"]) == (200, "My text.")
    generation = client.get(f"/api/v1/blogs/{proposed.pk}/generations/1").json()["generation"]
    assert (generation["landing"], generation["content"], generation["revision"]) == ("discarded", "Their text.", None)


@pytest.mark.parametrize("first", ["accept", "discard"])
@pytest.mark.parametrize("second", ["accept", "discard"])
def test_a_proposal_is_accepted_or_discarded_once(as_user, proposed, first, second):
    client = as_user(proposed.owner)
    client.post(f"/api/v1/blogs/{proposed.pk}/generations/1/{first}")
    content = client.get(f"/api/v1/blogs/{proposed.pk}").content

    answer = client.post(f"/api/v1/blogs/{proposed.pk}/generations/1/{second}")

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["detail"] == NOT_PROPOSED
    assert client.get(f"/api/v1/blogs/{proposed.pk}").content == content


def test_a_proposal_is_accepted_only_on_the_text_that_was_seen(as_user, proposed, api):
    tag = api.get(f"/api/v1/blogs/{proposed.pk}")["ETag"]
    client = as_user(proposed.owner)
    client.patch(f"/api/v1/blogs/{proposed.pk}", {"content": "Newer."})

    address = f"/api/v1/blogs/{proposed.pk}/generations/1/accept"
    assert client.post(address, headers={"If-Match": tag}).status_code == 412
    tag = api.get(f"/api/v1/blogs/{proposed.pk}")["ETag"]
    assert client.post(address, headers={"If-Match": tag}).status_code == 200


def test_accepting_during_a_generation_makes_its_text_a_proposal(as_user, proposed):
    proposed.request_generation()
    claim = fetched()

    blog = as_user(proposed.owner).post(f"/api/v1/blogs/{proposed.pk}/generations/1/accept").json()["blog"]

    assert blog["status"] == Status.IN_PROGRESS
    assert transitions.land([finished_text(claim, "Newer", "A newer text.")])[0] == "proposed"


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("get", "generations", 200),
        ("get", "generations/1", 200),
        ("get", "generations/9", 404),
        ("post", "generations/1/accept", 200),
        ("post", "generations/1/discard", 200),
        ("post", "generations/9/discard", 404),
        ("post", "regenerate", 202),
        ("post", "cancel", 409),
    ],
)
@pytest.mark.parametrize("who", ["nobody", "stranger", "owner", "staff"])
def test_generations_are_for_the_owner_and_staff(as_user, api, proposed, method, path, code, who):
    users = {"stranger": writer.make(), "owner": proposed.owner, "staff": editor.make()}
    client = as_user(users[who]) if who in users else api

    answer = getattr(client, method)(f"/api/v1/blogs/{proposed.pk}/{path}")

    assert answer.status_code == {"nobody": 401, "stranger": 403}.get(who, code)
    missing = getattr(client, method)(f"/api/v1/blogs/999/{path}")
    assert missing.status_code == (401 if who == "nobody" else 404)


def test_a_full_queue_is_503_and_nothing_is_changed(as_user, settings):
    post = finished_post.make()
    waiting.make()
    settings.GENERATION_QUEUE_LIMIT = 1
    client = as_user(post.owner)

    for answer in (
        client.post("/api/v1/blogs", {"title": "Bread"}),
        client.put(f"/api/v1/blogs/{post.pk}", {"title": "New"}),
        client.post(f"/api/v1/blogs/{post.pk}/regenerate"),
    ):
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert (answer["Content-Type"], answer.json()["detail"]) == ("application/problem+json", QUEUE_FULL)
    post.refresh_from_db()
    assert (post.status, Generation.objects.filter(status=State.PENDING).count()) == (Status.COMPLETED, 1)
    assert client.patch(f"/api/v1/blogs/{post.pk}", {"title": "Mine"}).status_code == 200


def test_a_generation_has_the_id_of_its_request(as_user):
    client = as_user(writer.make())

    client.post("/api/v1/blogs", {"title": "Bread"}, headers={"X-Request-ID": "from-the-app-17"})

    assert Generation.objects.get().request_id == "from-the-app-17"
