"""Idempotency-Key: a request that is sent again, because its answer got lost, does its work once."""

import functools
import hashlib
import re
from collections.abc import Callable
from typing import Any

import orjson
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import HttpResponse
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import authenticated_user
from accounts.models import User
from blogs.models import StoredAnswer
from blogs.models.stored_answer import KEY_MAX_LENGTH

HEADER = "Idempotency-Key"
KEY = re.compile(rf"[!-~]{{1,{KEY_MAX_LENGTH}}}")
PATIENCE = "2s"  # for an equal request that is running; PostgreSQL's words
Action = Callable[..., Any]


class StillRunning(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = "A request with this Idempotency-Key is still running. Try again in a moment."
    wait = 1  # second; DRF makes Retry-After of it


class KeyReused(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = "This Idempotency-Key was used for another request. Take a new key."


def idempotent(action: Action, *, takes_body: bool = True) -> Action:
    """Let an action run once for each Idempotency-Key of a user; the same request again gets the first answer.

    The answer is stored in the transaction that does the work, for 24 hours. What failed is not stored: it did nothing.

    Args:
        takes_body: else a body that comes all the same is not looked at, with a key as without one.
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
                return replay(stored, fingerprint)
            answer = action(view, request, *args, **kwargs)
            keep(stored, request, answer)
            return answer

    return once


idempotent_without_body = functools.partial(idempotent, takes_body=False)


def check_key(key: str) -> None:
    """Refuse keys that are no printable ASCII without spaces, or too long.

    Raises:
        ValidationError: the key is one of those.
    """
    if not KEY.fullmatch(key):
        raise ValidationError({HEADER: [f"Send 1 to {KEY_MAX_LENGTH} printable ASCII characters without spaces."]})


def fingerprint_of(request: Request, content: Any) -> str:
    """Return a hash of the method, the address and the body's content, in whatever order its keys came.

    Raises:
        ParseError: the content is nested deeper than orjson writes, which is less deep than it reads.
    """
    try:
        body = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:
        raise ParseError("The body is nested too deeply.") from error
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + body).hexdigest()


def reserve(user: User, key: str, fingerprint: str) -> tuple[StoredAnswer, bool]:
    """Return the row of this key and whether it is new, which makes the caller the one who does the work.

    A second equal request waits here for the transaction of the first.

    Raises:
        StillRunning: the first takes long.
    """
    StoredAnswer.objects.filter(user=user, key=key).expired().delete()
    StoredAnswer.objects.forget_some()
    try:
        with transaction.atomic():
            wait_at_most(PATIENCE)
            stored = StoredAnswer.objects.create(user=user, key=key, fingerprint=fingerprint)
            wait_at_most("0")
            return stored, True
    except IntegrityError:
        return StoredAnswer.objects.get(user=user, key=key), False
    except OperationalError as error:
        raise StillRunning from error


def wait_at_most(time: str) -> None:
    """Limit how long PostgreSQL waits for a lock in this transaction; "0" is for ever. SQLite has its own limit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [time])


def keep(stored: StoredAnswer, request: Request, answer: Response) -> None:
    body = bytes(request.accepted_renderer.render(answer.data))  # type: ignore[arg-type]
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Type"}
    stored.keep(status=answer.status_code, headers=headers, body=body.decode())


def replay(stored: StoredAnswer, fingerprint: str) -> HttpResponse:
    """Return the stored answer.

    Raises:
        KeyReused: it is the answer to something else.
    """
    if stored.fingerprint != fingerprint:
        raise KeyReused
    headers = stored.headers | {"Idempotency-Replayed": "true"}
    return HttpResponse(stored.body, status=stored.status, headers=headers, content_type="application/json")
