"""Bulk requests stop where the budgets end, and say before how far they will get."""

from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command

from accounts.tests.baker_recipes import editor
from blogs.admin import bulk
from blogs.admin.bulk import STOPPED
from blogs.models import BlogPost, Status
from blogs.refusals import PostsExhausted
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.browsers import logged_in
from blogsite.testing.groups import member_of
from generation.admin.bulk_actions import REGENERATE
from generation.budgets.accounts import SITE, account_of
from generation.budgets.money import dollars
from generation.forecast import LEFT, OWN, PERIODS, TOO_LITTLE
from generation.forecast import SITE as THE_SITES
from generation.management.commands import regenerate_posts as command
from generation.models import Budget, Generation
from generation.tests.admin.test_bulk_actions import choose, finish, messages

pytestmark = pytest.mark.django_db
DAY = PERIODS[Budget.Kind.DAY]


@pytest.fixture
def five(settings: Any) -> list[BlogPost]:
    """Have five posts, and a paid model without limits."""
    settings.OPENAI_API_KEY = "a-key"
    settings.BUDGETS = dict.fromkeys(("BUDGET_USER_DAY", "BUDGET_SITE_DAY"))
    posts: list[BlogPost] = finished_post.make(_quantity=5)
    return posts


def room_for(settings: Any, posts: int, name: str) -> None:
    """Set a budget that has room for so many posts like those of the test, which must request one first."""
    user = editor.make()
    post = finished_post.make(owner=user)
    post.request_generation(requested_by=user)
    one = Generation.objects.get(post=post).reserved
    post.delete()
    settings.BUDGETS = {**settings.BUDGETS, name: dollars(one * posts + one // 2)}


@pytest.mark.parametrize("name", ["BUDGET_USER_DAY", "BUDGET_SITE_DAY"])
def test_a_bulk_action_stops_at_the_first_refusal_and_says_how_many_were_queued(settings, five, name, monkeypatch):
    room_for(settings, 3, name)
    monkeypatch.setattr(bulk, "BATCH", 2)  # the refusal comes in the second batch
    client = logged_in(editor.make())

    finish(client, choose(client, REGENERATE, five))

    queued = Generation.objects.order_by("post_id").values_list("post_id", flat=True)
    assert list(queued) == sorted(post.pk for post in five)[:3]
    assert STOPPED.format(what=REGENERATE.done, done=3, total=5, reason="") in messages(client)
    assert BlogPost.objects.filter(status=Status.COMPLETED).count() == 2
    assert sum(Generation.objects.values_list("reserved", flat=True)) == reserved_by(SITE)


def reserved_by(account: str) -> int:
    return Budget.objects.get(account=account, kind=Budget.Kind.DAY).reserved


def test_the_confirmation_shows_what_is_left_and_warns_of_too_little(settings, five):
    room_for(settings, 3, "BUDGET_USER_DAY")
    left = settings.BUDGETS["BUDGET_USER_DAY"]

    html = choose(logged_in(editor.make()), REGENERATE, five).content.decode()

    amount = f"${left:.{1 - left.adjusted()}f}"
    assert LEFT.format(whose=OWN, period=DAY, left=amount, limit=amount) in html
    assert TOO_LITTLE.format(posts=5, fitting=3) in html
    enough = choose(logged_in(editor.make()), REGENERATE, five[:3]).content.decode()
    assert "errornote" not in enough


def test_a_limit_of_posts_a_day_is_shown_for_the_embedded_model_too(settings):
    settings.POSTS_USER_DAY = 4
    posts = finished_post.make(_quantity=5)
    client = logged_in(editor.make())

    page = choose(client, REGENERATE, posts)
    finish(client, page)

    assert TOO_LITTLE.format(posts=5, fitting=4) in page.content.decode()
    assert STOPPED.format(what=REGENERATE.done, done=4, total=5, reason=PostsExhausted.detail) in messages(client)


@pytest.mark.parametrize("may_see", [True, False])
def test_only_who_may_see_spending_is_shown_what_the_site_has_left(settings, five, may_see):
    settings.BUDGETS = {**settings.BUDGETS, "BUDGET_SITE_DAY": Decimal(3)}
    user = member_of("Editors")
    if may_see:
        user.user_permissions.add(Permission.objects.get(codename="view_spending"))

    html = choose(logged_in(user), REGENERATE, five).content.decode()

    line = LEFT.format(whose=THE_SITES, period=DAY, left="$3.00", limit="$3.00")
    assert (line in html) == may_see


def run(*args: str) -> str:
    out = StringIO()
    call_command("regenerate_posts", *args, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_stops_and_says_how_many_of_how_many_were_queued(settings, five):
    room_for(settings, 2, "BUDGET_SITE_DAY")
    settings.BUDGETS = {**settings.BUDGETS, "BUDGET_USER_DAY": Decimal("0.000001")}  # binds no command

    with pytest.raises(CommandError) as stopped:
        run("--status", "completed")

    said = command.STOPPED.format(queued=2, posts="5 posts", reason="The site's budget for this day")
    assert str(stopped.value).startswith(said)
    assert stopped.value.returncode == 1
    assert Generation.objects.count() == 2


def test_the_commands_estimate_shows_what_the_site_has_left(settings, five):
    room_for(settings, 2, "BUDGET_SITE_DAY")

    output = run("--status", "completed", "--estimate")

    assert f"Left of {THE_SITES} {DAY}" in output
    assert TOO_LITTLE.format(posts=5, fitting=2) in output
    assert not Generation.objects.exists()
    assert not Budget.objects.filter(account=account_of(five[0].owner_id)).exists()
