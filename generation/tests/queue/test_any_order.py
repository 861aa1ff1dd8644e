"""The transitions in small: two workers, people, a clock and the database, in any order."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from accounts.models import User
from accounts.tests.baker_recipes import writer
from blogs.models import RUNNING, BlogPost, Revision, Status
from blogsite.testing.posts import bill, finished_text, request_post
from generation.failures import FailureCode, GenerationFailed
from generation.models import UNFINISHED, Generation, State
from generation.queue import fetch, leases, transitions
from generation.queue.claim import Claim, host_of
from generation.queue.losses import Loss, release

WORKERS = st.sampled_from(["one:1", "one:2", "two:1"])  # host and process
FAILURES = st.sampled_from([FailureCode.TIMEOUT, FailureCode.PROVIDER_UNAVAILABLE, FailureCode.REFUSED])


@dataclass(frozen=True)
class Picture:
    """All rows at one moment, read once for all that must hold of them."""

    posts: list[dict[str, Any]]
    generations: list[dict[str, Any]]
    revisions: list[dict[str, Any]]

    def check(self) -> None:
        self.a_post_is_unfinished_as_long_as_its_generation()
        self.a_failed_post_says_why()
        self.a_text_lands_on_the_revision_that_it_was_requested_on()
        self.every_revision_is_numbered_and_the_last_is_live()
        self.attempts_stay_within_their_budget()

    @property
    def human_texts(self) -> set[tuple[int, str]]:
        return {(row["post_id"], row["content"]) for row in self.revisions if row["source"] == "human"}

    def a_post_is_unfinished_as_long_as_its_generation(self) -> None:
        unfinished = {(row["post_id"], row["status"]) for row in self.generations if row["status"] in UNFINISHED}
        assert {(post["id"], post["status"]) for post in self.posts if post["status"] in RUNNING} == unfinished

    def a_failed_post_says_why(self) -> None:
        assert all(
            post["failure"]["code"] in list(FailureCode) for post in self.posts if post["status"] == Status.FAILED
        )

    def a_text_lands_on_the_revision_that_it_was_requested_on(self) -> None:
        numbers = {row["id"]: row["number"] for row in self.revisions}
        landed = [row for row in self.generations if row["landing"] == "landed"]
        assert all(numbers[row["revision_id"]] == row["base_revision"] + 1 for row in landed)

    def every_revision_is_numbered_and_the_last_is_live(self) -> None:
        for post in self.posts:
            texts = {row["number"]: row["content"] for row in self.revisions if row["post_id"] == post["id"]}
            assert sorted(texts) == list(range(1, post["revision"] + 1))
            assert not texts or texts[post["revision"]] == post["content"]

    def attempts_stay_within_their_budget(self) -> None:
        assert all(row["attempts"] <= 6 and row["deaths"] <= 3 for row in self.generations)


class WorkersAndPeople(RuleBasedStateMachine):
    """Claims are kept for ever: a worker may act on one long after its lease was lost."""

    def __init__(self) -> None:
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.owner: User = writer.make()
        self.claims: list[Claim] = []
        self.texts: list[tuple[int, str]] = []
        self.number = 0
        self.now = self.picture()

    def teardown(self) -> None:
        self.everything_ends()
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)

    def next_text(self) -> str:
        self.number += 1
        return f"text {self.number}"

    def some(self, data: st.DataObject) -> BlogPost:
        return BlogPost.objects.get(pk=data.draw(st.sampled_from([post["id"] for post in self.now.posts])))

    @rule()
    def submit(self) -> None:
        request_post(notes=self.next_text(), owner=self.owner)

    @precondition(lambda self: self.now.posts)
    @rule(data=st.data())
    def rewrite(self, data: st.DataObject) -> None:
        self.some(data).rewrite(title="Rye", brief=self.next_text(), requested_by=self.owner)

    @precondition(lambda self: self.now.posts)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        post, text = self.some(data), self.next_text()
        post.edit(title="Mine", content=text, author=self.owner)
        self.texts.append((post.pk, text))

    @precondition(lambda self: self.now.posts)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        transitions.cancel(self.some(data))

    @precondition(lambda self: self.now.posts)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        post = self.some(data)
        self.texts = [(pk, text) for pk, text in self.texts if pk != post.pk]
        post.delete()

    @rule(worker=WORKERS, limit=st.integers(1, 3))
    def fetch(self, worker: str, limit: int) -> None:
        """Fetch; what a process of the same host holds, even this one itself, is not fetched."""
        neighbours = set(Generation.objects.on(host_of(worker)).values_list("pk", flat=True))
        claims = fetch.fetch_due(limit, worker)
        assert neighbours.isdisjoint(claim.id for claim in claims)
        self.claims += claims

    @rule(worker=WORKERS, loss=st.sampled_from(list(Loss)))
    def lose(self, worker: str, loss: Loss) -> None:
        """A worker is lost, or only seems to be: its claims are kept, and it may still act on them."""
        release(Generation.objects.of_worker(worker), loss)

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def renew(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        assert leases.renew([claim]) == ([] if self.holds(claim) else [claim])

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), is_edited=st.booleans())
    def land(self, data: st.DataObject, is_edited: bool) -> None:
        """A text is finished, perhaps just after a person has changed its post."""
        claim = data.draw(st.sampled_from(self.claims))
        if is_edited and (post := BlogPost.objects.filter(pk=claim.post_id).first()):
            text = self.next_text()
            post.edit(title="Mine", content=text, author=self.owner)
            self.texts.append((post.pk, text))
        held, before = self.holds(claim), self.picture()
        landing = transitions.land([finished_text(claim, "Title", self.next_text())])[0]
        assert (landing is not None) == held
        assert held or self.picture() == before

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), code=FAILURES)
    def fail(self, data: st.DataObject, code: FailureCode) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        held, before = self.holds(claim), self.now
        state = transitions.fail(claim, GenerationFailed(code, "It failed."), bill())
        assert (state is not None) == held
        assert held or self.picture() == before

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def hand_back(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        held, before = self.holds(claim), self.now
        transitions.hand_back(claim)
        assert held or self.picture() == before

    @rule(seconds=st.sampled_from([1, 30, 600]))
    def time_passes(self, seconds: int) -> None:
        """Move all rows into the past: the clock is the database's."""
        span = timedelta(seconds=seconds)
        for name in ("lease_until", "not_before"):
            Generation.objects.exclude(**{name: None}).update(**{name: F(name) - span})

    def holds(self, claim: Claim) -> bool:
        return bool(Generation.objects.filter(pk=claim.id, token=claim.token, status=State.IN_PROGRESS).exists())

    def picture(self) -> "Picture":
        return Picture(*(list(model.objects.order_by("pk").values()) for model in (BlogPost, Generation, Revision)))

    @invariant()
    def every_promise_holds(self) -> None:
        self.now = self.picture()
        self.now.check()
        assert set(self.texts) <= self.now.human_texts

    def everything_ends(self) -> None:
        """From here one orderly worker finishes all, on a host of its own."""
        for _ in range(10):
            self.time_passes(600)
            for claim in fetch.fetch_due(100, "three:3"):
                transitions.land([finished_text(claim, "Title", "The end.")])
        assert not Generation.objects.filter(status__in=UNFINISHED).exists()


@pytest.mark.django_db
def test_any_order_of_steps_keeps_the_promises():
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        WorkersAndPeople,
        settings=settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=checks),
    )
