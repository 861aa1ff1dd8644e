"""Who is refused learns which limit it was, their own figures and nobody else's, and when it starts again."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.baker_recipes import writer
from blogs.refusals import BudgetExhausted, PostsExhausted, QueueShareFull
from blogsite.testing.posts import request_post
from generation.budgets.refusals import RETRY_AFTER
from generation.models import Budget, Generation

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(settings: Any) -> User:
    settings.OPENAI_API_KEY = "a-key"
    return writer.make(budget_day=Decimal("0.5"))


def dollars(amount: int) -> str:
    return str(Decimal(amount).scaleb(-6).quantize(Decimal("0.000001")))


@pytest.mark.parametrize("whose", ["user", "site"])
def test_an_exhausted_budget_shows_the_users_own_figures_as_they_were(settings: Any, user: User, whose: str) -> None:
    request_post(owner=user)
    request_post()
    reserved = Generation.objects.earliest("pk").reserved
    Budget.objects.filter(account=f"user:{user.pk}", kind="day").update(spent=123)
    if whose == "user":
        user.budget_day = Decimal(reserved + 123) / 1_000_000
    else:
        settings.BUDGETS = {"BUDGET_SITE_DAY": Decimal(2 * reserved) / 1_000_000}
    tomorrow = timezone.now().astimezone(UTC).date() + timedelta(days=1)

    with pytest.raises(BudgetExhausted) as caught:
        request_post(owner=user)

    limit = dollars(reserved + 123) if whose == "user" else "0.500000"
    assert (caught.value.status, caught.value.problem) == (402, "budget-exhausted")
    assert ("Your budget" in str(caught.value)) == (whose == "user")
    assert caught.value.members == {
        "limit": limit,
        "spent": "0.000123",
        "reserved": dollars(reserved),
        "resets_at": datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=UTC),
    }


def test_who_has_requested_all_posts_of_a_day_waits_until_midnight(settings: Any, user: User) -> None:
    settings.POSTS_USER_DAY = 1
    request_post(owner=user)
    with pytest.raises(PostsExhausted) as caught:
        request_post(owner=user)
    assert caught.value.status == 429
    assert 0 < (caught.value.wait or 0) <= 24 * 3600
    request_post()  # another's


def test_who_has_a_full_share_of_the_queue_waits_a_little(settings: Any, user: User) -> None:
    settings.QUEUE_USER_LIMIT = 1
    request_post(owner=user)
    with pytest.raises(QueueShareFull) as caught:
        request_post(owner=user)
    assert (caught.value.status, caught.value.wait) == (429, RETRY_AFTER)
    request_post()
