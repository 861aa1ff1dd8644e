import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.llm.bounds import Allowance
from generation.llm.providers import configured_provider
from generation.llm.responses import read_completion
from generation.llm.sse import StreamReader
from generation.llm.thoughts import ThoughtFilter, without_thoughts

TEXT = "Clay breathes.\n\n## Pots\n\nThey are big."
THOUGHTFUL = [
    "<think>\nOkay, pots.\n\n## Hm\n</think>\n\n{}",
    "<THINKING>Okay.</THINKING>{}",
    "[THINK]Okay, pots.[/THINK]{}",
    "<|START_THINKING|>Okay.<|END_THINKING|>{}",
    "◁think▷Okay.◁/think▷{}",
    "<|channel|>analysis<|message|>Okay.<|end|><|start|>assistant<|channel|>final<|message|>{}",
    "<think></think>\n<think>Again.</think>\n{}",
]
UNOPENED = ["Okay, the user wants pots.\n</think>\n\n{}", "Hm.[/THINK]{}"]
TEXTS_ABOUT_THEM = ["Models write `</think>` when they are done.", "A <think> tag, then a </think> tag.", "<b>Pots</b>"]


def streamed(text: str, size: int = 3) -> tuple[str, str]:
    """Return the text so far at the end of a stream in pieces of this size, and the answer."""
    pieces: list[str] = []
    reader = StreamReader(pieces, Allowance(500, "here"), configured_provider())
    for start in range(0, len(text), size):
        event = {"choices": [{"delta": {"content": text[start : start + size]}}]}
        reader.feed(f"data: {json.dumps(event)}\n\n".encode())
    reader.feed(b"data: [DONE]\n\n")
    answer = reader.completion()
    return "".join(pieces), answer.text


@pytest.mark.parametrize("wrapped", THOUGHTFUL)
def test_thoughts_are_in_neither_the_text_nor_the_text_so_far(wrapped: str) -> None:
    assert streamed(wrapped.format(TEXT)) == (TEXT, TEXT)


@pytest.mark.parametrize("wrapped", UNOPENED)
def test_thoughts_that_only_end_in_the_answer_are_not_in_the_text(wrapped: str) -> None:
    assert streamed(wrapped.format(TEXT))[1] == TEXT


@pytest.mark.parametrize("text", TEXTS_ABOUT_THEM)
def test_a_text_about_such_marks_stays_as_it_is(text: str) -> None:
    assert streamed(text) == (text, text)


def test_nothing_is_left_of_thoughts_that_were_cut_off() -> None:
    assert without_thoughts("<think>Okay, the user wants") == ""


@pytest.mark.parametrize(
    "message",
    [
        {"content": TEXT, "reasoning_content": "Okay."},
        {
            "content": [
                {"type": "thinking", "thinking": [{"type": "text", "text": "Okay."}]},
                {"type": "text", "text": TEXT},
            ]
        },
        {"content": [{"type": "text", "text": TEXT[:5]}, {"type": "text", "text": TEXT[5:]}]},
    ],
)
def test_thoughts_beside_the_text_are_not_read(message: Any) -> None:
    body = json.dumps({"choices": [{"message": message, "finish_reason": "stop"}]})
    assert read_completion(body, configured_provider()).text == TEXT


@given(
    st.lists(st.sampled_from(["<think>", "</think>", "[THINK]", "[/THINK]", "Pots", " ", "<", "\n", "`"]), max_size=12),
    st.data(),
)
def test_a_filter_shows_the_same_however_a_text_is_cut(parts: list[str], data: Any) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    whole, cut = ThoughtFilter(), ThoughtFilter()
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    shown = "".join(map(cut.visible, pieces)) + cut.rest()
    assert shown.lstrip() == (whole.visible(text) + whole.rest()).lstrip()
