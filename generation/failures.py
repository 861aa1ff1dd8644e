"""Why a generation can fail: the closed list of codes, which are tried again, and what a person can do."""

from __future__ import annotations

from enum import StrEnum

from generation.costs import Usage


class Remedy(StrEnum):
    """What an editor can do about a failure with one press."""

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
        """Whether the same request, unchanged, may well succeed later."""
        return self in _RETRYABLE

    @property
    def summary(self) -> str:
        """One sentence for everybody who may read the post: it names no server and quotes no brief."""
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
    FailureCode.RATE_LIMITED: "The model's server takes no more requests for now.",
    FailureCode.TIMEOUT: "The text was not finished in time.",
    FailureCode.PROVIDER_UNAVAILABLE: "The model's server could not be reached, or broke off.",
    FailureCode.PROVIDER_REJECTED: "The model's server did not take the request.",
    FailureCode.REFUSED: "The model refused to write the post.",
    FailureCode.TRUNCATED: "The model's text was cut at its length limit.",
    FailureCode.EMPTY_OUTPUT: "The model wrote nothing.",
    FailureCode.INVALID_OUTPUT: "The model's text did not pass the checks.",
    FailureCode.UNSUPPORTED_LANGUAGE: "The model does not write in this language.",
    FailureCode.QUOTA_EXCEEDED: "What may be spent on the post is used up.",
    FailureCode.CANCELLED: "The generation was cancelled.",
    FailureCode.WORKER_LOST: "The worker ended before the text was finished.",
}

_ADVICE = {
    FailureCode.RATE_LIMITED: "Wait a few minutes and retry, or ask the provider for a higher rate limit.",
    FailureCode.TIMEOUT: "Retry; if it keeps happening, raise GENERATION_CALL_DEADLINE or use a faster model.",
    FailureCode.PROVIDER_UNAVAILABLE: "Check that the model's server is running and reachable, then retry.",
    FailureCode.PROVIDER_REJECTED: "Check OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL, then retry.",
    FailureCode.REFUSED: "Edit the brief: the model will not write about it as it stands.",
    FailureCode.TRUNCATED: "Ask for less: shorten the brief, then retry.",
    FailureCode.EMPTY_OUTPUT: "Retry; if it stays empty, say more in the brief.",
    FailureCode.INVALID_OUTPUT: "Look at the text that was kept: accept it, or edit the brief and retry.",
    FailureCode.UNSUPPORTED_LANGUAGE: "Write in English, or set OPENAI_API_KEY to use a larger model.",
    FailureCode.QUOTA_EXCEEDED: (
        "Add credit to the provider's account, or raise GENERATION_TOKENS_MAX if the message names it; then retry."
    ),
    FailureCode.CANCELLED: "Regenerate the post when you want it written after all.",
    FailureCode.WORKER_LOST: "Retry; if it keeps happening, look in the worker's log for what ended it.",
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
        message: one clear sentence for the owner and the editor; never a secret, never a trace.
        retry_after: seconds the provider asked us to wait, when it did.
        raw: what the model had written, kept for the editor.
        usage: what the call took that failed, if one did.
    """

    def __init__(
        self,
        code: FailureCode,
        message: str,
        *,
        retry_after: float | None = None,
        raw: str = "",
        usage: Usage | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_after = retry_after
        self.raw = raw
        self.usage = usage

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
