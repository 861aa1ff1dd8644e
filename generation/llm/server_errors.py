"""Errors of model servers, wherever they stand: in an error response, in a success, or in the middle of a stream."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generation.failures import FailureCode

WORDS_LIMIT = 500  # characters: enough to recognize an error by, not enough to fill a log with it
READ_LIMIT = 20_000  # characters of a body that are searched
_DEPTH = 6  # of nested objects
_WORDS_IN = ("message", "msg", "detail", "details", "error", "errors", "error_description", "title", "reason", "raw")
_NAMES_IN = ("code", "type", "status", "error_type", "reason", "error_code")
_TITLE = re.compile(r"<title[^>]*>(.{0,200}?)</title>", re.DOTALL | re.IGNORECASE)
_CODE = {  # by the names that servers give their errors
    FailureCode.QUOTA_EXCEEDED: {
        "insufficient_quota", "exceeded_current_quota_error", "budget_exceeded", "insufficient_balance",
        "billing_hard_limit_reached", "insufficient_credits", "payment_required", "arrearage",
    },
    FailureCode.REFUSED: {
        "content_filter", "content_policy_violation", "responsibleaipolicyviolation", "data_inspection_failed",
        "moderation_blocked", "prohibited_content",
    },
}  # fmt: skip
_QUOTA_WORDS = re.compile(
    r"insufficient[ _](?:account[ _])?(?:balance|credits?|funds|quota)|credit balance is too low"
    r"|budget has been exceeded"
    r"|exceeded budget|out of credits|more credits|balance is not enough|account is in arrears",
    re.IGNORECASE,
)
_STATUS = {  # what a name means where no status is given
    "rate_limit_exceeded": 429, "rate_limit_error": 429, "too_many_requests": 429, "resource_exhausted": 429,
    "invalid_request_error": 400, "invalid_argument": 400, "bad_request": 400, "badrequesterror": 400,
    "invalid_request": 400, "context_length_exceeded": 400, "unsupported_parameter": 400, "unsupported_value": 400,
    "invalid_api_key": 401, "authentication_error": 401, "unauthenticated": 401,
    "permission_error": 403, "permission_denied": 403, "model_not_found": 404, "not_found_error": 404,
    "not_found": 404, "timeout": 408, "timeout_error": 408, "deadline_exceeded": 408,
    "server_error": 500, "internal_server_error": 500, "internal_error": 500, "api_error": 500, "internal": 500,
    "overloaded_error": 503, "unavailable": 503, "unavailable_error": 503, "service_unavailable": 503,
}  # fmt: skip
_NO_ENDPOINT = re.compile(r"unexpected endpoint|page not found|unknown (?:endpoint|path|url)|no route", re.IGNORECASE)


@dataclass(frozen=True)
class ServerError:
    """What a server says went wrong.

    Args:
        status: of HTTP, or what the error stands for; 0 if nothing tells.
        names: its codes and types, in small letters.
        param: the parameter that it names, as the server spells it.
        words: what it says to people.
        is_page: it is a web page, or says that nothing is served at this address.
    """

    status: int = 0
    names: frozenset[str] = frozenset()
    param: str = ""
    words: str = ""
    is_page: bool = False

    @property
    def is_about_parameters(self) -> bool:
        """Whether leaving something out or changing it may help."""
        return self.status in (400, 422)

    @property
    def code(self) -> FailureCode:
        for code, names in _CODE.items():
            if self.names & names:
                return code
        if self.status == 402 or (400 <= self.status < 500 and _QUOTA_WORDS.search(self.words)):
            return FailureCode.QUOTA_EXCEEDED
        if self.is_page and self.status < 500:
            return FailureCode.PROVIDER_REJECTED
        by_status = {429: FailureCode.RATE_LIMITED, 408: FailureCode.TIMEOUT}
        if self.status in (0, 409, 425) or self.status >= 500:
            return FailureCode.PROVIDER_UNAVAILABLE
        return by_status.get(self.status, FailureCode.PROVIDER_REJECTED)


def read_error(status: int, body: str) -> ServerError:
    """Read an error from a body of any kind: JSON, plain text or a web page.

    Args:
        status: of the response; a success's body may name another one.
        body: all of it, or its beginning.
    """
    body = body[:READ_LIMIT].strip().lstrip("\ufeff")
    if body.startswith("<"):
        title = _TITLE.search(body)
        return ServerError(status, words=f"a web page: {title[1].strip()}" if title else "a web page", is_page=True)
    try:
        return error_in(json.loads(body), status)
    except (ValueError, RecursionError):
        return ServerError(status, words=body[:WORDS_LIMIT], is_page=bool(_NO_ENDPOINT.search(body)))


def error_in(data: Any, status: int = 0) -> ServerError:
    """Read an error from parsed JSON, which may be a list, an object or just its words.

    Args:
        data: what the server sent.
        status: of the response, if that is an error.
    """
    objects = list(_objects(data))
    names = frozenset(str(found[key]).lower() for found in objects for key in _NAMES_IN if _is_name(found.get(key)))
    words = "; ".join(dict.fromkeys(_words(data)))[:WORDS_LIMIT]
    return ServerError(
        status if status >= 400 else _status(objects, names),
        names,
        next(_params(objects), ""),
        words,
        bool(_NO_ENDPOINT.search(words)),
    )


def _objects(data: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > _DEPTH:
        return
    if isinstance(data, dict):
        yield data
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _objects(value, depth + 1)


def _words(data: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(data, str) and data.strip():
        yield " ".join(data.split())
    elif isinstance(data, list) and depth <= _DEPTH:
        for value in data:
            yield from _words(value, depth + 1)
    elif isinstance(data, dict) and depth <= _DEPTH:
        if isinstance(place := data.get("loc"), list):
            yield ".".join(map(str, place))
        for key in (*_WORDS_IN, "metadata"):
            yield from _words(data.get(key), depth + 1)


def _params(objects: list[Mapping[str, Any]]) -> Iterator[str]:
    for found in objects:
        if isinstance(param := found.get("param"), str) and param:
            yield param
        if isinstance(place := found.get("loc"), list) and len(place) > 1:
            yield ".".join(str(part) for part in place if part != "body")


def _status(objects: list[Mapping[str, Any]], names: frozenset[str]) -> int:
    for found in objects:
        for key in ("code", "status", "status_code"):
            if re.fullmatch(r"[45]\d\d", str(found.get(key))):
                return int(found[key])
    return next((status for name, status in _STATUS.items() if name in names), 0)


def _is_name(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)
