"""System checks that reject settings under which posts would be lost, stuck or paid for twice, or money given away."""

import math
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning
from django.core.management.base import CommandError

from accounts.checks import SETTINGS
from blogs.models import MODEL_MAX_LENGTH
from blogs.models.released_text import publishes_at_once
from generation.budgets.limits import costs_money, without_price
from generation.budgets.sentences import PRICE_HINT, strangers_may_spend
from generation.costs import configured_prices
from generation.prices.table import forget, is_readable

ENGINE = "engine"  # the tag that a worker checks before it starts
PRICES = "prices"  # the tag of what web server and worker check before they start; it asks the database
PRICES_WITHIN = 60.0  # seconds
OPEN_DOOR = "Anyone may register and spend {much}."
NO_PRICE = "{budgets} is set, but the price of {models} is not known."
OPEN_DOOR_HINT = "Set REGISTRATION=invite, approval or closed."
UNREAD = "Texts are public as they land: nobody reads them before readers do (PUBLISH=at_once)."
REVIEWED = "No text is public before a person publishes it (PUBLISH=on_review)."


@register(ENGINE)
def check_engine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [*check_lease(), *check_queue(), *check_database(), *check_models()]


def check_lease() -> list[CheckMessage]:
    if settings.GENERATION_LEASE >= 3 * settings.GENERATION_RENEW_EVERY:
        return []
    hint = "Raise GENERATION_LEASE or lower GENERATION_RENEW_EVERY."
    return [Error("A lease must outlast three renewals.", hint=hint, id="generation.E001")]


def check_queue() -> list[CheckMessage]:
    cluster = settings.Q_CLUSTER
    longest = settings.GENERATION_WINDOW + settings.GENERATION_DEADLINE + settings.GENERATION_GRACE
    # A task waits in the worker's queue behind others; its time to be retried counts from when it was fetched.
    rounds = 1 + math.ceil((cluster["queue_limit"] + cluster["bulk"]) / cluster["workers"])
    errors: list[CheckMessage] = []
    if cluster["timeout"] <= longest:
        hint = f"Q_CLUSTER['timeout'] must be greater than {longest:.0f}: window, deadline and grace together."
        errors.append(
            Error("The queue would kill workers that are within their deadlines.", hint=hint, id="generation.E002")
        )
    if cluster["retry"] <= cluster["timeout"] * rounds:
        hint = f"Q_CLUSTER['retry'] must be greater than {cluster['timeout'] * rounds}."
        errors.append(Error("The queue would redeliver tasks that are still running.", hint=hint, id="generation.E003"))
    if cluster.get("orm") != "default":
        hint = "Set Q_CLUSTER['orm'] to 'default'."
        errors.append(Error("Posts and the queue must share a transaction.", hint=hint, id="generation.E004"))
    return errors


def check_database() -> list[CheckMessage]:
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    if database.get("OPTIONS", {}).get("transaction_mode") == "IMMEDIATE":
        return []
    hint = "Set OPTIONS['transaction_mode'] to 'IMMEDIATE'; see blogsite/conf/databases.py."
    return [Error("SQLite would fail with 'database is locked' under load.", hint=hint, id="generation.E005")]


def check_models() -> list[CheckMessage]:
    if all(len(model) <= MODEL_MAX_LENGTH for model in settings.MODELS):
        return []
    hint = f"Offer models in MODELS whose names have at most {MODEL_MAX_LENGTH} characters."
    return [Error("A model's name is too long to be kept with a post.", hint=hint, id="generation.E006")]


@register(SETTINGS)
def check_door(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [CheckWarning(sentence, hint=OPEN_DOOR_HINT, id="generation.W001")] if (sentence := open_door()) else []


def open_door() -> str:
    """Return what anyone may spend, empty if registration is closed to strangers or no provider costs money."""
    is_open = settings.REGISTRATION == "open" and costs_money()
    return OPEN_DOOR.format(much=strangers_may_spend()) if is_open else ""


@register(PRICES, deploy=True)
def check_prices(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Reject budgets that would not bind a model; without a database nothing can be requested either."""
    budgets = [name for name, dollars in settings.BUDGETS.items() if dollars is not None]
    if not budgets or not without_price(configured_prices()) or not is_readable() or not (models := without_price()):
        return []
    sentence = NO_PRICE.format(budgets=", ".join(budgets), models=", ".join(models))
    return [Error(sentence, hint=PRICE_HINT.format(model=models[0]), id="generation.E007")]


def require_prices() -> None:
    """Make sure that each model has a price that budgets need, if `manage.py prices` knows it.

    What that imports is needed once, so that it has a process of its own.

    Raises:
        CommandError: one has none.
    """
    if not check_prices(None):
        return
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "prices"]
    subprocess.run(command, capture_output=True, timeout=PRICES_WITHIN, check=False)
    forget()
    if errors := check_prices(None):
        raise CommandError(f"{errors[0].msg} {errors[0].hint} ({errors[0].id})")


def who_reads_first() -> str:
    """Return what PUBLISH means for readers."""
    return UNREAD if publishes_at_once() else REVIEWED
