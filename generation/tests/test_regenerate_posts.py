"""`manage.py regenerate_posts` as an operator types it."""

import threading
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost, Status
from blogs.tests.baker_recipes import failed_post, finished_post
from generation.engine import drain
from generation.models import Generation
from generation.tests.baker_recipes import waiting

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command("regenerate_posts", *args, stdout=out, stderr=out)
    return out.getvalue()


def regenerated() -> set[int]:
    return set(Generation.objects.values_list("post_id", flat=True))


def test_all_finished_posts_are_regenerated_behind_urgent_requests():
    posts = [finished_post.make(title="Bread"), failed_post.make()]

    said = run()

    assert "Regenerating 2 posts" in said
    assert "Bread" in said
    assert regenerated() == {post.pk for post in posts}
    assert set(Generation.objects.values_list("urgent", flat=True)) == {False}
    assert set(BlogPost.objects.values_list("status", flat=True)) == {Status.PENDING}


def test_posts_on_their_way_are_left_alone_unless_named():
    post = waiting.make().post

    assert run() == "No posts match; nothing to do.\n"
    run("--id", str(post.pk))

    assert post.generations.count() == 2


def test_options_narrow_the_choice_together():
    owner = writer.make(email="bob@example.com")
    old = timezone.now() - timedelta(days=8)
    wanted = failed_post.make(owner=owner, updated_at=old)
    failed_post.make(owner=owner)
    failed_post.make(updated_at=old)
    finished_post.make(owner=owner, updated_at=old)

    run("--status", "failed", "--owner", "Bob@example.com", "--older-than", "7d")

    assert regenerated() == {wanted.pk}


def test_a_limit_takes_the_oldest():
    first, _ = finished_post.make(_quantity=2)

    run("--limit", "1")

    assert regenerated() == {first.pk}


def test_a_dry_run_says_what_it_would_do_and_does_nothing():
    finished_post.make(title="Bread")

    said = run("--dry-run")

    assert "Would regenerate 1 post:" in said
    assert "Bread" in said
    assert not regenerated()


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (["--status", "lost"], "invalid choice: 'lost'"),
        (["--older-than", "yesterday"], "'yesterday' is not an age"),
        (["--limit", "0"], "'0' is not a number of at least 1"),
        (["--id", "x"], "'x' is not a number of at least 1"),
        (["--owner", "nobody@example.com"], "There is no user with the address nobody@example.com."),
        (["--colour", "red"], "unrecognized arguments"),
    ],
)
def test_a_wrong_option_is_a_clear_error_and_changes_nothing(args, complaint):
    finished_post.make()

    with pytest.raises(CommandError, match=complaint.replace("(", r"\(")):
        run(*args)

    assert not regenerated()


def waiting_for(*args: str) -> Any:
    """Run the command with --wait while a worker drains; return what it said, or the error it ended with."""
    outcome: list[Any] = []

    def operator() -> None:
        try:
            outcome.append(run(*args, "--wait"))
        except CommandError as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=operator)
    thread.start()
    while thread.is_alive():
        drain()
        thread.join(0.1)
    return outcome[0]


@pytest.mark.django_db(transaction=True)
def test_waiting_ends_when_all_are_written(model_server):
    finished_post.make(_quantity=2, brief_title="Bread")

    assert "2 written." in waiting_for()


@pytest.mark.django_db(transaction=True)
def test_waiting_for_a_post_that_fails_ends_with_an_error_that_names_it(model_server):
    finished_post.make()
    model_server.always(type(model_server.script.standing)(status=401))

    error = waiting_for()

    assert isinstance(error, CommandError)
    assert str(error) == "1 of 1 posts failed."
