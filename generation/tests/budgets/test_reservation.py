"""A request is charged to its budgets before anything is spent."""

from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost
from blogs.refusals import BudgetExhausted, PostsExhausted, QueueShareFull
from blogsite.testing.connections import another_connection, by_rows, is_waited_for, own_pid
from blogsite.testing.posts import fresh, request_post
from blogsite.testing.workers import eventually
from generation.models import Budget, Generation
from generation.queue import transitions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_paid_model(settings: Any) -> None:
    settings.OPENAI_API_KEY = "a-key"


def reserved() -> dict[tuple[str, str], int]:
    return {(row.account, row.kind): row.reserved for row in Budget.objects.exclude(reserved=0)}


def price_of_one() -> int:
    """Return what a request reserves, in millionths of a dollar."""
    with transaction.atomic():
        request_post()
        reserved = Generation.objects.latest("pk").reserved
        transaction.set_rollback(True)
    return reserved


def test_a_request_is_charged_to_its_user_those_like_them_and_the_site_and_a_command_to_the_site() -> None:
    user = writer.make(is_self_registered=True)
    post = request_post(owner=user)
    generation = Generation.objects.get()
    mine = f"user:{user.pk}"
    assert generation.accounts == f"{mine} self-registered site"
    money = [(account, kind) for account in (mine, "self-registered", "site") for kind in ("day", "month")]
    assert reserved() == {(mine, "queue"): 1} | dict.fromkeys(money, generation.reserved)
    assert generation.reserved > 0

    fresh(post).request_generation()

    generation = Generation.objects.latest("pk")
    assert generation.accounts == "site"
    assert reserved() == {("site", kind): generation.reserved for kind in ("day", "month")}
    assert Budget.objects.get(account=mine, kind="posts").spent == 1


def test_the_dearest_of_those_who_may_write_is_reserved(settings: Any) -> None:
    cheap = price_of_one()
    settings.FALLBACK_API_KEY, settings.FALLBACK_MODEL = "a-key", "gpt-4o"
    assert price_of_one() > 10 * cheap


def test_a_model_without_a_price_reserves_no_money_but_its_posts_count(settings: Any) -> None:
    settings.OPENAI_MODEL = "nobody-knows-me"
    post = request_post()
    assert reserved() == {(f"user:{post.owner_id}", "queue"): 1}


def test_a_newer_request_needs_no_more_room_than_the_one_it_supersedes(settings: Any) -> None:
    price = price_of_one()
    settings.BUDGETS, settings.QUEUE_USER_LIMIT = {"BUDGET_SITE_DAY": Decimal(price) / 1_000_000}, 1
    post = request_post()
    fresh(post).request_generation(requested_by=post.owner)
    assert reserved()["site", "day"] == Generation.objects.latest("pk").reserved == price
    assert reserved()[f"user:{post.owner_id}", "queue"] == 1


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [
        ({"BUDGETS": {"BUDGET_USER_DAY": Decimal("0.000001")}}, BudgetExhausted),
        ({"BUDGETS": {"BUDGET_SITE_MONTH": Decimal("0.000001")}}, BudgetExhausted),
        ({"POSTS_USER_DAY": 0}, PostsExhausted),
        ({"QUEUE_USER_LIMIT": 0}, QueueShareFull),
    ],
)
def test_a_request_without_room_leaves_nothing_behind(settings: Any, limits: Any, refusal: type[Exception]) -> None:
    post = request_post()
    before = [list(model.objects.order_by("pk").values()) for model in (BlogPost, Generation, Budget)]
    for name, value in limits.items():
        setattr(settings, name, value)
    for again in (
        lambda: request_post(owner=post.owner),
        lambda: fresh(post).request_generation(requested_by=post.owner),
    ):
        with pytest.raises(refusal):
            again()
    assert [list(model.objects.order_by("pk").values()) for model in (BlogPost, Generation, Budget)] == before


@by_rows
@pytest.mark.django_db(transaction=True)
def test_a_request_of_a_user_who_is_being_deleted_keeps_no_budget_from_others() -> None:
    other, user = request_post(), writer.make()
    with ExitStack() as stack:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            request = stack.enter_context(another_connection(lambda: request_post(owner=user)))
            eventually(lambda: is_waited_for(own_pid()))
            transitions.cancel(other)  # settles on the site's budget
        request.result()
    assert Generation.objects.unfinished().count() == 1
