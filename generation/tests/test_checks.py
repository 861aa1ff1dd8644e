"""Settings under which posts would be lost, stuck or paid for twice are rejected by name."""

import pytest
from django.conf import settings as django_settings

from generation.checks import check_engine

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
