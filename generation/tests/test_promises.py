"""Promise 2 against any order of what people and machines do: no text that a person wrote is overwritten or dropped.

More of it: `HYPOTHESIS_EXAMPLES=500 python -m pytest generation/tests/test_promises.py`.
"""

import os
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from rest_framework.test import APIClient

from accounts.tests.baker_recipes import editor, writer
from accounts.tokens import token_pair
from blogs.models import BlogPost, Revision, Status
from blogsite.testing.posts import NOTES, bill, finished_text, request_post
from generation.failures import FailureCode, GenerationFailed
from generation.models import Generation, State
from generation.queue import fetch, leases, transitions
from generation.queue.claim import Claim

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "12"))
SHORT_OF_STEPS = settings(
    max_examples=EXAMPLES, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
people = st.sampled_from(["owner", "colleague"])
any_number = st.integers(0, 1_000)


def client_of(user: Any) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token_pair(user)['access_token']}")
    return client


class PeopleAndAWorker(RuleBasedStateMachine):
    """Two people and a worker on one post at a time; `briefs` and `texts` are what the two sent in."""

    def __init__(self) -> None:
        super().__init__()
        Generation.objects.all().delete()
        owner = writer.make()
        self.clients = {"owner": client_of(owner), "colleague": client_of(editor.make())}
        self.claims: list[Claim] = []
        self.written = 0
        self.begin()

    def begin(self) -> None:
        self.briefs = {self.text("brief")}
        self.texts: set[str] = set()
        self.machines: set[str] = set()
        self.proposals_only: set[int] = set()
        answer = self.clients["owner"].post("/api/v1/blogs", {"title": "First", "content": next(iter(self.briefs))})
        assert answer.status_code == 201
        self.pk, self.tags = answer.json()["blog"]["id"], [answer["ETag"]]

    def text(self, kind: str) -> str:
        self.written += 1
        return f"{kind} {self.written}"

    def ask(self, who: str, method: str, path: str = "", body: Any = None, tag: int | None = None) -> Any:
        """Send a request, with one of the tags that were seen if `tag` says which; return the answer."""
        headers = {} if tag is None else {"If-Match": self.tags[tag % len(self.tags)]}
        before = self.post.version
        stale = bool(headers) and headers["If-Match"] != f'"{self.pk}-{before}"'
        answer = getattr(self.clients[who], method)(f"/api/v1/blogs/{self.pk}{path}", body, headers=headers)
        if stale:
            assert (answer.status_code, self.post.version) == (412, before)
        elif answer.status_code < 300 and "ETag" in answer:
            assert answer["ETag"] == f'"{self.pk}-{self.post.version}"'
            self.tags.append(answer["ETag"])
        else:
            assert answer.status_code in (204, 404, 409), answer.content
        return answer

    @property
    def post(self) -> BlogPost:
        return BlogPost.objects.get(pk=self.pk)

    @rule(who=people, tag=st.none() | any_number)
    def regenerates_with_put(self, who, tag):
        brief = self.text("brief")
        if self.ask(who, "put", body={"title": brief, "content": brief}, tag=tag).status_code == 202:
            self.briefs.add(brief)

    @rule(who=people, tag=st.none() | any_number)
    def replaces_the_text_with_put(self, who, tag):
        text = self.text("text")
        if self.ask(who, "put", body={"title": text, "content": text, "regenerate": False}, tag=tag).status_code == 200:
            self.texts.add(text)

    @rule(who=people, tag=st.none() | any_number)
    def edits_with_patch(self, who, tag):
        text = self.text("text")
        if self.ask(who, "patch", body={"content": text}, tag=tag).status_code == 200:
            self.texts.add(text)

    @rule(who=people, path=st.sampled_from(["/regenerate", "/cancel"]), tag=st.none() | any_number)
    def regenerates_or_cancels(self, who, path, tag):
        self.ask(who, "post", path, tag=tag)

    @rule(replace_human=st.sampled_from([False, False, True]))
    def is_regenerated_in_bulk(self, replace_human):
        post = self.post
        newest = Revision.objects.filter(post=self.pk).first()
        is_persons = newest is not None and (newest.content in self.texts or newest.source == "restored")
        more = ["--replace-human"] if replace_human else []
        call_command("regenerate_posts", "--id", str(self.pk), *more, stdout=StringIO())
        if is_persons and not replace_human:
            self.proposals_only.add(post.generations.newest_first()[0].pk)

    @rule(who=people, number=st.integers(1, 4), decision=st.sampled_from(["accept", "discard"]))
    def decides_on_a_generation(self, who, number, decision):
        self.ask(who, "post", f"/generations/{number}/{decision}")

    @rule(who=people, decision=st.sampled_from(["accept", "accept", "discard"]), tag=st.none() | any_number)
    def decides_on_a_proposal(self, who, decision, tag):
        if proposal := Generation.objects.filter(post=self.pk, landing=Generation.Landing.PROPOSED).first():
            self.ask(who, "post", f"/generations/{proposal.number}/{decision}", tag=tag)

    @rule(who=people, number=st.integers(1, 4), tag=st.none() | any_number)
    def restores_a_revision(self, who, number, tag):
        self.ask(who, "post", f"/revisions/{number}/restore", tag=tag)

    @rule(who=people, sure=st.integers(0, 4))
    def deletes_the_post_and_begins_another(self, who, sure):
        if not sure:
            assert self.ask(who, "delete").status_code == 204
            self.begin()

    @rule()
    def a_worker_fetches(self):
        self.claims += fetch.fetch_due(5, "here:1")

    @precondition(lambda self: self.claims)
    @rule(which=any_number)
    def a_worker_renews_and_reports(self, which):
        claim = self.claims[which % len(self.claims)]
        claim.report_progress("write", claim.done + 1, 99)
        leases.renew([claim])

    @precondition(lambda self: self.claims)
    @rule(which=any_number)
    def a_text_lands(self, which):
        text = self.text("machine")
        if transitions.land([finished_text(self.claims[which % len(self.claims)], text, text)])[0]:
            self.machines.add(text)

    @precondition(lambda self: self.claims)
    @rule(which=any_number, code=st.sampled_from([FailureCode.TIMEOUT, FailureCode.REFUSED]))
    def a_generation_fails(self, which, code):
        transitions.fail(self.claims[which % len(self.claims)], GenerationFailed(code, "It failed."), bill())

    @rule()
    def leases_and_pauses_run_out(self):
        past = timezone.now() - timedelta(seconds=1)
        Generation.objects.filter(status=State.IN_PROGRESS).update(lease_until=past)
        Generation.objects.filter(status=State.PENDING).update(not_before=None)

    @invariant()
    def every_text_of_a_person_is_readable(self):
        generations, revisions = Generation.objects.filter(post=self.pk), Revision.objects.filter(post=self.pk)
        assert self.briefs <= {*generations.values_list("brief", flat=True), self.post.brief}
        assert self.texts <= set(revisions.filter(author__isnull=False).values_list("content", flat=True))
        assert self.machines <= set(generations.values_list("content", flat=True))

    @invariant()
    def every_landing_is_on_the_revision_it_started_from(self):
        for generation in Generation.objects.filter(post=self.pk).exclude(landing="").select_related("revision"):
            revision = generation.revision
            if generation.landing == Generation.Landing.LANDED:
                assert revision
                assert revision.number == generation.base_revision + 1
            assert (revision is None) == (generation.landing in ("proposed", "discarded"))
            assert revision is None or (revision.content, revision.source) == (generation.content, "ai")

    @invariant()
    def what_was_only_to_be_proposed_went_live_by_no_decision_but_a_persons(self):
        live = Revision.objects.filter(generation__in=self.proposals_only)
        assert not live.filter(author=None).exists()
        assert not Generation.objects.filter(pk__in=self.proposals_only, landing=Generation.Landing.LANDED).exists()

    @invariant()
    def the_post_is_its_newest_revision(self):
        post, newest = self.post, Revision.objects.filter(post=self.pk).first()
        assert (post.revision, post.content) == ((newest.number, newest.content) if newest else (0, ""))
        unfinished = Generation.objects.filter(post=self.pk).unfinished().count()
        assert unfinished == (post.status in (Status.PENDING, Status.IN_PROGRESS))
        assert (post.failure is not None) == (post.status == Status.FAILED)

    def teardown(self) -> None:
        """Read it all again as a client would."""
        read = self.clients["owner"].get(f"/api/v1/blogs/{self.pk}/revisions?limit=100").json()["revisions"]
        assert self.texts <= {revision["content"] for revision in read}
        read = self.clients["owner"].get(f"/api/v1/blogs/{self.pk}/generations?limit=100").json()["generations"]
        assert self.briefs <= {generation["brief"] for generation in read}


def test_no_order_of_edits_and_landings_loses_a_persons_text():
    run_state_machine_as_test(PeopleAndAWorker, settings=SHORT_OF_STEPS)


def test_a_post_that_was_handed_over_outlives_its_first_owner():
    first, second = writer.make(_quantity=2)
    post = request_post(owner=first)
    post.owner = second
    post.save(update_fields=["owner"])

    first.delete()

    generation = post.generations.get()
    assert (generation.brief, generation.status, generation.owner) == (NOTES, State.PENDING, None)
    assert [claim.id for claim in fetch.fetch_due(1, "one:1")] == [generation.pk]
