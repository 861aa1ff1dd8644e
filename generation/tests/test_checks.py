"""Settings under which posts would be lost, stuck or paid for twice are rejected by name."""

import pytest
from django.conf import settings as django_settings

from blogsite.testing.workers import eventually
from generation.checks import OPEN_DOOR, check_door, check_engine, open_door

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

    assert open_door() == (OPEN_DOOR if is_open else "")
    assert [one.id for one in check_door(None)] == ["generation.W001"] * is_open


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_a_worker_logs_what_is_strange_when_it_starts(start_worker):
    worker = start_worker(DEBUGG="1", wait=False)

    eventually(lambda: any("WARNING blogsite.settings" in line and "DEBUGG" in line for line in worker.last_lines))
