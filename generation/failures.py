"""Why a generation can fail: the closed list of codes, which of them are retried, and what a person can do."""

from __future__ import annotations

from enum import StrEnum

from generation.costs import Usage


class Remedy(StrEnum):
    """What an editor can do about a failure with one click."""

    RETRY = "retry"
    EDIT_BRIEF = "edit_brief"
    CHECK_MODEL = "check_model"


class FailureCode(StrEnum):
    """Every way a generation ends without a text; the values are part of the HTTP contract."""

    RATE_LIMITED = "rate_limited"
    TIMEOUT = "timeout"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    PROVIDER_REJECTED = "provider_rejected"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    EMPTY_OUTPUT = "empty_output"
    INVALID_OUTPUT = "invalid_output"
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    QUOTA_EXCEEDED = "quota_exceeded"
    CANCELLED = "cancelled"
    WORKER_LOST = "worker_lost"

    @property
    def retryable(self) -> bool:
        """Whether the same request, unchanged, may succeed later."""
        return self in _RETRYABLE

    @property
    def summary(self) -> str:
        """One sentence for everyone who may read the post: it names no server and quotes no brief."""
        return _SUMMARY[self]

    @property
    def advice(self) -> str:
        """One sentence for a person: what to do next."""
        return _ADVICE[self]

    @property
    def remedy(self) -> Remedy:
        """The one step that makes the most sense."""
        return _REMEDY.get(self, Remedy.RETRY)


_RETRYABLE = {
    FailureCode.RATE_LIMITED,
    FailureCode.TIMEOUT,
    FailureCode.PROVIDER_UNAVAILABLE,
    FailureCode.WORKER_LOST,
}

_SUMMARY = {
    FailureCode.RATE_LIMITED: "The model provider is rate limiting requests.",
    FailureCode.TIMEOUT: "The generation timed out.",
    FailureCode.PROVIDER_UNAVAILABLE: "The model provider is not available at the moment.",
    FailureCode.PROVIDER_REJECTED: "The model provider rejected the request.",
    FailureCode.REFUSED: "The model refused to write the post.",
    FailureCode.TRUNCATED: "The model's text was cut off before its end.",
    FailureCode.EMPTY_OUTPUT: "The model returned no text.",
    FailureCode.INVALID_OUTPUT: "The generated text did not pass the checks.",
    FailureCode.UNSUPPORTED_LANGUAGE: "The model does not support this language.",
    FailureCode.QUOTA_EXCEEDED: "The token budget or provider quota is exhausted.",
    FailureCode.CANCELLED: "The generation was cancelled.",
    FailureCode.WORKER_LOST: "The worker stopped before the text was finished.",
}

_ADVICE = {
    FailureCode.RATE_LIMITED: "Wait a few minutes and retry, or ask the provider for a higher rate limit.",
    FailureCode.TIMEOUT: "Retry; if it keeps happening, raise GENERATION_CALL_DEADLINE or use a faster model.",
    FailureCode.PROVIDER_UNAVAILABLE: "Check that the model server is running and reachable, then retry.",
    FailureCode.PROVIDER_REJECTED: "Check OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL, then retry.",
    FailureCode.REFUSED: "Edit the brief: the model will not write about it in its current form.",
    FailureCode.TRUNCATED: (
        "Shorten the brief or the length, or set OPENAI_REASONING_EFFORT=low if the model thinks; then retry."
    ),
    FailureCode.EMPTY_OUTPUT: "Retry; if it stays empty, add detail to the brief.",
    FailureCode.INVALID_OUTPUT: "Review the text that was kept: accept it, or edit the brief and retry.",
    FailureCode.UNSUPPORTED_LANGUAGE: "Write in English, or set OPENAI_API_KEY to use a larger model.",
    FailureCode.QUOTA_EXCEEDED: (
        "Add credit to the provider's account, or raise GENERATION_TOKENS_MAX if the message names it; then retry."
    ),
    FailureCode.CANCELLED: "Regenerate the post if you still want it.",
    FailureCode.WORKER_LOST: "Retry; if it keeps happening, check the worker's log for the cause.",
}

_REMEDY = {
    FailureCode.PROVIDER_REJECTED: Remedy.CHECK_MODEL,
    FailureCode.QUOTA_EXCEEDED: Remedy.CHECK_MODEL,
    FailureCode.REFUSED: Remedy.EDIT_BRIEF,
    FailureCode.TRUNCATED: Remedy.EDIT_BRIEF,
    FailureCode.INVALID_OUTPUT: Remedy.EDIT_BRIEF,
    FailureCode.UNSUPPORTED_LANGUAGE: Remedy.EDIT_BRIEF,
}


class GenerationFailed(Exception):
    """A generation that ended without a text that may be published.

    Args:
        code: one of the closed list.
        message: one clear sentence for the owner: no secret, no trace, no host, nothing that a server said.
        details: for staff only, such as the server's address and words; never a secret.
        retry_after: seconds that the provider asked us to wait, if it did.
        raw: what the model had written, kept for the editor.
        usage: what the failed call used, if there was one.
        is_final: the same call would only end like that again.
    """

    def __init__(
        self,
        code: FailureCode,
        message: str,
        *,
        details: str = "",
        retry_after: float | None = None,
        raw: str = "",
        usage: Usage | None = None,
        is_final: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details
        self.retry_after = retry_after
        self.raw = raw
        self.usage = usage
        self.is_final = is_final

    @property
    def for_staff(self) -> str:
        """All that is known about it."""
        return f"{self.message} {self.details}".strip()

    def __str__(self) -> str:
        return f"{self.code}: {self.for_staff}"
