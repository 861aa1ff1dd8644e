"""A long post is written section by section."""

from dataclasses import replace
from typing import Any

import pytest

from generation.failures import FailureCode, GenerationFailed
from generation.llm.paid_answers import PaidAnswers
from generation.tests.writer.large_posts import BRIEF, NOTES, answer, failure, kinds, write
from generation.writer.sections import TextSoFar, own_part

LONG = replace(BRIEF, length="long")
SECOND, THIRD = "Go on with the section “Living", "Go on with the section “Looking"


def test_each_section_is_a_call_of_its_own_with_the_text_so_far(model_server: Any) -> None:
    draft = write(LONG)
    assert kinds(model_server) == ["plan", "draft", "section", "section"]
    last = model_server.calls[-1].body["messages"]
    assert [message["role"] for message in last] == ["system", "user", *["assistant", "user"] * 2]
    assert all(message["content"] in draft.content for message in last if message["role"] == "assistant")
    assert draft.content.count("\n## ") == len(NOTES)
    assert (draft.usage.calls, draft.gate["words"] > 1000) == (4, True)


def test_the_prompts_of_a_post_begin_alike_so_that_they_are_cached(model_server: Any) -> None:
    write(LONG)
    first, second, third = (call.body["messages"] for call in model_server.calls[1:])
    assert second[: len(first)] == first
    assert third[: len(second)] == second


def test_progress_counts_the_sections_and_shows_the_text_so_far(model_server: Any) -> None:
    import asyncio

    from generation import smol_blogwriter
    from generation.llm.client import ModelClient
    from generation.llm.providers import configured_provider

    seen: list[tuple[int, int, str]] = []

    def on_progress(stage: str, done: int, total: int, text: Any = None, /) -> None:
        if stage == "write":
            seen.append((done, total, "".join(text)))

    async def one_post() -> None:
        async with ModelClient(configured_provider()) as client:
            await smol_blogwriter.write(LONG, client, on_progress)

    asyncio.run(one_post())
    assert [(done, total) for done, total, _ in seen] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert [text.count("## ") for _, _, text in seen] == [0, 1, 2, 3]


@pytest.mark.parametrize(("crash", "again"), [(SECOND, ["section", "section"]), (THIRD, ["section"])])
def test_a_crash_between_sections_buys_nothing_twice(model_server: Any, crash: str, again: list[str]) -> None:
    paid_answers = PaidAnswers()
    answer(model_server, when=crash, status=503)
    with pytest.raises(GenerationFailed):
        write(LONG, paid_answers=paid_answers)
    model_server.calls.clear()
    draft = write(LONG, paid_answers=PaidAnswers(saved=paid_answers.as_json(billed=True)))
    assert kinds(model_server) == again
    assert draft.usage.calls == len(again)


def test_a_section_that_breaks_off_is_retried(model_server: Any) -> None:
    answer(model_server, when=THIRD, finish_reason="length")
    assert write(LONG).gate["failed"] == []
    assert kinds(model_server) == ["plan", "draft", "section", "section", "section"]


def test_a_refusal_of_a_section_fails_the_post(model_server: Any) -> None:
    answer(model_server, when=SECOND, text="I’m sorry, but I can’t help with that.")
    assert failure(LONG).code == FailureCode.REFUSED


def test_a_model_that_goes_on_writes_no_section_twice(model_server: Any) -> None:
    whole = write(LONG).content
    answer(model_server, when="Then write the section", text=whole)
    assert write(LONG).content.count("\n## ") == len(NOTES)


@pytest.mark.parametrize(
    ("answered", "part"),
    [
        ("## Pots\n\nTake big ones.", "## Pots\n\nTake big ones."),
        ("Take big ones.", "## Pots\n\nTake big ones."),
        ("**Pots**\n\nTake big ones.", "## Pots\n\nTake big ones."),
        ("Here is the text:\n\n## Pots\n\nTake big ones.", "## Pots\n\nTake big ones."),
        ("## Pots\n\nTake big ones.\n\n## Water\n\nDaily.", "## Pots\n\nTake big ones."),
        ("## Sun\n\nMuch.\n\n## Pots\n\nTake big ones.", "## Pots\n\nTake big ones."),
        ("Take big ones.\n\n## Water\n\nDaily.", "## Pots\n\nTake big ones."),
        ("## Large pots\n\nTake big ones.", "## Pots\n\nTake big ones."),
        ("", "## Pots"),
    ],
)
def test_only_its_own_part_of_an_answer_is_kept(answered: str, part: str) -> None:
    assert own_part(answered, "Pots") == part


@pytest.mark.parametrize(
    "answered",
    [
        "They grow.\n\n## Pots\n\nTake big ones.",
        "# Tomatoes\n\nThey grow.\n\n## Pots\n\nTake big ones.\n\n## Water\n\nDaily.",
        "They grow.\n\nTake big ones.",
        "They grow.\n\n## Large pots\n\nTake big ones.",
    ],
)
def test_the_first_part_keeps_its_introduction(answered: str) -> None:
    assert own_part(answered, "Pots", with_introduction=True) == "They grow.\n\n## Pots\n\nTake big ones."


def test_the_text_so_far_grows_with_its_pieces() -> None:
    pieces = ["A", "b"]
    text = TextSoFar(["One.", "Two."], pieces)
    pieces.append("c")
    assert ("".join(text), len(text), text[0], text[1:]) == (
        "One.\n\nTwo.\n\nAbc",
        4,
        "One.\n\nTwo.\n\n",
        ["A", "b", "c"],
    )
