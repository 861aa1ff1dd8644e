import json
from typing import Any

import pytest

from generation.writer import prompts


def test_a_version_names_the_texts_of_its_profile_only(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = prompts.version("small"), prompts.version("large")
    assert (len(small), len(large)) == (12, 12)
    monkeypatch.setitem(prompts.small.TEXTS, "section", "Write about {clause}.")
    assert prompts.version("small") != small
    assert prompts.version("large") == large


def test_the_small_model_gets_one_user_message_and_its_seed() -> None:
    request = prompts.small.paragraph("section", 'The "best" pots', "clay pots.", seed=5)
    text = "Write one paragraph for a blog post titled \"The 'best' pots\". The paragraph is about: clay pots."
    assert request.messages == [{"role": "user", "content": text}]
    assert request.sampling == {
        "temperature": 0.5,
        "frequency_penalty": 0.3,
        "presence_penalty": 0.2,
        "max_tokens": 180,
        "seed": 5,
    }
    assert prompts.small.paragraph("section", "T", "c", seed=5, again=True).sampling["temperature"] == 0.7


@pytest.mark.parametrize("kind", prompts.small.TEXTS)
def test_braces_in_a_brief_are_text(kind: str) -> None:
    text = prompts.small.paragraph(kind, "{clause} {0}", "{title}", seed=1).messages[0]["content"]
    assert "{clause} {0}" in text


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


def test_the_small_model_continues_an_opening() -> None:
    messages = prompts.small.paragraph("section", "Pots", "clay pots", seed=5, opening="Clay pots breathe.").messages
    assert [message["role"] for message in messages] == ["user", "assistant"]
    assert messages[1]["content"] == "Clay pots breathe."
