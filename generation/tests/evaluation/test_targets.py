"""What the writer must reach."""

from typing import Any

import pytest

from generation.evaluation.targets import LARGE, ROBUST, SMALL, missed, targets_of

REACHED = {name: target.value for name, target in SMALL.items()}


def summary(**changes: Any) -> dict[str, Any]:
    return {"set": "dev", "how": "writer", "provider": "embedded"} | REACHED | changes


def test_a_run_that_reaches_its_targets_misses_none() -> None:
    assert missed(summary()) == []


@pytest.mark.parametrize("name", SMALL)
def test_each_target_can_be_missed(name: str) -> None:
    beyond = -0.1 if SMALL[name].at_least else 0.1
    (miss,) = missed(summary(**{name: SMALL[name].value + beyond}))
    assert miss.startswith(f"{name} is ")


def test_what_is_not_known_is_not_missed() -> None:
    assert missed(summary(server_mb=None, own_share=None)) == []


def test_time_memory_and_length_are_no_targets_of_a_large_model() -> None:
    assert targets_of(summary(provider="openai")) is LARGE
    assert missed(summary(provider="openai", seconds_median=90, own_share=0.1, expansion=20)) == []


def test_hostile_briefs_are_to_do_no_harm_and_controls_have_no_target() -> None:
    assert targets_of(summary(set="robust")) is ROBUST
    assert missed(summary(how="notes", lost_facts=3)) == []
