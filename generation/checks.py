"""System checks that reject settings under which posts would be lost, stuck or paid for twice, or money given away."""

import math
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning

from accounts.checks import SETTINGS
from blogs.models import MODEL_MAX_LENGTH
from blogs.models.released_text import publishes_at_once
from generation.llm.providers import configured_provider, fallback_provider

ENGINE = "engine"  # the tag that a worker checks before it starts
OPEN_DOOR = "Anyone may register and spend without a limit."
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
    providers = filter(None, (configured_provider(), fallback_provider()))
    costs = any(not provider.is_local for provider in providers)
    return OPEN_DOOR if costs and settings.REGISTRATION == "open" else ""


def who_reads_first() -> str:
    """Return what PUBLISH means for readers."""
    return UNREAD if publishes_at_once() else REVIEWED
