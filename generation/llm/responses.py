"""What a model server returned, read defensively: the text and its usage, or the failure that it means."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.service_tiers import tier_in
from generation.llm.usage import usage_in

if TYPE_CHECKING:
    import httpx2

# Enough of an answer for an editor to see what happened, not enough to fill a database with it.
RAW_LIMIT = 20_000
DETAIL_LIMIT = 200
SERVER_FAILED = "The model server at {where} {what}."
MODEL_REFUSED = 'The model refused: "{quote}"'
CONTENT_FILTERED = "The provider's content filter blocked the answer."
# JSON can carry them, but not every database or terminal takes them: controls but tab and newline, lone surrogates.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Completion:
    """One answer.

    Args:
        text: of the answer.
        finish_reason: `stop`, or `length` when it was cut off at the token limit.
        usage: what it used.
        service_tier: by which it is paid, if the answer names one.
    """

    text: str
    finish_reason: str
    usage: Usage
    service_tier: str = ""


class OversizedAnswer(GenerationFailed):
    """An answer that was ended because no model that keeps to its limit sends so much."""


def read_completion(body: str) -> Completion:
    """Read the body of an HTTP 200.

    Raises:
        GenerationFailed: the body is empty or not a completion, or the model or its filter refused.
    """
    if not body.strip():
        raise GenerationFailed(FailureCode.EMPTY_OUTPUT, "The model server returned an empty body.")
    try:
        answer = json.loads(body)
        choice = answer["choices"][0]
        message, finish = choice["message"], choice.get("finish_reason") or "stop"
        content, refusal = message.get("content") or "", message.get("refusal")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        problem = "The model server returned a body that is not a chat completion."
        raise GenerationFailed(FailureCode.INVALID_OUTPUT, problem, raw=storable(body[:RAW_LIMIT])) from error
    usage = usage_in(answer)
    if not isinstance(content, str):
        problem = "The model server returned content that is not text."
        raise GenerationFailed(FailureCode.INVALID_OUTPUT, problem, raw=storable(body[:RAW_LIMIT]), usage=usage)
    return replace(concluded(content, refusal, str(finish), usage), service_tier=tier_in(answer))


def concluded(content: str, refusal: object, finish: str, usage: Usage) -> Completion:
    """Return a complete answer.

    Raises:
        GenerationFailed: the model or its filter refused.
    """
    content = storable(content)
    if refusal or finish == "content_filter":
        problem = MODEL_REFUSED.format(quote=_plain(refusal)) if refusal else CONTENT_FILTERED
        raise GenerationFailed(FailureCode.REFUSED, problem, raw=content, usage=usage)
    return Completion(content, finish, usage)


def rejection(response: httpx2.Response, *, where: str, model: str, secret: str) -> GenerationFailed:
    """Return the failure that an HTTP error response means, with its Retry-After in seconds.

    Args:
        response: with a status of 400 or more.
        where: host and port of the server, for the message.
        model: the model that was requested, for the message.
        secret: the key that was sent; the message does not show it even if the server repeats it.
    """
    error = _error_object(response)
    code = _code(response.status_code, error)
    message = _SENTENCES[code].format(
        where=where, model=model, status=response.status_code, detail=_detail(error, secret)
    )
    return GenerationFailed(code, message, retry_after=retry_after(response.headers.get("retry-after")))


def retry_after(header: str | None) -> float | None:
    """Return how many seconds a Retry-After header (seconds or an HTTP date) asks to wait; None if it does not."""
    if not header:
        return None
    if re.fullmatch(r"\s*\d{1,15}(\.\d+)?\s*", header):
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


_SENTENCES = {
    FailureCode.QUOTA_EXCEEDED: "The account at {where} has exhausted its quota.{detail}",
    FailureCode.RATE_LIMITED: "The model server at {where} is rate limiting requests.",
    FailureCode.TIMEOUT: "The model server at {where} timed out (HTTP {status}).",
    FailureCode.PROVIDER_UNAVAILABLE: "The model server at {where} is unavailable (HTTP {status}).",
    FailureCode.PROVIDER_REJECTED: (
        "The model server at {where} rejected the request for {model} (HTTP {status}).{detail}"
    ),
}


def _code(status: int, error: Mapping[str, Any]) -> FailureCode:
    if status == 429:
        exhausted = "insufficient_quota" in (error.get("code"), error.get("type"))
        return FailureCode.QUOTA_EXCEEDED if exhausted else FailureCode.RATE_LIMITED
    if status == 402:
        return FailureCode.QUOTA_EXCEEDED
    if status == 408:
        return FailureCode.TIMEOUT
    if status >= 500 or status in (409, 425):
        return FailureCode.PROVIDER_UNAVAILABLE
    return FailureCode.PROVIDER_REJECTED


def _error_object(response: httpx2.Response) -> Mapping[str, Any]:
    try:
        body = json.loads(response.text)
    except (ValueError, RecursionError):
        return {}
    error = body.get("error", body) if isinstance(body, dict) else {}
    return error if isinstance(error, dict) else {"message": error}


def _detail(error: Mapping[str, Any], secret: str) -> str:
    message = error.get("message")
    if not isinstance(message, str) or not message.strip():
        return ""
    if secret:
        message = message.replace(secret, "***")
    # OpenAI repeats the first and last letters of a wrong key.
    without_keys = re.sub(r"\bsk-[^\s,\"]+", "***", message)
    return f' Its message: "{_plain(without_keys)}"'


def _plain(text: object) -> str:
    return " ".join(storable(str(text)).split())[:DETAIL_LIMIT]


def storable(text: str) -> str:
    """Return `text` without the characters that not every database stores."""
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n"))
