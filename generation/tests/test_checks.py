"""Settings under which posts would be lost, stuck or paid for twice are rejected by name."""

from decimal import Decimal

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from blogsite.testing.workers import eventually
from generation.budgets.limits import DEFAULTS
from generation.budgets.sentences import NO_LIMIT, UNKNOWN_PRICE, not_bound
from generation.checks import NO_PRICE, OPEN_DOOR, PRICES, check_door, check_engine, check_prices, open_door
from generation.costs import Price
from generation.prices.table import forget, store

QUEUE = django_settings.Q_CLUSTER


def ids() -> list[str | None]:
    return [error.id for error in check_engine(None)]


def test_the_settings_as_they_come_are_safe():
    assert ids() == []


@pytest.mark.parametrize(
    ("name", "value", "identifier"),
    [
        ("GENERATION_RENEW_EVERY", 7.0, "generation.E001"),
        ("GENERATION_WINDOW", 10_000.0, "generation.E002"),
        ("Q_CLUSTER", QUEUE | {"retry": QUEUE["timeout"]}, "generation.E003"),
        ("Q_CLUSTER", QUEUE | {"orm": "replica"}, "generation.E004"),
        ("MODELS", ["gpt-4o-mini", "m" * 81], "generation.E006"),
    ],
)
def test_unsafe_settings_are_rejected(settings, name, value, identifier):
    setattr(settings, name, value)

    assert ids() == [identifier]


@pytest.mark.parametrize(
    ("registration", "variables", "is_open"),
    [
        ("open", {"OPENAI_API_KEY": "k"}, True),
        ("open", {"OPENAI_BASE_URL": "https://models.example.com/v1"}, True),
        ("open", {"FALLBACK_API_KEY": "k"}, True),  # the embedded model first
        ("open", {"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}, False),
        ("open", {}, False),
        ("invite", {"OPENAI_API_KEY": "k"}, False),
        ("approval", {"OPENAI_API_KEY": "k"}, False),
        ("closed", {"OPENAI_API_KEY": "k"}, False),
    ],
)
def test_a_door_through_which_anyone_may_spend_is_named(settings, registration, variables, is_open):
    settings.REGISTRATION = registration
    for name, value in variables.items():
        setattr(settings, name, value)

    assert open_door() == (OPEN_DOOR.format(much="up to $2.50 a day") if is_open else "")
    assert [one.id for one in check_door(None)] == ["generation.W001"] * is_open


@pytest.mark.parametrize(
    ("budgets", "model", "much"),
    [
        ({"BUDGET_SITE_DAY": Decimal(20)}, "gpt-4o-mini", "up to $10.00 a day"),
        ({"BUDGET_SITE_DAY": None}, "gpt-4o-mini", "up to $1.00 a day with each account that they make"),
        ({"BUDGET_SITE_DAY": None, "BUDGET_USER_DAY": None}, "gpt-4o-mini", NO_LIMIT),
        ({}, "unheard-of", UNKNOWN_PRICE.format(much="up to $2.50 a day", models="unheard-of")),
    ],
)
def test_the_open_door_says_what_all_strangers_together_may_spend(settings, budgets, model, much):
    settings.OPENAI_API_KEY, settings.OPENAI_MODEL, settings.MODELS = "k", model, [model]
    settings.BUDGETS = budgets

    assert open_door() == OPEN_DOOR.format(much=much)


@pytest.fixture
def unpriced(settings):
    settings.OPENAI_BASE_URL, settings.OPENAI_MODEL = "https://models.example.com/v1", "unheard-of"
    settings.MODELS = ["unheard-of"]
    settings.BUDGETS = {"BUDGET_SITE_DAY": Decimal(3)}
    return settings


@pytest.mark.django_db
def test_a_budget_that_binds_no_model_is_an_error_with_the_line_to_add(unpriced):
    (error,) = check_prices(None)

    assert (error.id, error.msg) == ("generation.E007", NO_PRICE.format(budgets="BUDGET_SITE_DAY", models="unheard-of"))
    assert 'MODEL_PRICES={"unheard-of": [fresh, cached, output]}' in str(error.hint)
    with pytest.raises(CommandError, match=r"generation\.E007"):
        call_command("check", "--deploy", "--tag", PRICES)


@pytest.mark.django_db
@pytest.mark.parametrize("priced_by", ["settings", "database", "nothing in dollars", "defaults alone"])
def test_a_budget_is_accepted_where_it_binds_or_where_none_was_set(unpriced, priced_by):
    if priced_by == "settings":
        unpriced.MODEL_PRICES = {"unheard-of": [1, 1, 1]}
    elif priced_by == "database":
        store({"unheard-of": Price.read([1, 1, 1], "somebody")})
    else:
        unpriced.BUDGETS = dict.fromkeys(DEFAULTS) if priced_by == "nothing in dollars" else {}

    assert check_prices(None) == []
    assert bool(not_bound()) == (priced_by == "defaults alone")
    forget()


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_a_worker_refuses_to_start_without_a_price_that_a_budget_needs(start_worker):
    worker = start_worker(OPENAI_MODEL="unheard-of", BUDGET_USER_DAY="1", wait=False)

    eventually(lambda: not worker.alive)
    eventually(lambda: any("MODEL_PRICES" in line for line in worker.last_lines))


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_a_worker_logs_what_is_strange_when_it_starts(start_worker):
    worker = start_worker(DEBUGG="1", wait=False)

    eventually(lambda: any("WARNING blogsite.settings" in line and "DEBUGG" in line for line in worker.last_lines))
