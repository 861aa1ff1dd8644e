"""What the doctor says about the site's budgets."""

from decimal import Decimal

import pytest
from model_bakery import baker

from blogsite.testing.posts import MODEL
from generation.budgets.accounts import SITE
from generation.budgets.periods import start_of, today
from generation.budgets.sentences import not_bound
from generation.doctor.budgets import DEARER, FIX_ALERT, FIX_DEARER, FIX_DRIFT, FIX_PRICE
from generation.doctor.findings import Level
from generation.models import Budget
from generation.reporting.budgets import NAMES
from generation.tests.baker_recipes import waiting, written
from generation.tests.doctor.test_doctor import lines, run

pytestmark = pytest.mark.django_db
NAME = NAMES[SITE, Budget.Kind.DAY]


def about_budgets(level: Level) -> list[str]:
    """Return the findings about budgets with their fixes."""
    output, _ = run()
    all_lines = output.splitlines()
    return [
        f"{line} {all_lines[all_lines.index(line) + 1].strip()}"
        for line in lines(output, level)
        if line.split()[1] == "budgets"
    ]


def spend(amount: int, reserved: int = 0) -> None:
    baker.make(Budget, account=SITE, kind=Budget.Kind.DAY, start=today(), spent=amount, reserved=reserved)
    if reserved:
        month = start_of(Budget.Kind.MONTH, today())
        baker.make(Budget, account=SITE, kind=Budget.Kind.MONTH, start=month, spent=amount, reserved=reserved)
        waiting.make(accounts=SITE, charged_on=today(), reserved=reserved)


@pytest.fixture(autouse=True)
def five_dollars_a_day(model_server, settings):
    settings.BUDGETS = {"BUDGET_SITE_DAY": Decimal(5)}


def test_it_says_what_is_spent_and_reserved_while_enough_is_left():
    spend(1_250_000, reserved=500_000)

    [finding] = about_budgets(Level.OK)

    assert "Site, today: $1.25 spent, $0.50 reserved, of $5.00." in finding


def test_a_budget_that_holds_another_sum_than_its_unfinished_posts_is_a_warning():
    spend(0, reserved=500_000)
    Budget.objects.filter(kind=Budget.Kind.DAY).update(reserved=750_000)

    [finding] = about_budgets(Level.WARNING)

    assert f"first site (day from {today()}): 0.750000, not 0.500000" in finding
    assert FIX_DRIFT in finding


@pytest.mark.parametrize(("spent", "words"), [(4_000_000, "is nearly spent"), (4_999_999, "has no room")])
def test_little_left_is_a_warning_with_its_fix(spent, words):
    spend(spent)

    [finding] = about_budgets(Level.WARNING)

    assert f"{NAME} {words}" in finding
    assert FIX_ALERT in finding


def test_a_paid_model_without_a_price_is_a_warning(settings):
    settings.OPENAI_MODEL = settings.OPENAI_BASE_URL = "http://models.example.test/v1"

    [finding] = about_budgets(Level.WARNING)

    assert not_bound() in finding
    assert FIX_PRICE in finding


def test_a_model_that_others_answer_for_is_a_warning_if_they_cost_more():
    for model, names in ((MODEL, ["gpt-4o-2024-08-06"]), ("gpt-4o", [MODEL]), (MODEL, ["qwen2.5"])):
        written.make(model=model, provenance={"answered_by": names})

    [finding] = about_budgets(Level.WARNING)

    assert DEARER.format(model=MODEL, names="gpt-4o-2024-08-06") in finding
    assert FIX_DEARER.format(model=MODEL) in finding
