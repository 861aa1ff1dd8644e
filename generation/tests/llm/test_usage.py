"""What servers count, in whichever words and places, and which model they say has answered."""

from typing import Any

import pytest

from generation.costs import Usage
from generation.llm.usage import usage_in


def answer(counts: Any, **more: Any) -> dict[str, Any]:
    return {"choices": [{"message": {"content": "Hello."}}], "usage": counts, **more}


@pytest.mark.parametrize(
    "counts",
    [
        {"prompt_tokens_details": {"cached_tokens": 20, "cache_write_tokens": 6}},  # OpenAI
        {"cache_read_input_tokens": 20, "cache_creation_input_tokens": 6},  # Anthropic, behind a gateway
        {"cached_tokens": 20, "cache_write_tokens": 6},  # Moonshot
        {"prompt_cache_hit_tokens": 20, "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 6}},
    ],
)  # fmt: skip
def test_tokens_read_from_the_cache_and_written_to_it_are_found(counts: dict[str, Any]) -> None:
    found = usage_in(answer({"prompt_tokens": 30, "completion_tokens": 7} | counts))
    assert found == Usage(30, 7, cached_tokens=20, calls=1, written_tokens=6)


@pytest.mark.parametrize(
    ("prompt", "cached", "written", "found"),
    [(4, 20_000, 0, (4, 0)), (10, 8, 5, (8, 2)), (0, 3, 3, (0, 0)), (10, -1, True, (0, 0)), (10, "8", None, (0, 0))],
)
def test_no_more_is_cached_than_the_prompt_is_long(prompt: Any, cached: Any, written: Any, found: Any) -> None:
    details = {"cached_tokens": cached, "cache_write_tokens": written}
    usage = usage_in(answer({"prompt_tokens": prompt, "prompt_tokens_details": details}))
    assert (usage.cached_tokens, usage.written_tokens) == found


def test_counts_inside_the_choice_are_found() -> None:
    event = {"choices": [{"delta": {}, "finish_reason": "stop", "usage": {"prompt_tokens": 9, "completion_tokens": 2}}]}
    assert usage_in(event) == Usage(9, 2, calls=1)


@pytest.mark.parametrize(
    "event", [{}, {"usage": None}, {"usage": {}}, {"choices": None}, {"choices": []}, {"choices": ["text"]}]
)
def test_a_chunk_without_counts_has_none(event: dict[str, Any]) -> None:
    assert usage_in(event) == Usage(calls=1)


def test_usage_is_that_of_the_model_that_answered() -> None:
    assert usage_in(answer({"prompt_tokens": 9}, model="qwen2.5")).by_model == {"qwen2.5": Usage(9, calls=1)}


@pytest.mark.parametrize("model", [None, "", 7, ["qwen2.5"], "\x00\n"])
def test_an_answer_that_names_no_model_is_of_the_one_requested(model: Any) -> None:
    assert usage_in(answer({"prompt_tokens": 9}, model=model)).by_model == {}


def test_the_name_of_a_model_is_made_fit_to_be_stored() -> None:
    (name,) = usage_in(answer({"prompt_tokens": 9}, model="q\x00wen\ud800" + "n" * 200)).by_model
    assert name == ("qwen" + "n" * 200)[:80]
