"""Errors as servers send them: in which shape and place they stand makes no difference."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.failures import FailureCode, GenerationFailed
from generation.llm.bounds import Allowance
from generation.llm.providers import Provider
from generation.llm.responses import BASE_URL_HINT, failure_of, read_completion
from generation.llm.server_errors import WORDS_LIMIT, read_error
from generation.llm.sse import StreamReader

PROVIDER = Provider("compatible", "large", "a-model", "http://models.example/v1", "a-secret")
REJECTED, LIMITED = FailureCode.PROVIDER_REJECTED, FailureCode.RATE_LIMITED
EXHAUSTED, AWAY, REFUSED = FailureCode.QUOTA_EXCEEDED, FailureCode.PROVIDER_UNAVAILABLE, FailureCode.REFUSED
CASES = [
    (400, [{"error": {"message": "API key not valid.", "status": "INVALID_ARGUMENT"}}], REJECTED, "API key not valid."),
    (404, {"detail": "Model not found"}, REJECTED, "Model not found"),
    (500, {"error": "model requires more system memory"}, AWAY, "more system memory"),
    (503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, AWAY, "Loading model"),
    (400, {"error": {"message": "Budget has been exceeded!", "type": "budget_exceeded"}}, EXHAUSTED, "Budget"),
    (429, {"error": {"message": "Over budget", "code": "429", "type": "budget_exceeded"}}, EXHAUSTED, "Over budget"),
    (403, {"error": {"message": "Your credit balance is too low"}}, EXHAUSTED, "credit balance"),
    (429, {"error": {"type": "exceeded_current_quota_error", "message": "check your plan"}}, EXHAUSTED, "plan"),
    (402, {"error": {"message": "Insufficient Balance"}}, EXHAUSTED, "Insufficient Balance"),
    (429, {"error": {"message": "Add 10 credits to unlock 1000 requests per day", "code": 429}}, LIMITED, "per day"),
    (400, {"error": {"code": "content_filter", "message": "Azure's policy"}}, REFUSED, "Azure's policy"),
    (400, {"error": {"code": "x", "innererror": {"code": "ResponsibleAIPolicyViolation"}}}, REFUSED, ""),
    (422, {"detail": [{"loc": ["body", "top_k"], "msg": "Extra inputs"}]}, REJECTED, "Extra inputs"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "code", "quote"), CASES)
def test_an_error_response_has_a_code_and_the_servers_words(
    status: int, body: Any, code: FailureCode, quote: str
) -> None:
    failure = failure_of(read_error(status, json.dumps(body)), PROVIDER)
    assert failure.code == code
    assert quote in failure.details


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"error": {"message": "Provider returned error", "code": 429}}, LIMITED),
        ({"error": {"message": "slow down", "type": "rate_limit_error"}}, LIMITED),
        ({"error": {"message": "no money", "code": "insufficient_quota"}}, EXHAUSTED),
        ({"error": {"message": "overloaded", "type": "overloaded_error"}}, AWAY),
        ({"error": {"message": "who are you", "code": "401"}}, REJECTED),
        ({"error": "Unexpected endpoint or method."}, REJECTED),
        ({"error": {"message": "it broke"}}, AWAY),
        ({"choices": [{"error": {"code": 502, "message": "upstream"}, "finish_reason": "error"}]}, AWAY),
        ({"detail": "Too many requests", "status": 429}, LIMITED),
    ],
)
def test_an_error_in_a_success_goes_the_way_of_its_status(error: Any, code: FailureCode) -> None:
    reader = StreamReader([], Allowance(500, "here"), PROVIDER)
    readings = [
        lambda: read_completion(json.dumps(error), PROVIDER),
        lambda: reader.feed(f"data: {json.dumps(error)}\n\n".encode()),
    ]
    for read in readings:
        with pytest.raises(GenerationFailed) as caught:
            read()
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<!doctype html><html><head><title>New API</title></head></html>"),
        (404, "404 page not found"),
        (405, "\n<html>Not allowed</html>"),
    ],
)
def test_a_web_page_says_that_the_base_url_is_wrong(status: int, body: str) -> None:
    failure = failure_of(read_error(status, body), PROVIDER)
    assert failure.code == REJECTED
    assert failure.details.endswith(BASE_URL_HINT)


def test_the_page_of_a_gateway_in_trouble_does_not() -> None:
    failure = failure_of(read_error(502, "<html><title>502 Bad Gateway</title></html>"), PROVIDER)
    assert failure.code == AWAY
    assert "502 Bad Gateway" in failure.details


def test_owners_see_no_host_and_no_words_of_the_server() -> None:
    error = {"error": {"message": "organization org-77 at 10.0.0.3 has no access", "code": 403}}
    failure = failure_of(read_error(403, json.dumps(error)), PROVIDER)
    assert failure.message == REJECTED.summary
    assert "org-77" in failure.for_staff


def test_a_key_in_the_words_is_masked_and_no_part_of_another_word() -> None:
    failure = failure_of(read_error(401, "a-secret is wrong, a-secretary too, sk-proj-12"), PROVIDER)
    assert '"*** is wrong, a-secretary too, ***"' in failure.details


KEYS = ["error", "message", "code", "detail", "param", "loc", "status", "x"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda children: st.lists(children, max_size=4)
    | st.dictionaries(st.sampled_from(KEYS), children, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(st.integers(200, 599), JSON | st.text())
def test_no_error_is_beyond_reading(status: int, body: Any) -> None:
    error = read_error(status, json.dumps(body))
    assert len(error.words) <= WORDS_LIMIT
    assert failure_of(error, PROVIDER).code in FailureCode
