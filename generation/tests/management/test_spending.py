"""`manage.py spending` as an operator types it."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from model_bakery import baker

from accounts.tests.baker_recipes import writer
from generation.budgets.accounts import SELF_REGISTERED, SITE, account_of
from generation.budgets.periods import start_of, today
from generation.budgets.sentences import not_bound
from generation.budgets.usage import DELETED, SITE_NAME
from generation.management.arguments import NO_DURATION
from generation.management.commands.spending import NOTHING, UNCERTAIN
from generation.models import Budget, Spending
from generation.reporting.budgets import NO_LIMIT, NO_PRICE

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("spending", *arguments, stdout=out)
    return out.getvalue()


def rows(output: str) -> list[list[str]]:
    """Return the cells of the tables' rows."""
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in output.splitlines() if line.startswith("│")]


@pytest.fixture
def spent() -> list[str]:
    """Return the accounts of three that have spent: a user, a deleted one and the site."""
    user, gone = writer.make(email="dear@example.com"), writer.make()
    accounts = [account_of(user.pk), account_of(gone.pk), SITE]
    gone.delete()
    for account, model, back, cost, uncertain in (
        (accounts[0], "gpt-4o-mini", 0, 2_000_000, 0), (accounts[0], "gpt-4o", 3, 1_500_000, 2),
        (accounts[1], "[b]free[/b]", 3, 0, 3), (accounts[2], "gpt-4o", 7, 40_000, 0),
        (accounts[0], "too-old", 8, 9_000_000, 0),
    ):  # fmt: skip
        figures: dict[str, Any] = {"posts": 3, "calls": 9, "tokens": 1_500, "cost": cost, "uncertain": uncertain}
        baker.make(Spending, account=account, model=model, day=today() - timedelta(days=back), **figures)
    return accounts


def test_it_shows_who_spends_dearest_first(spent):
    output = run()

    assert rows(output)[:3] == [
        ["dear@example.com", "6", "3,000", "$3.50", "2"],
        [SITE_NAME, "3", "1,500", "$0.040", "0"],
        [DELETED.format(id=spent[1].removeprefix("user:")), "3", "1,500", NO_PRICE, "3"],
    ]
    assert UNCERTAIN in output


def test_it_sums_by_model_and_by_day(spent):
    assert [row[0::3] for row in rows(run("--by", "model"))[:3]] == [
        ["gpt-4o-mini", "$2.00"], ["gpt-4o", "$1.54"], ["[b]free[/b]", NO_PRICE],
    ]  # fmt: skip
    assert [row[0::3] for row in rows(run("--by", "day", "--since", "3d"))[:2]] == [
        [str(today() - timedelta(days=3)), "$1.50"], [str(today()), "$2.00"],
    ]  # fmt: skip


def test_it_shows_what_is_reserved_and_what_the_sites_budgets_have_left(settings):
    settings.OPENAI_API_KEY = "test-key"  # so that a day of the site has $5
    start = {kind: start_of(kind, today()) for kind in Budget.Kind}
    for account, kind, amount in (
        (SITE, Budget.Kind.DAY, 1_000_000), (SITE, Budget.Kind.MONTH, 20_000_000),
        (SELF_REGISTERED, Budget.Kind.DAY, 400_000),
    ):  # fmt: skip
        baker.make(Budget, account=account, kind=kind, start=start[kind], spent=amount, reserved=250_000)

    output = run()

    assert NOTHING.format(since=today() - timedelta(days=7)) in output
    assert [row[1:5] for row in rows(output)] == [
        ["$1.00", "$0.25", "$5.00", "$3.75"], ["$20.00", "$0.25", NO_LIMIT, "-"], ["$0.40", "$0.25", "$2.50", "$1.85"],
    ]  # fmt: skip


def test_it_names_models_without_a_price(settings):
    settings.OPENAI_API_KEY, settings.OPENAI_MODEL = "test-key", "nobody-knows-what-this-costs"

    assert not_bound() in " ".join(run().split())
    assert json.loads(run("--json"))["without_price"] == [settings.OPENAI_MODEL]


def test_it_is_one_line_of_json_for_scripts(spent, settings):
    settings.BUDGETS = {"BUDGET_SITE_DAY": Decimal(5)}
    baker.make(Budget, account=SITE, kind=Budget.Kind.DAY, start=today(), spent=1, reserved=2)

    output = run("--json", "--by", "user", "--since", "24h")

    found = json.loads(output)
    assert output.count("\n") == 1
    assert found["since"] == str(today() - timedelta(days=1))
    assert found["spending"] == [
        {"user": "dear@example.com", "posts": 3, "calls": 9, "tokens": 1_500, "cost": "2.000000", "uncertain": 0}
    ]
    day, month, _ = found["budgets"]
    assert day == {
        "account": SITE,
        "period": "day",
        "spent": "0.000001",
        "reserved": "0.000002",
        "limit": "5.000000",
        "left": "4.999997",
        "resets_at": f"{today() + timedelta(days=1)}T00:00:00+00:00",
    }
    assert (month["limit"], month["left"]) == (None, None)


def test_a_wrong_duration_is_refused_in_a_sentence():
    with pytest.raises(CommandError, match=NO_DURATION.format(text="soon")):
        run("--since", "soon")
