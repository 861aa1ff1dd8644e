"""Idempotency-Key: a request that is repeated because its answer was lost takes effect once."""

import functools
import hashlib
import re
from collections.abc import Callable
from typing import Any

import orjson
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import authenticated_user
from accounts.models import User
from blogs.database.outages import is_lock_timeout
from blogs.database.waits import wait_at_most
from blogs.models import Revision, StoredAnswer
from blogs.models.stored_answer import KEY_MAX_LENGTH

HEADER = "Idempotency-Key"
KEY = re.compile(rf"[!-~]{{1,{KEY_MAX_LENGTH}}}")
WAITS_FOR_FIRST = 2.0  # seconds, of two equal requests
LEFT_OUT = '"content":null'  # in place of a text; no other content is null, and in a string the quotes are escaped
TEXT_DELETED = "Its text has since been deleted."
NESTED_TOO_DEEPLY = "The body is nested too deeply."
Action = Callable[..., Any]


class StillRunning(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = "A request with this Idempotency-Key is still running. Try again in a moment."
    problem = "request-still-running"
    wait = 1  # second; DRF makes Retry-After of it


class KeyReused(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = "This Idempotency-Key was used for another request. Use a new key."


def idempotent(action: Action, *, takes_body: bool = True) -> Action:
    """Run an action once for each Idempotency-Key of a user; a repeated request gets the first answer.

    The answer is stored for 24 hours, in the transaction that does the work. Failures are not stored: they did nothing.

    Args:
        takes_body: if False, a body that is sent anyway is ignored, with a key and without.
    """

    @functools.wraps(action)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Any:
        if (key := request.headers.get(HEADER)) is None:
            return action(view, request, *args, **kwargs)
        check_key(key)
        fingerprint = fingerprint_of(request, request.data if takes_body else {})
        with transaction.atomic():
            stored, is_new = reserve(authenticated_user(request), key, fingerprint)
            if not is_new:
                return replay(stored, request, fingerprint)
            answer = action(view, request, *args, **kwargs)
            keep(stored, request, answer)
            return answer

    return once


idempotent_without_body = functools.partial(idempotent, takes_body=False)


def check_key(key: str) -> None:
    """Check that a key is printable ASCII without spaces, and not too long.

    Raises:
        ValidationError: it is not.
    """
    if not KEY.fullmatch(key):
        raise ValidationError({HEADER: [f"Use 1 to {KEY_MAX_LENGTH} printable ASCII characters without spaces."]})


def fingerprint_of(request: Request, content: Any) -> str:
    """Return a hash of method, path and body; the order of the body's keys does not matter.

    Raises:
        ParseError: the body is nested deeper than orjson writes, which is less deep than it reads.
    """
    try:
        body = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:
        raise ParseError(NESTED_TOO_DEEPLY) from error
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + body).hexdigest()


def reserve(user: User, key: str, fingerprint: str) -> tuple[StoredAnswer, bool]:
    """Return the row of this key, and whether it is new: then the caller does the work.

    A concurrent duplicate waits here for the transaction of the first request.

    Raises:
        StillRunning: the first request takes too long.
    """
    StoredAnswer.objects.filter(user=user, key=key).expired().delete()
    try:
        with transaction.atomic(), wait_at_most(WAITS_FOR_FIRST):
            return StoredAnswer.objects.create(user=user, key=key, fingerprint=fingerprint), True
    except IntegrityError:
        return StoredAnswer.objects.get(user=user, key=key), False
    except OperationalError as error:
        if is_lock_timeout(error):
            raise StillRunning from error
        raise


def keep(stored: StoredAnswer, request: Request, answer: Response) -> None:
    """Store an answer, without the text of a post: a revision has that, and does not change."""
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Type"}
    body = bytes(request.accepted_renderer.render(without_text(answer.data)))  # type: ignore[arg-type]
    stored.keep(status=answer.status_code, headers=headers, body=body.decode())


def without_text(answer: Any) -> Any:
    blog = answer.get("blog")
    if not (blog and blog["content"] and revision_in(blog).filter(content=blog["content"]).exists()):
        return answer
    return answer | {"blog": blog | {"content": None}}


def body_of(stored: StoredAnswer, request: Request) -> str | bytes:
    """Return what was answered, byte for byte; if the text has since been deleted, the message says so."""
    if LEFT_OUT not in stored.body:
        return stored.body
    answer = orjson.loads(stored.body)
    blog = answer["blog"]
    blog["content"] = revision_in(blog).values_list("content", flat=True).first()
    if blog["content"] is None:
        blog["content"] = ""
        answer["message"] += f" {TEXT_DELETED}"
    return bytes(request.accepted_renderer.render(answer))  # type: ignore[arg-type]


def revision_in(blog: dict[str, Any]) -> QuerySet[Revision]:
    return Revision.objects.filter(post=blog["id"], number=blog["revision"])


def replay(stored: StoredAnswer, request: Request, fingerprint: str) -> HttpResponse:
    """Return the stored answer.

    Raises:
        KeyReused: it is the answer to another request.
    """
    if stored.fingerprint != fingerprint:
        raise KeyReused
    headers = stored.headers | {"Idempotency-Replayed": "true"}
    body = body_of(stored, request)
    return HttpResponse(body, status=stored.status, headers=headers, content_type="application/json")
