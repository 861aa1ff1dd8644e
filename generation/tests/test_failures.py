import pytest

from generation.failures import FailureCode, GenerationFailed


def test_the_codes_are_those_of_the_http_contract() -> None:
    assert set(FailureCode) == {
        "rate_limited", "timeout", "provider_unavailable", "provider_rejected", "refused", "truncated", "empty_output",
        "invalid_output", "unsupported_language", "quota_exceeded", "cancelled", "worker_lost",
    }  # fmt: skip


def test_only_transient_failures_are_retried() -> None:
    assert {code for code in FailureCode if code.retryable} == {
        "rate_limited",
        "timeout",
        "provider_unavailable",
        "worker_lost",
    }


@pytest.mark.parametrize("code", FailureCode)
def test_every_code_advises_what_to_do(code: FailureCode) -> None:
    assert code.advice.endswith(".")
    assert len(code.advice.split()) >= 5


def test_a_failure_shows_its_code_and_sentence_and_never_what_the_model_wrote() -> None:
    failure = GenerationFailed(FailureCode.TRUNCATED, "It was cut.", raw="private words")
    assert str(failure) == "truncated: It was cut."
