"""Readers see nothing but released revisions, each whole, in any order of what people, machines and the clock do.

More of it: `HYPOTHESIS_EXAMPLES=1000 python -m pytest generation/tests/test_releases.py`.
"""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.baker_recipes import editor, writer
from accounts.tokens import token_pair
from blogs.etags import etag
from blogs.models import BlogPost, Release, Revision
from blogsite.testing.posts import bill, finished_text, request_post
from blogsite.testing.workers import StartWorker, eventually
from generation.failures import FailureCode, GenerationFailed
from generation.models import Generation
from generation.queue import fetch, transitions
from generation.queue.claim import Claim

pytestmark = pytest.mark.django_db

SHORT = settings(
    max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "8")),
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class Killed(Exception):
    """The worker's process ends in the middle of a transaction."""


class Text(NamedTuple):
    title: str
    content: str
    has_machine_text: bool


class PeopleMachinesAndTheClock(RuleBasedStateMachine):
    """What readers should see is kept beside the post, by rules of its own: `public` and `is_named`."""

    def __init__(self) -> None:
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        self.people: list[User] = [writer.make(), editor.make()]
        self.client = APIClient()
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {token_pair(self.people[0])['access_token']}")
        self.reader = APIClient()
        self.claims: list[Claim] = []
        self.texts: list[Text] = []  # revision 1 is the first
        self.count = 0
        self.public = 0
        self.is_named = False
        self.scheduled: tuple[int, bool] | None = None

    @initialize(at_once=st.booleans())
    def begin(self, at_once: bool) -> None:
        self.at_once = at_once
        django_settings.PUBLISH = "at_once" if at_once else "on_review"
        self.pk = request_post("Title 0", owner=self.people[0]).pk

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)

    @property
    def post(self) -> BlogPost:
        return BlogPost.objects.get(pk=self.pk)

    def ask(self, path: str, body: Any = None, *, method: str = "post", named: bool = False) -> int:
        headers = {"If-Match": etag(self.pk, self.post.version)} if named else {}
        return int(getattr(self.client, method)(f"/api/v1/blogs/{self.pk}{path}", body, headers=headers).status_code)

    def note_text(self, text: Text, *, named: bool) -> None:
        """Note a revision that was added."""
        is_first, self.texts = not self.texts, [*self.texts, text]
        if self.at_once and (is_first or self.public):
            self.note_release(len(self.texts), named=named)

    def note_release(self, number: int, *, named: bool) -> None:
        self.is_named = named or (self.is_named and number == self.public)
        self.public, self.scheduled = number, None

    def next(self) -> int:
        self.count += 1
        return self.count

    @rule()
    def regenerates(self) -> None:
        assert self.ask("", {"title": f"Brief {self.next()}", "content": "notes"}, method="put") == 202

    @rule()
    def a_worker_fetches(self) -> None:
        self.claims += fetch.fetch_due(1, f"host{self.next()}:1")

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), held_back=st.booleans())
    def a_text_is_finished(self, data: st.DataObject, held_back: bool) -> None:
        claim = self.claims.pop(data.draw(st.integers(0, len(self.claims) - 1)))
        number = self.next()
        text = Text(f"Title {number}", f"Machine {number}.", has_machine_text=True)
        finished = finished_text(claim, text.title, text.content)
        if held_back:
            transitions.reject(finished, GenerationFailed(FailureCode.INVALID_OUTPUT, "Held back."))
        elif transitions.land([finished])[0] == "landed":
            self.note_text(text, named=False)

    @precondition(lambda self: self.claims)
    @rule()
    def an_attempt_fails(self) -> None:
        transitions.fail(self.claims.pop(), GenerationFailed(FailureCode.REFUSED, "Refused."), bill())

    @rule()
    def cancels(self) -> None:
        assert self.ask("/cancel") in (200, 409)

    @rule(keeps=st.booleans(), named=st.booleans())
    def edits(self, keeps: bool, named: bool) -> None:
        number, live = self.next(), self.texts[-1] if self.texts else None
        kept = f"{live.content} " if live and keeps else ""
        has_machine_text = bool(kept and live and live.has_machine_text)
        text = Text(f"Title {number}", f"{kept}Person {number}.", has_machine_text)
        assert self.ask("", {"title": text.title, "content": text.content}, method="patch", named=named) == 200
        self.note_text(text, named=named)

    @precondition(lambda self: self.texts)
    @rule(data=st.data())
    def restores(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, len(self.texts)))
        text, live = self.texts[number - 1], self.texts[-1]
        assert self.ask(f"/revisions/{number}/restore") == 200
        if (text.title, text.content) != (live.title, live.content):  # else nothing is changed
            self.note_text(text, named=True)

    @rule()
    def accepts_a_proposal(self) -> None:
        proposed = Generation.objects.filter(post=self.pk, landing="proposed").first()
        if proposed:
            assert self.ask(f"/generations/{proposed.number}/accept") == 200
            self.note_text(Text(proposed.title, proposed.content, has_machine_text=True), named=True)

    @rule(data=st.data(), by_number=st.booleans(), by_tag=st.booleans())
    def publishes(self, data: st.DataObject, by_number: bool, by_tag: bool) -> None:
        number = data.draw(st.integers(1, len(self.texts))) if self.texts and by_number else len(self.texts)
        code = self.ask("/publish", {"revision": number} if by_number and number else None, named=by_tag)
        assert code == (200 if self.texts else 409)
        if self.texts:
            self.note_release(number, named=by_number or by_tag)

    @rule(data=st.data(), by_number=st.booleans())
    def schedules(self, data: st.DataObject, by_number: bool) -> None:
        number = data.draw(st.integers(1, len(self.texts))) if self.texts and by_number else len(self.texts)
        body: dict[str, Any] = {"publish_at": (timezone.now() + timedelta(days=1)).isoformat()}
        code = self.ask("/publish", body | ({"revision": number} if by_number and number else {}))
        assert code == (200 if self.texts else 409)
        if self.texts:
            self.scheduled = (number, by_number)

    @rule()
    def unpublishes(self) -> None:
        assert self.ask("/unpublish") == (200 if self.public or self.scheduled else 409)
        self.public, self.is_named, self.scheduled = 0, False, None

    @rule(statement=st.integers(1, 8))
    def a_day_passes_and_a_worker_is_killed(self, statement: int) -> None:
        Release.objects.scheduled().update(moment=timezone.now() - timedelta(seconds=1))
        version, was_public = self.post.version, self.public
        killed_at(statement, lambda: BlogPost.objects.publish_due(10))
        done = self.post.version > version
        if self.scheduled and not done:
            assert self.post.released_revision == (was_public or None)
            assert BlogPost.objects.publish_due(10) == 1
        assert self.post.version == version + bool(self.scheduled)
        assert BlogPost.objects.publish_due(10) == 0
        if self.scheduled:
            number, named = self.scheduled
            self.note_release(number, named=named)

    @invariant()
    def everybody_sees_what_they_should(self) -> None:
        post = self.post
        self.readers_see_the_released_revision_whole(post)
        self.a_machines_text_is_disclosed_as_read_only_if_a_person_named_that_revision(post)
        rows = list(Release.objects.scheduled().values_list("revision", "is_named"))
        assert rows == ([self.scheduled] if self.scheduled else [])
        assert bool(post.publish_at) == bool(self.scheduled)

    def readers_see_the_released_revision_whole(self, post: BlogPost) -> None:
        text = self.texts[self.public - 1] if self.public else None
        one = self.reader.get(f"/api/v1/blogs/{self.pk}")
        listed = self.reader.get("/api/v1/blogs", {"title": text.title.upper()} if text else {})
        seen = one.json()["blog"]
        assert listed.json()["blogs"] == [seen]
        assert (seen["revision"], bool(seen["released_at"])) == (self.public, bool(self.public))
        if text:
            assert (seen["title"], seen["content"]) == (text.title, text.content)
        else:
            assert seen["content"] == "" == (seen["title"] if self.texts or not self.at_once else "")
        assert (one["ETag"] == etag(post.pk, post.version)) == post.shows_newest

    def a_machines_text_is_disclosed_as_read_only_if_a_person_named_that_revision(self, post: BlogPost) -> None:
        expected = None
        if self.public:
            machine = "ai-assisted" if self.is_named else "ai-autonomous"
            expected = machine if self.texts[self.public - 1].has_machine_text else "human-only"
        assert post.ai_disclosure == expected
        if expected == "ai-assisted":
            assert post.releases.filter(revision=self.public, is_named=True, by__in=self.people).exists()


