"""What a model server returned, read defensively: the text and its usage, or the failure that it means."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.retry_after import retry_after as asked_to_wait
from generation.llm.server_errors import ServerError, error_in, read_error
from generation.llm.service_tiers import tier_in
from generation.llm.thoughts import without_thoughts
from generation.llm.usage import usage_in

if TYPE_CHECKING:
    from generation.llm.providers import Provider

# Enough of an answer for an editor to see what happened, not enough to fill a database with it.
RAW_LIMIT = 20_000
QUOTE_LIMIT = 300  # characters of a server's words
SERVER_FAILED = "The model server at {where} {what}."
ANSWERED = "The model server at {where} answered a request for {model} with {what}{quote}.{hint}"
NO_COMPLETION = "The model server returned a body that is not a chat completion."
NO_TEXT = "The model server returned content that is not text."
EMPTY_BODY = "The model server returned an empty body."
BASE_URL_HINT = " OPENAI_BASE_URL must be the address in front of /chat/completions; with most servers it ends in /v1."
MODEL_REFUSED = 'The model refused: "{quote}"'
CONTENT_FILTERED = "The provider's content filter blocked the answer."
BRIEF_FILTERED = "The provider's content filter blocked the brief."
BRIEF_TOO_LONG = "The brief is too long for the model."
# How servers say that an answer is not whole, in small letters.
CUT = {"length", "max_tokens", "model_length", "max_output_tokens", "insufficient_system_resource", "error", "abort"}
FILTERED = {"content_filter", "safety", "recitation", "blocklist", "prohibited_content", "refusal", "sensitive"}
THOUGHT_PARTS = {"thinking", "reasoning", "redacted_thinking"}
# JSON can carry them, but not every database or terminal takes them: controls but tab and newline, lone surrogates.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_KEY = re.compile(r"\bsk-[^\s,\"]+")  # OpenAI repeats the first and last letters of a wrong key
_PROMPT_TOO_LONG = re.compile(
    r"(?:prompt|input|context|messages?|request)\b.{0,60}\b(?:too (?:long|large)|exceed|maximum|limit)"
    r"|context_length_exceeded|maximum context length|reduce the length",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Completion:
    """One answer.

    Args:
        text: without thoughts.
        finish_reason: as the server says it, in small letters.
        usage: what it cost.
        has_thought: the model spent tokens on thoughts, which are not in the text.
        service_tier: by which it is paid, if the answer names one.
    """

    text: str
    finish_reason: str
    usage: Usage
    has_thought: bool = False
    service_tier: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether the answer ended before the model was done."""
        return self.finish_reason in CUT

    @property
    def is_thought_only(self) -> bool:
        """Whether all that was sent are thoughts, or nothing that can be seen."""
        return (self.is_cut or self.has_thought) and not self.text.strip()


class ServerFailed(GenerationFailed):
    """A failure that a server's error means, with that error."""

    def __init__(self, error: ServerError, code: FailureCode, message: str, **more: Any) -> None:
        super().__init__(code, message, **more)
        self.error = error


def read_completion(body: str, provider: Provider) -> Completion:
    """Read the body of an HTTP 200.

    Args:
        body: all of it.
        provider: who sent it, for messages.

    Raises:
        GenerationFailed: the body is empty or not a completion, or the model or its filter refused.
    """
    if not body.strip():
        raise GenerationFailed(FailureCode.EMPTY_OUTPUT, EMPTY_BODY)
    if body.lstrip("\ufeff \t\r\n").startswith("<"):
        raise failure_of(read_error(200, body), provider)
    try:
        answer = json.loads(body)
        if isinstance(answer, list) and len(answer) == 1:
            [answer] = answer
        if error := error_of(answer):
            raise failure_of(error, provider)
        choice = answer["choices"][0]
        message = choice.get("message") or {"content": choice["text"]}
        return replace(_read_message(answer, message, choice.get("finish_reason")), service_tier=tier_in(answer))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raw = storable(body[:RAW_LIMIT])
        raise GenerationFailed(FailureCode.INVALID_OUTPUT, NO_COMPLETION, raw=raw) from error


def _read_message(answer: Any, message: Any, finish: object) -> Completion:
    usage, content = usage_in(answer), message.get("content")
    text = text_in(content)
    if text is None:
        raise GenerationFailed(FailureCode.INVALID_OUTPUT, NO_TEXT, raw=storable(str(content)[:RAW_LIMIT]), usage=usage)
    has_thought = has_thoughts(message) or thought_tokens(answer) > 0
    return concluded(text, message.get("refusal"), finish, usage, has_thought=has_thought)


