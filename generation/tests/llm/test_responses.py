import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.providers import Provider
from generation.llm.responses import CONTENT_FILTERED, MODEL_REFUSED, Completion, read_completion
from generation.llm.retry_after import retry_after

PROVIDER = Provider("compatible", "large", "a-model", "http://models.example/v1", "a-secret")


def body(message: Any, finish: str | None = "stop", usage: Any = None) -> str:
    return json.dumps({"choices": [{"message": message, "finish_reason": finish}], "usage": usage})


def read(text: str) -> Completion:
    return read_completion(text, PROVIDER)


def failure(text: str) -> GenerationFailed:
    with pytest.raises(GenerationFailed) as caught:
        read(text)
    return caught.value


def test_a_completion_is_read_with_its_usage() -> None:
    counts = {"prompt_tokens": 30, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 20}}
    completion = read(body({"content": "Hello."}, "length", counts))
    assert (completion.text, completion.finish_reason) == ("Hello.", "length")
    assert completion.usage == Usage(prompt_tokens=30, completion_tokens=7, cached_tokens=20, calls=1)


def test_characters_that_not_every_database_stores_are_removed() -> None:
    text = '{"choices": [{"message": {"content": "a\\u0000b\\ud800c\\r\\nd\\t👩\\u200d🌾"}}]}'
    assert read(text).text == "abc\nd\t👩\u200d🌾"


@pytest.mark.parametrize("counts", [None, [], "many", {"prompt_tokens": None, "completion_tokens": -3}])
def test_a_server_that_does_not_count_tokens_counts_as_one_call(counts: Any) -> None:
    assert read(body({"content": "Hello."}, None, counts)).usage == Usage(calls=1)


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", '"text"', '{"choices": []}', '{"choices": [{"message": null}]}', "[" * 5000]
)
def test_anything_else_is_invalid_and_kept(text: str) -> None:
    caught = failure(text)
    assert (caught.code, caught.raw) == (FailureCode.INVALID_OUTPUT, text)


def test_an_answer_in_parts_is_invalid() -> None:
    assert failure(body({"content": [{"type": "image"}]})).code == FailureCode.INVALID_OUTPUT


def test_an_empty_body_is_an_empty_output() -> None:
    assert failure(" \n").code == FailureCode.EMPTY_OUTPUT


def test_a_refusal_is_quoted_and_its_cost_kept() -> None:
    caught = failure(body({"content": None, "refusal": "I will\nnot."}, usage={"prompt_tokens": 3}))
    assert (caught.code, caught.usage) == (FailureCode.REFUSED, Usage(prompt_tokens=3, calls=1))
    assert caught.message == MODEL_REFUSED.format(quote="I will not.")


def test_a_content_filter_is_a_refusal_and_keeps_the_text() -> None:
    caught = failure(body({"content": "Half a"}, "content_filter"))
    assert (caught.code, caught.raw) == (FailureCode.REFUSED, "Half a")
    assert caught.message == CONTENT_FILTERED


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 1.5 ", 1.5),
        ("0", 0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-3", None),
        ("Wed, 21 Oct 99999999999999999999 07:28:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_seconds(header: str | None, seconds: float | None) -> None:
    assert retry_after({"retry-after": header or ""}) == seconds


def test_retry_after_is_read_as_a_date_and_is_never_negative() -> None:
    now = datetime.now(UTC)
    assert retry_after({"retry-after": format_datetime(now + timedelta(hours=1), usegmt=True)}) == pytest.approx(
        3600, abs=60
    )
    assert retry_after({"retry-after": format_datetime(now - timedelta(hours=1), usegmt=True)}) == 0


def test_a_count_that_no_column_holds_is_capped() -> None:
    usage = read(body({"content": "Hello."}, usage={"prompt_tokens": 2**70})).usage
    assert usage.prompt_tokens < 2**31