def killed_at(statement: int, work: Callable[[], Any]) -> None:
    """Do some work in a transaction that is lost at one of its statements, as when its process is killed."""
    count = 0

    def count_down(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            count += 1
            if count == statement:
                raise Killed
        return execute(sql, params, many, context)

    try:
        with transaction.atomic(), connection.execute_wrapper(count_down):
            work()
    except Killed:
        pass


def wait_for_released(posts: int) -> None:
    eventually(lambda: BlogPost.objects.released().count() >= posts)


def test_readers_see_only_what_was_released_in_any_order(settings):
    settings.PUBLISH = "at_once"  # so that the fixture takes back what the machine sets
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES)
    run_state_machine_as_test(PeopleMachinesAndTheClock, settings=SHORT)


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_what_is_scheduled_happens_once_though_workers_are_killed(start_worker: StartWorker, settings):
    settings.PUBLISH = "on_review"
    user = writer.make()
    posts = [BlogPost(owner=user, title="Bread") for _ in range(40)]
    for number, post in enumerate(posts):
        post.submit_own_text(f"Text {number}.", author=user)
        post.schedule(timezone.now() + timedelta(seconds=1 + number / 10), by=user)
    versions = {post.pk: post.version for post in posts}

    for enough in (10, 40):
        worker = start_worker()
        wait_for_released(enough)
        os.kill(worker.pid, signal.SIGKILL)

    assert {pk: version - 1 for pk, version in BlogPost.objects.values_list("pk", "version")} == versions
    assert Release.objects.filter(released_at__isnull=False).count() == Revision.objects.count() == 40
