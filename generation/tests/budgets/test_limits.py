"""What each account may spend: an administrator's grant, else the setting, else a default while writing costs money."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from generation.budgets.accounts import SELF_REGISTERED, SITE
from generation.budgets.limits import limit_of, without_price
from generation.models import Budget

DAY, MONTH, POSTS = Budget.Kind.DAY, Budget.Kind.MONTH, Budget.Kind.POSTS


@pytest.fixture(autouse=True)
def _a_paid_model(settings: Any) -> None:
    settings.OPENAI_API_KEY = "a-key"


def user_limit(kind: Budget.Kind, **granted: Any) -> int | None:
    return limit_of("user:7", kind, User(pk=7, **granted))


def test_without_a_setting_a_paid_model_has_limits_of_the_day() -> None:
    assert [user_limit(DAY), limit_of(SITE, DAY, None), user_limit(MONTH)] == [1_000_000, 5_000_000, None]


@pytest.mark.parametrize("url", ["", "http://localhost:11434/v1"])
def test_a_model_on_this_machine_has_none(settings: Any, url: str) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "", url
    assert [user_limit(DAY), limit_of(SITE, DAY, None), limit_of(SELF_REGISTERED, DAY, None)] == [None] * 3


def test_a_paid_fallback_of_a_free_model_has_limits(settings: Any) -> None:
    settings.OPENAI_API_KEY, settings.FALLBACK_API_KEY = "", "a-key"
    assert user_limit(DAY) == 1_000_000


def test_a_setting_counts_instead_of_the_default_and_off_is_none(settings: Any) -> None:
    settings.BUDGETS = {"BUDGET_USER_DAY": None, "BUDGET_USER_MONTH": Decimal("7.5"), "BUDGET_SITE_DAY": Decimal(0)}
    assert [user_limit(DAY), user_limit(MONTH), limit_of(SITE, DAY, None)] == [None, 7_500_000, 0]


def test_what_an_administrator_granted_counts_before_the_settings_even_nothing(settings: Any) -> None:
    settings.BUDGETS, settings.POSTS_USER_DAY = {"BUDGET_USER_DAY": None}, 200
    assert [user_limit(DAY, budget_day=Decimal(0)), user_limit(MONTH, budget_month=Decimal(3))] == [0, 3_000_000]
    assert [user_limit(POSTS, posts_day=0), user_limit(POSTS)] == [0, 200]


def test_the_self_registered_have_half_of_the_sites_day_together_and_no_month(settings: Any) -> None:
    settings.BUDGETS = {"BUDGET_SITE_DAY": Decimal("0.000003"), "BUDGET_SITE_MONTH": Decimal(9)}
    assert [limit_of(SELF_REGISTERED, kind, None) for kind in (DAY, MONTH)] == [1, None]


@pytest.mark.django_db
def test_models_without_a_price_are_named(settings: Any) -> None:
    settings.MODELS, settings.FALLBACK_BASE_URL, settings.FALLBACK_MODEL = ["new-model"], "https://a.example", "other"
    assert without_price() == ["new-model", "other"]
