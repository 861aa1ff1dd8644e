"""All that is stored of a person as one JSON document, written in pieces; each app adds its parts."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import orjson
from django.db.models import Model, QuerySet
from rest_framework import serializers

from accounts.models import User

AnyModel = TypeVar("AnyModel", bound=Model)
Part = Callable[[User], Iterator[dict[str, Any]]]

PAGE = 20  # rows in memory at once; a text can have a megabyte
parts: dict[str, Part] = {}
shapes: dict[str, type[serializers.BaseSerializer[Any]]] = {}


def register_part(name: str, part: Part, shape: type[serializers.BaseSerializer[Any]]) -> None:
    """Add a list to the export.

    Args:
        name: its key in the document.
        part: yields the items of a user's list.
        shape: of an item, for the API schema.
    """
    parts[name], shapes[name] = part, shape


def export(user: User) -> Iterator[bytes]:
    """Yield the document in pieces. An error ends it before its last brace, so that it does not look complete."""
    yield b'{"account":' + orjson.dumps(account(user), option=orjson.OPT_UTC_Z)
    for name, part in parts.items():
        yield b"," + orjson.dumps(name) + b":["
        for number, item in enumerate(part(user)):
            yield (b"," if number else b"") + orjson.dumps(item)
        yield b"]"
    yield b"}"


def account(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "email": user.email,
        "is_staff": user.is_staff,
        "is_superuser": user.is_superuser,
        "is_approved": user.is_approved,
        "groups": list(user.groups.order_by("name").values_list("name", flat=True)),
        "verified_at": user.verified_at,
        "date_joined": user.date_joined,
        "last_login": user.last_login,
        "logins": list(user.login_sessions.order_by("created_at").values("created_at", "expires_at")),
    }


def in_pages(rows: QuerySet[AnyModel]) -> Iterator[AnyModel]:
    """Yield rows in the order of their keys; those that are deleted meanwhile are left out.

    Only the keys are read at once: neither a transaction nor a cursor stays open while a slow client reads.
    """
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), PAGE):
        yield from rows.filter(pk__in=keys[start : start + PAGE]).order_by("pk")
