"""Estimates before many posts are regenerated."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.utils import timezone

from blogs.tests.baker_recipes import finished_post
from generation.costs import Price
from generation.models import State
from generation.prices.table import known_prices, store
from generation.reporting.estimates import LATEST, TYPICAL, VERIFICATION, estimate
from generation.tests.baker_recipes import written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def slots(settings):
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    settings.GENERATION_WORKERS, settings.GENERATION_CONCURRENCY = 1, 2


def test_tokens_and_cost_are_those_of_the_median_post_at_todays_price():
    for tokens in (1_000, 2_000, 90_000):
        written.make(prompt_tokens=tokens, completion_tokens=500, cached_tokens=1_000)

    found = estimate(10)

    assert (found.model, found.tokens, found.is_measured) == ("gpt-4o-mini", 25_000, True)
    # 1,000 fresh, 1,000 cached and 500 new tokens a post
    assert found.cost == 10 * (1_000 * Decimal("0.15") + 1_000 * Decimal("0.075") + 500 * Decimal("0.60")) / 1_000_000


def test_other_models_and_incomplete_generations_do_not_count():
    written.make(model="gpt-4o", prompt_tokens=9)
    written.make(provider="openai", prompt_tokens=9)
    written.make(status=State.FAILED, prompt_tokens=9)
    written.make(started_at=None, prompt_tokens=9)

    assert not estimate(1).is_measured


def test_a_model_without_history_is_estimated_by_a_typical_post():
    found = estimate(3)

    usage, seconds = TYPICAL["large"]
    assert found.tokens == 3 * (usage.prompt_tokens + usage.completion_tokens)
    assert found.cost == 3 * (2_500 * Decimal("0.15") + 2_000 * Decimal("0.60")) / 1_000_000
    assert found.minutes == pytest.approx(3 * seconds / 2 / 60)


def test_a_typical_post_is_verified_if_the_site_wants_that(settings):
    before, settings.GENERATION_VERIFY = estimate(3), True
    found = estimate(3)

    assert found.tokens - before.tokens == 3 * (VERIFICATION.prompt_tokens + VERIFICATION.completion_tokens)
    assert found.cost is not None
    assert before.cost is not None
    assert found.cost > before.cost


def test_a_model_without_a_price_has_no_cost(settings):
    settings.OPENAI_MODEL = "llama-of-the-house"

    assert estimate(3).cost is None


def test_stored_prices_count(settings):
    settings.OPENAI_MODEL = "llama-of-the-house"
    store({"llama-of-the-house": Price.read((1, 1, 1), "test")})

    assert estimate(3).cost == 3 * Decimal("0.0045")


def test_a_cost_that_was_not_known_once_is_not_known_before():
    """Another model answers, or the server does not count: the price of the configured model says nothing."""
    written.make(cost=None)
    assert estimate(3).cost is None

    written.make()
    assert estimate(3).cost is not None


def test_the_embedded_model_costs_nothing(settings):
    settings.OPENAI_BASE_URL = ""

    assert (estimate(3).cost, estimate(3).tokens) == (Decimal(0), 3 * 1_150)


def test_the_minutes_follow_the_rate_of_the_last_hour():
    now = timezone.now()
    for begin, end in ((50, 49), (50, 48), (10, 9), (9, 7)):  # minutes ago: busy for two and three minutes
        written.make(started_at=now - timedelta(minutes=begin), finished_at=now - timedelta(minutes=end))

    assert estimate(8).minutes == pytest.approx(8 * 5 / 4)


def test_few_or_old_posts_only_show_how_long_one_takes():
    for hours in (2, 3, 4, 5):
        end = timezone.now() - timedelta(hours=hours)
        written.make(started_at=end - timedelta(minutes=3), finished_at=end)

    assert estimate(8).minutes == pytest.approx(8 * 3 / 2)


def test_only_the_latest_posts_are_looked_at(django_assert_num_queries):
    rows: dict[str, Any] = {
        "post": finished_post.make(),
        "number": count(),
        "completion_tokens": 1_000,
        "_bulk_create": True,
    }
    written.make(prompt_tokens=90_000, _quantity=LATEST + 1, **rows)
    written.make(prompt_tokens=1_000, _quantity=LATEST // 2 + 1, **rows)

    known_prices()  # which are read once a minute
    with django_assert_num_queries(1):
        assert estimate(1).tokens == 2_000


def test_no_posts_take_nothing():
    found = estimate(0)

    assert (found.tokens, found.cost, found.minutes) == (0, Decimal(0), 0.0)
