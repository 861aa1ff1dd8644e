"""Nothing is requested for the posts of deactivated users: every door says why, and bulk work passes over them."""

from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from accounts.tests.baker_recipes import editor, writer
from blogs.admin.bulk import do
from blogs.models import BlogPost
from blogs.refusals import OwnerDeactivated
from blogs.tests.admin.test_post import save
from blogs.tests.baker_recipes import failed_post, finished_post
from blogs.tests.test_requesters import LIST, messages, unchanged
from blogsite.testing.browsers import logged_in
from blogsite.testing.posts import owner_of
from generation.admin.bulk_actions import REGENERATE, RETRY
from generation.management.commands.regenerate_posts import NO_MATCH, SKIPPED
from generation.models import Generation

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> BlogPost:
    """Return the post of a deactivated user."""
    made: BlogPost = failed_post.make(owner=writer.make(is_active=False))
    return made


@pytest.fixture
def boss() -> User:
    made: User = editor.make()
    return made


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("put", "/api/v1/blogs/{}", {"title": "Rye", "content": "dough"}), ("post", "/api/v1/blogs/{}/regenerate", {})],
)
def test_the_api_refuses_until_the_owner_is_active_again(
    as_user: Any, boss: User, post: BlogPost, method: str, path: str, body: Any
) -> None:
    client = as_user(boss)
    address, key = path.format(post.pk), {"Idempotency-Key": "again"}

    answer = getattr(client, method)(address, body, headers=key)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/owner-deactivated")
    assert answer.json()["detail"] == OwnerDeactivated.detail
    assert unchanged(post)
    User.objects.update(is_active=True)
    assert getattr(client, method)(address, body, headers=key).status_code == 202


def test_a_persons_own_text_is_taken(as_user: Any, boss: User, post: BlogPost) -> None:
    assert as_user(boss).patch(f"/api/v1/blogs/{post.pk}", {"content": "My own words."}).status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_the_button_of_a_post_says_why_nothing_happens(boss: User, post: BlogPost, accept: str) -> None:
    client = logged_in(boss)

    answer = client.post(reverse("admin:generation_regenerate", args=[post.pk]), headers={"Accept": accept})

    if accept == "application/json":
        assert (answer.status_code, answer.json()) == (409, {"detail": OwnerDeactivated.detail})
    else:
        assert OwnerDeactivated.detail.partition("'")[0] in messages(client)
    assert unchanged(post)


def test_a_changed_brief_in_the_admin_stays_in_its_form(boss: User) -> None:
    post = finished_post.make(owner=writer.make(is_active=False))

    answer = save(logged_in(boss), post, brief="dough of old")

    assert OwnerDeactivated.detail.partition("'")[0] in answer.content.decode()
    assert "dough of old" in answer.content.decode()
    assert unchanged(post)


@pytest.mark.parametrize("kind", [REGENERATE, RETRY], ids=lambda kind: kind.name)
def test_bulk_actions_pass_over_them_and_count_them_as_skipped(boss: User, post: BlogPost, kind: Any) -> None:
    others = [failed_post.make(), failed_post.make(owner=None)]
    client, selected = logged_in(boss), {"_selected_action": [post.pk, *(one.pk for one in others)], "index": 0}

    page = client.post(LIST, {"action": kind.name, **selected})
    run = {"after": 0, "until": others[-1].pk, "total": 2, "done": 0}
    client.post(LIST, {"action": kind.name, **selected, **run})

    assert (page.context["run"]["total"], page.context["skipped"]) == (2, 1)
    assert f"{kind.done}: 2." in messages(client)
    assert [row.post for row in Generation.objects.order_by("pk")] == others
    client.post(LIST, {"action": kind.name, "_selected_action": [post.pk], "index": 0})
    assert kind.none in messages(client)


def test_bulk_actions_pass_over_whose_owner_is_deactivated_at_that_moment(boss: User, post: BlogPost) -> None:
    assert do(replace(REGENERATE, posts=Q()), post.pk, boss) == 0
    assert unchanged(post)


def test_the_command_passes_over_them_and_says_how_many(post: BlogPost) -> None:
    other, output = failed_post.make(), StringIO()

    call_command("regenerate_posts", "--status", "failed", "--limit", "1", stdout=output)

    assert SKIPPED.format(posts="1 post") in output.getvalue()
    assert Generation.objects.get().post == other


def test_the_command_says_why_nothing_matches(post: BlogPost) -> None:
    output = StringIO()

    call_command("regenerate_posts", "--owner", owner_of(post).email, stdout=output)

    assert output.getvalue().splitlines() == [SKIPPED.format(posts="1 post"), NO_MATCH]
    assert unchanged(post)
