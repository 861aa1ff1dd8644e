"""`GET /usage`: what the user has spent, and may spend."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from model_bakery import baker

from accounts.tests.baker_recipes import writer
from generation.budgets.accounts import SITE, account_of
from generation.budgets.periods import start_of, today
from generation.models import Budget, Spending

pytestmark = pytest.mark.django_db
USAGE = "/api/v1/usage"
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def a_day_in_november(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def budget(account: str, kind: Budget.Kind, spent: int, reserved: int = 0, days_ago: int = 0) -> None:
    start = start_of(kind, today() - timedelta(days=days_ago))
    baker.make(Budget, account=account, kind=kind, start=start, spent=spent, reserved=reserved)


def test_it_has_the_users_own_periods_posts_and_models(as_user, settings):
    settings.BUDGETS, settings.POSTS_USER_DAY = {"BUDGET_USER_DAY": Decimal(1), "BUDGET_USER_MONTH": None}, 200
    user, other = writer.make(), writer.make()
    mine, theirs = account_of(user.pk), account_of(other.pk)
    for account in (theirs, SITE):
        for kind in Budget.Kind:
            budget(account, kind, 9_000_000, 9_000_000)
        baker.make(Spending, account=account, day=today(), model="theirs", cost=9)
    budget(mine, Budget.Kind.DAY, 412_310, 37_200)
    budget(mine, Budget.Kind.DAY, 777_777, 1, days_ago=1)
    budget(mine, Budget.Kind.MONTH, 3_906_042, 37_201)
    budget(mine, Budget.Kind.POSTS, 31)
    for day, model, cost in (
        (1, "cheap", 1_000), (26, "dear", 2_000_000), (27, "dear", 1_905_042),
    ):  # fmt: skip
        baker.make(Spending, account=mine, day=f"2026-11-{day:02}", model=model, posts=2, tokens=500, cost=cost)
    baker.make(Spending, account=mine, day="2026-10-31", model="dear", posts=2, tokens=500, cost=1_000_000)

    answer = as_user(user).get(USAGE)

    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert answer.json() == {
        "usage": {
            "day": {
                "spent": "0.412310",
                "reserved": "0.037200",
                "limit": "1.000000",
                "resets_at": "2026-11-28T00:00:00Z",
            },
            "month": {"spent": "3.906042", "reserved": "0.037201", "limit": None, "resets_at": "2026-12-01T00:00:00Z"},
            "posts_today": 31,
            "posts_limit": 200,
            "models": [
                {"model": "dear", "posts": 4, "tokens": 1_000, "cost": "3.905042"},
                {"model": "cheap", "posts": 2, "tokens": 500, "cost": "0.001000"},
            ],
        }
    }


def test_somebody_new_has_spent_nothing_and_sees_what_was_granted(as_user, settings):
    settings.POSTS_USER_DAY = None

    usage = as_user(writer.make(budget_month="2.50")).get(USAGE).json()["usage"]

    assert (usage["day"]["spent"], usage["day"]["reserved"], usage["day"]["limit"]) == ("0.000000", "0.000000", None)
    assert usage["month"]["limit"] == "2.500000"
    assert (usage["posts_today"], usage["posts_limit"], usage["models"]) == (0, None, [])


def test_it_takes_three_statements(as_user, django_assert_num_queries):
    user = writer.make()
    baker.make(Spending, account=account_of(user.pk), day=today(), _quantity=5, model=iter("abcde"))
    client = as_user(user)

    with django_assert_num_queries(3):  # the user, their budgets, their models
        client.get(USAGE)


def test_strangers_get_401(api):
    assert api.get(USAGE).status_code == 401
