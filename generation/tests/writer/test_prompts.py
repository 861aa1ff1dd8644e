import json
from typing import Any

import pytest

from generation.writer import prompts


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
    request = prompts.large.plan(prompts.large.Material("Pots", "clay; wood {x}; mention the price"))
    assert [message["role"] for message in request.messages] == ["system", "user"]
    brief = "<title>Pots</title>\n<notes>\n1. clay\n2. wood {x}\n</notes>\n<wishes>\n- mention the price\n</wishes>"
    assert brief in request.messages[1]["content"]
    assert request.json_schema == prompts.schemas.PLAN


def test_without_notes_the_large_model_is_told_so() -> None:
    assert "<notes>\n(none: use common knowledge)\n</notes>\n\n" in str(
        prompts.large.plan(prompts.large.Material("Pots", "")).messages[1]["content"]
    )


def objects(schema: Any) -> list[dict[str, Any]]:
    nested = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else []
    found = [inner for value in nested for inner in objects(value)]
    return [schema, *found] if isinstance(schema, dict) and schema.get("type") == "object" else found


@pytest.mark.parametrize(("schema", "count"), [*zip(prompts.schemas.EVERY, (3, 2, 2), strict=True)])
def test_the_schemas_are_strict_everywhere(schema: dict[str, Any], count: int) -> None:
    assert len(objects(schema)) == count
    for inner in objects(schema):
        assert inner["additionalProperties"] is False
        assert inner["required"] == list(inner["properties"])
    json.dumps(schema)


def test_a_second_plan_is_requested_with_what_was_wrong_with_the_first() -> None:
    request = prompts.large.plan(prompts.large.Material("Pots", ""), ("{}", ["It is empty.", "It is short."]))
    assert [message["role"] for message in request.messages] == ["system", "user", "assistant", "user"]
    assert "It is empty. It is short." in request.messages[-1]["content"]


def test_edits_are_requested_with_numbered_problems_and_braces_are_text() -> None:
    material = prompts.large.Material("Pots {x}", "clay {0}")
    request = prompts.corrections.edits(material, "A {post}.", ["It is {dull}.", "It ends."])
    said = request.messages[-1]["content"]
    assert "<post>\nA {post}.\n</post>" in said
    assert "\n1. It is {dull}.\n2. It ends.\n" in said
    assert '{"edits": [{"find": "…", "replace": "…"}]}' in said
    assert request.json_schema == prompts.schemas.EDITS


def test_every_text_and_option_changes_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {prompts.version("large")}
    changes: list[tuple[Any, str]] = [
        (prompts.large.TEXTS, "system"),
        (prompts.large.TEXTS, "verify"),
        (prompts.large.TEXTS, "draft"),
        (prompts.material.TONES, "formal"),
        (prompts.corrections.SAMPLING, "edits"),
    ]
    for texts, name in changes:
        monkeypatch.setitem(texts, name, "Something else.")
        seen.add(prompts.version("large"))
    assert len(seen) == 6