def error_of(answer: Any) -> ServerError | None:
    """Return the error that a success's body, or an event of a stream, stands for."""
    if not isinstance(answer, dict):
        return None
    if answer.get("error"):
        return error_in(answer)
    choices = answer.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict) and choices[0].get("error"):
        return error_in(choices[0]["error"])
    says = choices is None and any(
        isinstance(answer.get(key), str | list | dict) and answer[key] for key in ("detail", "message", "errors")
    )
    return error_in(answer) if says else None


def text_in(content: object) -> str | None:
    """Return the text of a message's content, which may come in parts; None if it holds something else."""
    if content is None or isinstance(content, str):
        return content or ""
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list):
        return None
    texts = []
    for part in content:
        kind = part.get("type", "text") if isinstance(part, dict) else "text"
        text = part.get("text") if isinstance(part, dict) else part
        if kind in ("text", "output_text") and isinstance(text, str):
            texts.append(text)
        elif kind not in THOUGHT_PARTS:
            return None
    return "".join(texts)


def has_thoughts(message: Any) -> bool:
    """Whether a message or a delta of one carries thoughts beside its text, or as parts of its content."""
    content = message.get("content")
    in_parts = isinstance(content, list) and any(
        isinstance(part, dict) and part.get("type") in THOUGHT_PARTS for part in content
    )
    return in_parts or bool(message.get("reasoning_content") or message.get("reasoning") or message.get("thinking"))


def thought_tokens(answer: Any) -> int:
    """Return how many tokens of an answer were thoughts, as far as the server says."""
    usage = answer.get("usage")
    details = usage.get("completion_tokens_details") if isinstance(usage, dict) else None
    count = details.get("reasoning_tokens") if isinstance(details, dict) else 0
    return count if isinstance(count, int) else 0


def concluded(content: str, refusal: object, finish: object, usage: Usage, *, has_thought: bool = False) -> Completion:
    """Return a complete answer, without its thoughts.

    Raises:
        GenerationFailed: the model or its filter refused.
    """
    content = storable(content)
    text = without_thoughts(content)
    reason = str(finish or "stop").lower()
    if refusal or reason in FILTERED:
        problem = MODEL_REFUSED.format(quote=_plain(refusal)) if refusal else CONTENT_FILTERED
        raise GenerationFailed(FailureCode.REFUSED, problem, raw=text, usage=usage)
    return Completion(text, reason, usage, has_thought or text != content)


def failure_of(
    error: ServerError,
    provider: Provider,
    *,
    retry_after: float | None = None,
    raw: str = "",
    usage: Usage | None = None,
) -> ServerFailed:
    """Return the failure that a server's error means.

    Args:
        error: as it was read.
        provider: whose key and model it is about; no message shows the key, even if the server repeats it.
        retry_after: seconds that the server asks to wait.
        raw: the text before it.
        usage: what the call used.
    """
    code, message = error.code, error.code.summary
    wait = retry_after if retry_after is not None else asked_to_wait({}, error.words)
    if code == FailureCode.REFUSED:
        message = BRIEF_FILTERED
    elif code == FailureCode.PROVIDER_REJECTED and error.is_about_parameters and _PROMPT_TOO_LONG.search(error.words):
        code, message = FailureCode.TRUNCATED, BRIEF_TOO_LONG
    details = ANSWERED.format(
        where=provider.address,
        model=provider.model,
        what=f"HTTP {error.status}" if error.status else "an error",
        quote=f': "{quoted}"' if (quoted := words_for_staff(error, provider.api_key)) else "",
        hint=BASE_URL_HINT if error.is_page else "",
    )
    return ServerFailed(
        error,
        code,
        message,
        details=details,
        retry_after=wait,
        raw=raw,
        usage=usage,
        is_final=error.status < 500,
    )


def words_for_staff(error: ServerError, secret: str) -> str:
    """Return what a server said, without the key that was sent to it."""
    words = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "***", error.words) if secret else error.words
    return _plain(_KEY.sub("***", words))


def _plain(text: object) -> str:
    return " ".join(storable(str(text)).split())[:QUOTE_LIMIT]


def storable(text: str) -> str:
    """Return `text` without the characters that not every database stores."""
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n"))
