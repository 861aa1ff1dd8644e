"""Of deactivated users nothing is written: it is cancelled at once, or at the latest when it would be fetched."""

from contextlib import ExitStack

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.management.commands import deactivate as command
from accounts.models import User
from accounts.tests.baker_recipes import PASSWORD, editor, writer
from accounts.tokens import token_pair
from blogs.models import Status
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.browsers import logged_in
from blogsite.testing.connections import another_connection, by_rows, is_waited_for, own_pid
from blogsite.testing.posts import finished_text, fresh, owner_of, request_post, rows_of_others
from blogsite.testing.workers import TIMEOUT, eventually
from generation.costs import Usage
from generation.failures import FailureCode
from generation.models import Generation, State
from generation.queue import fetch, leases, transitions
from generation.queue.late_bills import bill_rest
from generation.queue.unwanted import DEACTIVATED
from generation.tests.baker_recipes import abandoned, waiting

pytestmark = pytest.mark.django_db(transaction=True)


def in_the_admin(user: User) -> None:
    client = logged_in(editor.make())
    address = f"/admin/accounts/user/{user.pk}/change/"
    form = client.get(address).context["adminform"].form.initial
    kept = {name: value for name, value in form.items() if value not in (None, False) and name != "is_active"}
    client.post(address, kept | {"_save": "1"})


def by_save(user: User) -> None:
    user.is_active = False
    user.save()


WAYS = {
    "in the admin": in_the_admin,
    "by a saved row": by_save,
    "by the command": lambda user: call_command("deactivate", user.email),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_deactivated_users_unfinished_generations_are_cancelled_at_once(way, as_user, api):
    user = writer.make()
    refresh = token_pair(user)["refresh_token"]
    mine, live, hers, others = request_post(owner=user), finished_post.make(owner=user), finished_post.make(), None
    live.request_generation(requested_by=owner_of(hers))
    hers.request_generation(requested_by=user)
    others = request_post()
    before = rows_of_others(mine, live, hers)

    WAYS[way](user)

    ended = Generation.objects.exclude(post=others)
    assert {(row.status, row.failure_code, row.failure_message) for row in ended} == {
        (State.CANCELLED, "cancelled", DEACTIVATED)
    }
    assert [fresh(post).status for post in (mine, live, hers)] == ["failed", "completed", "completed"]
    assert rows_of_others(mine, live, hers) == before
    assert api.post("/api/v1/refresh", {"refresh_token": refresh}).status_code == 401
    assert [claim.post_id for claim in fetch.fetch_due(10, "one:1")] == [others.pk]


def test_a_worker_that_is_writing_finds_out_and_what_it_spent_is_billed():
    post = request_post()
    (claim,) = fetch.fetch_due(1, "one:1")

    by_save(owner_of(post))

    assert leases.renew([claim]) == [claim]
    claim.paid_answers.usage += Usage(prompt_tokens=1000, completion_tokens=10, calls=1)
    assert bill_rest([claim]) == []
    generation = post.generations.get()
    assert (generation.status, generation.calls, generation.prompt_tokens) == (State.CANCELLED, 1, 1000)
    assert transitions.land([finished_text(claim)]) == [None]
    assert fresh(post).content == ""


def update_only(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("recipe", [waiting, abandoned])
@pytest.mark.parametrize("whose", ["the owner", "who requested it"])
def test_what_a_deactivated_user_still_has_in_the_queue_is_cancelled_when_it_would_be_fetched(recipe, whose):
    user = writer.make()
    theirs = recipe.make(post__owner=user) if whose == "the owner" else recipe.make(requested_by=user)
    other, version = waiting.make(turn=1), theirs.post.version
    update_only(user)

    assert [claim.id for claim in fetch.fetch_due(2, "one:1")] == [other.pk]

    theirs.refresh_from_db()
    assert (theirs.status, theirs.failure_code, theirs.failure_message) == (State.CANCELLED, "cancelled", DEACTIVATED)
    assert (theirs.token, theirs.lease_until) == (None, None)
    post = fresh(theirs.post)
    assert (post.status, post.progress, post.version) == (Status.FAILED, None, version + 1)
    assert post.failure == {
        "code": "cancelled",
        "message": FailureCode.CANCELLED.summary,
        "retryable": False,
        "attempts": theirs.attempts,
    }


def test_many_rows_of_a_deactivated_user_do_not_keep_others_waiting():
    user = writer.make()
    for turn in range(30):
        waiting.make(turn=turn, post__owner=user)
    other = waiting.make(turn=100)
    update_only(user)

    assert [claim.id for claim in fetch.fetch_due(2, "one:1")] == [other.pk]

    assert Generation.objects.filter(status=State.CANCELLED).count() == 30


def test_a_request_that_was_let_in_before_the_deactivation_and_commits_after_it_is_never_written():
    user = writer.make()

    by_save(User.objects.get(pk=user.pk))
    post = request_post(owner=user)

    assert fetch.fetch_due(1, "one:1") == []
    assert post.generations.get().status == State.CANCELLED


@by_rows
def test_a_request_that_is_under_way_during_the_deactivation_is_never_written():
    user = writer.make()
    with transaction.atomic():
        post = request_post(owner=user)
        with another_connection(lambda: by_save(User.objects.get(pk=user.pk))) as deactivation:
            deactivation.result(TIMEOUT)

    assert fetch.fetch_due(1, "one:1") == []
    assert post.generations.get().failure_message == DEACTIVATED


@by_rows
def test_a_deactivation_waits_for_a_fetch_and_ends_what_it_leased():
    post = request_post()
    with ExitStack() as stack:
        with transaction.atomic():
            (claim,) = fetch.fetch_due(1, "one:1")
            deactivation = stack.enter_context(another_connection(lambda: by_save(owner_of(fresh(post)))))
            eventually(lambda: is_waited_for(own_pid()))
        deactivation.result(TIMEOUT)

    assert leases.renew([claim]) == [claim]
    assert post.generations.get().status == State.CANCELLED


def test_an_account_that_is_active_again_gets_its_posts_written(as_user):
    user = writer.make()
    by_save(user)
    call_command("deactivate", user.email.upper(), "--undo")

    user = User.objects.get(pk=user.pk)
    post = request_post(owner=user)

    assert user.check_password(PASSWORD)
    assert as_user(user).get("/api/v1/me").status_code == 200
    assert [claim.post_id for claim in fetch.fetch_due(1, "one:1")] == [post.pk]


def test_an_account_that_is_active_again_has_to_log_in_again():
    user = editor.make()
    client = logged_in(user)
    by_save(user)
    call_command("deactivate", user.email, "--undo")

    assert client.get("/admin/").status_code == 302


def test_a_save_that_changes_nothing_about_it_cancels_nothing():
    user = writer.make(is_active=False)
    post = request_post(owner=user)

    user.save()

    assert post.generations.get().status == State.PENDING


def test_an_address_that_nobody_has_is_said_to_have_nobody():
    with pytest.raises(CommandError, match=command.NO_USER.format(email="nobody@example.com")):
        call_command("deactivate", "nobody@example.com")


@pytest.mark.parametrize("rows", [1, 40])
def test_a_fetch_asks_once_who_is_active_however_many_rows_it_takes(rows):
    for turn in range(rows):
        waiting.make(turn=turn)

    with CaptureQueriesContext(connection) as queries:
        assert len(fetch.fetch_due(rows, "one:1")) == rows

    assert sum('FROM "accounts_user"' in query["sql"] for query in queries) == 1
