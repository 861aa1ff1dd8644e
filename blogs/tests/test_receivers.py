"""Users and posts are deleted, and posts of users who go are kept, whatever is written meanwhile."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.admin.deletion import DELETE, MINE, NOBODYS
from accounts.leaving import delete_users
from accounts.models import User
from accounts.signals import KEPT, Belongings
from accounts.tests.baker_recipes import PASSWORD, editor, writer
from accounts.tokens import token_pair
from blogs.models import RUNNING, BlogPost, Revision
from blogsite.testing.browsers import logged_in
from blogsite.testing.connections import another_connection, by_rows, is_waited_for, own_pid
from blogsite.testing.posts import finished_text, fresh, owner_of, request_post
from blogsite.testing.workers import TIMEOUT, eventually
from generation.models import Generation
from generation.queue import fetch, transitions

CHIEF = "chief@example.com"


def delete_selected(user: User, posts: str) -> Callable[[], Any]:
    """Return the request that deletes a user in the admin's list, with the choice of what becomes of the posts."""
    chosen = {"action": "delete_selected", "_selected_action": user.pk, "post": "yes", "until": user.pk, "posts": posts}
    return partial(logged_in(editor.make(email=CHIEF)).post, "/admin/accounts/user/", chosen)


def leave(user: User, posts: str) -> Callable[[], Any]:
    """Return the request of a user who leaves."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token_pair(user)['access_token']}")
    return partial(client.delete, "/api/v1/me", {"password": PASSWORD, "posts": posts})


ALL_GONE = Belongings(keep=False)
KEEPING: dict[str, Callable[[User], Callable[[], Any]]] = {
    "a user": lambda user: user.delete,
    "a queryset of users": lambda user: User.objects.filter(pk=user.pk).delete,
    "users in pieces": lambda user: partial(delete_users, [user.pk], KEPT),
    "users selected in the admin": lambda user: delete_selected(user, NOBODYS),
    "users selected in the admin, for an heir": lambda user: delete_selected(user, MINE),
    "a user who leaves": lambda user: leave(user, "keep"),
}
DELETIONS: dict[str, Callable[[User], Callable[[], Any]]] = {
    "a user with the posts": lambda user: partial(user.delete, belongings=ALL_GONE),
    "users in pieces": lambda user: partial(delete_users, [user.pk], ALL_GONE),
    "users selected in the admin": lambda user: delete_selected(user, DELETE),
    "a user who leaves": lambda user: leave(user, "delete"),
    "a post": lambda user: user.posts.get().delete,
    "a queryset of posts": lambda user: BlogPost.objects.filter(owner__email=user.email).delete,
}
CHANGES: dict[str, Callable[[BlogPost], Any]] = {
    "its text lands": lambda post: transitions.land([finished_text(fetch.fetch_due(1, "one:1")[0])]),
    "its owner edits it": lambda post: post.edit(title="Bread", content="My text.", author=owner_of(post)),
    "an editor edits it": lambda post: post.edit(title="Bread", content="My text.", author=editor.make()),
    "its owner regenerates it": lambda post: post.request_generation(requested_by=post.owner),
}
CHANGED = {
    "its text lands": ["The text."],
    "its owner edits it": ["My text."],
    "an editor edits it": ["My text."],
    "its owner regenerates it": [],
}


def announced(work: Callable[[], Any], waits: threading.Event) -> Callable[[], Any]:
    """Set `waits` just before `work` asks for SQLite's lock on the database."""

    def announce(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith(("BEGIN", "INSERT")):
            waits.set()
        return execute(sql, *args)

    def run() -> Any:
        with connection.execute_wrapper(announce):
            return work()

    return run


def commit_once_waited_for(change: Callable[[], Any], deletion: Callable[[], Any]) -> None:
    """Make a change, and commit it when the deletion in another connection has begun and waits for it."""
    waits = threading.Event()
    with ExitStack() as stack:
        with transaction.atomic():
            change()
            deleted = stack.enter_context(another_connection(announced(deletion, waits)))
            if connection.vendor == "sqlite":
                assert waits.wait(TIMEOUT)
            else:
                eventually(lambda: is_waited_for(own_pid()))
        deleted.result(TIMEOUT)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("deletion", DELETIONS)
def test_what_changes_while_a_post_is_deleted_goes_with_it(deletion, change):
    post, another = request_post(), request_post()

    commit_once_waited_for(lambda: CHANGES[change](fresh(post)), DELETIONS[deletion](owner_of(post)))

    assert list(BlogPost.objects.all()) == [another]
    assert list(Generation.objects.values_list("post", flat=True)) == [another.pk]
    assert not Revision.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("deletion", KEEPING)
def test_what_changes_while_a_user_is_deleted_is_kept_with_the_post(deletion, change):
    post = request_post()
    owner = owner_of(post)

    commit_once_waited_for(lambda: CHANGES[change](fresh(post)), KEEPING[deletion](owner))

    assert not User.objects.filter(pk=owner.pk).exists()
    kept = BlogPost.objects.get()
    heir = User.objects.get(email=CHIEF) if deletion.endswith("for an heir") else None
    assert kept.owner == heir
    assert [revision.content for revision in Revision.objects.all()] == CHANGED[change]
    assert kept.content == "".join(CHANGED[change])
    running = bool(heir) and change != "its text lands"
    assert Generation.objects.unfinished().exists() == (kept.status in RUNNING) == running


@by_rows
@pytest.mark.django_db(transaction=True)
def test_a_text_that_lands_on_a_post_submitted_while_its_owner_and_posts_are_deleted_goes_too():
    first = request_post()
    release, pid = threading.Event(), Future[int]()

    def hold_the_first_post() -> None:
        with transaction.atomic():
            first.lock()
            pid.set_result(own_pid())
            release.wait(TIMEOUT)

    with ExitStack() as stack:
        stack.enter_context(another_connection(hold_the_first_post))
        holder = pid.result(TIMEOUT)
        deletion = stack.enter_context(another_connection(partial(owner_of(first).delete, belongings=ALL_GONE)))
        eventually(lambda: is_waited_for(holder))
        request_post(owner=first.owner)
        claims = fetch.fetch_due(2, "one:1")
        with transaction.atomic():
            assert transitions.land([finished_text(claims[-1])]) == [Generation.Landing.LANDED]
            release.set()
            eventually(lambda: is_waited_for(own_pid()))
        deletion.result(TIMEOUT)

    assert not any(model.objects.exists() for model in (User, BlogPost, Generation, Revision))


@by_rows
@pytest.mark.django_db(transaction=True)
def test_a_request_by_a_user_who_is_deleted_before_it_commits_is_refused():
    owner = writer.make()

    @transaction.atomic
    def submit_too_late() -> None:
        with another_connection(User.objects.get(pk=owner.pk).delete) as deletion:
            deletion.result(TIMEOUT)
        request_post(owner=owner)

    with pytest.raises(IntegrityError):
        submit_too_late()

    assert not BlogPost.objects.exists()


@by_rows
@pytest.mark.django_db(transaction=True)
def test_only_posts_that_match_when_they_are_locked_are_deleted():
    leaving, coming = request_post("Bread"), request_post("Rye")

    def swap_titles() -> None:
        BlogPost.objects.filter(pk=leaving.pk).update(title="Rye")
        BlogPost.objects.filter(pk=coming.pk).update(title="Bread")

    commit_once_waited_for(swap_titles, BlogPost.objects.filter(title="Bread").delete)

    assert set(BlogPost.objects.all()) == {leaving, coming}


@pytest.mark.django_db
@pytest.mark.parametrize("deletion", ["a user", "a queryset of users"])
def test_posts_are_locked_then_users_then_posts_submitted_meanwhile(deletion):
    delete = KEEPING[deletion](owner_of(request_post()))

    with CaptureQueriesContext(connection) as queries:
        delete()

    statements = [query["sql"] for query in queries]
    locks = [sql for sql in statements if sql.startswith("SELECT") and "ORDER BY 1 ASC" in sql]
    assert [sql.split(".")[0] for sql in locks] == [
        'SELECT "blogs_blogpost"',
        'SELECT "accounts_user"',
        'SELECT "blogs_blogpost"',
    ]
    assert all(("FOR UPDATE" in sql) == connection.features.has_select_for_update for sql in locks)
    first_change = next(i for i, sql in enumerate(statements) if sql.startswith(("DELETE", "UPDATE")))
    assert statements.index(locks[-1]) < first_change
