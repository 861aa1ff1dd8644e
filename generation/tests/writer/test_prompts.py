import json
from typing import Any

import pytest

from generation.writer import prompts
from generation.writer.checks.gate import LIMITS
from generation.writer.prompts.problems import PROBLEMS


def test_a_version_names_the_texts_of_its_profile_only(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = prompts.version("small"), prompts.version("large")
    assert (len(small), len(large)) == (12, 12)
    monkeypatch.setitem(prompts.small.SAMPLING, "temperature", 1)
    assert prompts.version("small") != small
    assert prompts.version("large") == large


def test_the_small_model_is_asked_how_a_text_goes_on() -> None:
    request = prompts.small.continuation("Clay {pots} breathe.")
    assert [message["role"] for message in request.messages] == ["user", "assistant"]
    assert request.messages[-1]["content"] == "Clay {pots} breathe"
    assert request.sampling["max_tokens"] == 1


@pytest.mark.parametrize(
    ("answer", "is_sentence"),
    [
        (".", True),
        ("Clay breathes,", True),
        (" are", False),
        ("is", False),
        ("Big pots were", False),
        ("", None),
        ("this", None),
    ],
)
def test_an_end_is_said_of_a_sentence_and_a_verb_of_what_is_none(answer: str, is_sentence: bool | None) -> None:
    assert prompts.small.is_sentence(answer) is is_sentence


def test_the_large_model_gets_the_brief_as_material_and_a_strict_schema() -> None:
    request = prompts.large.plan(prompts.large.Material("Pots", "clay; wood {x}"))
    assert [message["role"] for message in request.messages] == ["system", "user"]
    assert "<title>Pots</title>\n<notes>\nclay; wood {x}\n</notes>" in request.messages[1]["content"]
    assert request.json_schema == prompts.large.PLAN_SCHEMA


def objects(schema: Any) -> list[dict[str, Any]]:
    nested = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else []
    found = [inner for value in nested for inner in objects(value)]
    return [schema, *found] if isinstance(schema, dict) and schema.get("type") == "object" else found


def test_the_schema_is_strict_everywhere() -> None:
    assert len(objects(prompts.large.PLAN_SCHEMA)) == 2
    for schema in objects(prompts.large.PLAN_SCHEMA):
        assert schema["additionalProperties"] is False
        assert schema["required"] == list(schema["properties"])
    json.dumps(prompts.large.PLAN_SCHEMA)


def test_a_second_plan_is_requested_with_what_was_wrong_with_the_first() -> None:
    request = prompts.large.plan(prompts.large.Material("Pots", ""), ("{}", ["It is empty.", "It is short."]))
    assert [message["role"] for message in request.messages] == ["system", "user", "assistant", "user"]
    assert "It is empty. It is short." in request.messages[-1]["content"]


def test_a_repair_names_only_the_failed_checks() -> None:
    gate = {"words": 90, "meta": 2, "failed": ["words"]}
    instruction = prompts.large.repair(prompts.large.Material("Pots", ""), "## Clay", "A post.", gate).messages[-1][
        "content"
    ]
    assert PROBLEMS["words"].format(figure=90, length="800 words") in instruction
    assert "itself" not in instruction


def test_every_check_has_its_sentence() -> None:
    assert set(PROBLEMS) == set(LIMITS)
