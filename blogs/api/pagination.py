"""Keyset pagination, newest first: the last page costs as little as the first."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Any, NamedTuple, TypeVar

from django.db.models import Func, IntegerField, Model, QuerySet
from django.http import QueryDict
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from blogs.api.serializers import PostSerializer
from blogs.models import ID_MAX, TITLE_MAX_LENGTH, Status

ME, RELEASED = "me", "released"
UNKNOWN = "Unknown parameter. This list takes {}."
PAGE_BYTES = 1_000_000  # of texts on a page: the post that passes them is on the next one
NAMED_TO = 100  # characters of an unknown parameter that an answer repeats
AnyModel = TypeVar("AnyModel", bound=Model)


@extend_schema_field(
    {"oneOf": [{"type": "integer", "minimum": 0, "maximum": ID_MAX}, {"type": "string", "enum": [ME]}]}
)
class OwnerField(serializers.Field[Any, Any, Any, Any]):
    """A user's id, or `me`, which requires a token."""

    def to_internal_value(self, data: Any) -> Any:
        if data == ME:
            return ME
        if not (str(data).isdecimal() and str(data).isascii() and len(str(data)) < 20 and int(data) <= ID_MAX):
            raise serializers.ValidationError("Use a user's id, or `me`.")
        return int(data)


STATUS = f"({'|'.join(Status.values)})"


@extend_schema_field({"type": "string", "pattern": f"^{STATUS}(,{STATUS})*$"})
class StatusesField(serializers.Field[Any, Any, Any, Any]):
    """One status, or several with commas between them."""

    def to_internal_value(self, data: Any) -> list[str]:
        if not {*(statuses := str(data).split(","))} <= {*Status.values}:
            raise serializers.ValidationError(f"Choose from {', '.join(Status.values)}, with commas between them.")
        return statuses


class Place(NamedTuple):
    """Where a page of posts begins.

    Args:
        id: of the last post of the page before.
        released_at: when that post was released, if the page before was in that order.
    """

    id: int
    released_at: datetime | None = None


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 0, "maximum": ID_MAX},
            {"type": "string", "pattern": r"^[0-9]{1,18}@[0-9]{1,16}$"},
        ]
    }
)
class PlaceField(serializers.Field[Any, Any, Any, Any]):
    """The id of a post; in the order of releases with the microsecond of its release, which is in `next`."""

    def to_internal_value(self, data: Any) -> Place:
        if not (found := PLACE.fullmatch(str(data))) or int(found[1]) > ID_MAX:
            raise serializers.ValidationError("Use a post's id, or the URL in `next`.")
        return Place(int(found[1]), EPOCH + timedelta(microseconds=int(found[2])) if found[2] else None)


PLACE = re.compile(r"([0-9]{1,19})(?:@([0-9]{1,16}))?")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def place_of(pk: int, released_at: datetime) -> str:
    moment = released_at if released_at.tzinfo else released_at.replace(tzinfo=UTC)  # SQLite gives it without its zone
    return f"{pk}@{(moment - EPOCH) // timedelta(microseconds=1)}"


NAME = f"({'|'.join(PostSerializer.Meta.fields)})"


@extend_schema_field({"type": "string", "pattern": f"^{NAME}(,{NAME})*$"})
class NamesField(serializers.Field[Any, Any, Any, Any]):
    """A comma-separated list of a post's fields; the id is always included."""

    def to_internal_value(self, data: Any) -> tuple[str, ...]:
        names = set(str(data).split(","))
        if unknown := sorted(names - set(PostSerializer.Meta.fields)):
            choices = ", ".join(PostSerializer.Meta.fields)
            raise serializers.ValidationError(f"Unknown field {unknown[0]!a}. Choose from {choices}.")
        return tuple(name for name in PostSerializer.Meta.fields if name in names or name == "id")


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": TITLE_MAX_LENGTH, "pattern": r"^[^\x00]+$"})
class TitlePartField(serializers.CharField):
    """A part of a title, in any case."""


class PageSerializer(serializers.Serializer[Any]):
    limit = serializers.IntegerField(
        min_value=1,
        max_value=100,
        default=20,
        help_text="Most items on a page: fewer if their texts would pass 1 MB. `next` says whether more follow.",
    )
    after = serializers.IntegerField(
        min_value=0, max_value=ID_MAX, required=False, help_text="The last id or number of the previous page."
    )


class PostsPageSerializer(PageSerializer):
    owner = OwnerField(required=False, help_text="Only this user's posts: an id, or `me`.")
    after = PlaceField(  # type: ignore[assignment]
        required=False, help_text="The last id of the previous page; follow `next`."
    )
    status = StatusesField(required=False, help_text="Only posts with one of these statuses: `completed,failed`.")
    published = serializers.ChoiceField(
        choices=["true", "false"], required=False, help_text="Only posts of which readers see a text, or none."
    )
    order = serializers.ChoiceField(
        choices=["newest", RELEASED],
        default="newest",
        help_text="`newest`: the newest post first; `released`: the last one that was published first.",
    )
    title = TitlePartField(
        required=False,
        max_length=TITLE_MAX_LENGTH,
        trim_whitespace=False,
        help_text="Only posts whose title contains this text, in any case of any script.",
    )
    fields_ = NamesField(required=False, help_text="Comma-separated fields to return; `id,title` omits the texts.")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")  # a serializer's own attribute has this name
        return fields


class Bytes(Func):
    """How long a text is in UTF-8."""

    function = "OCTET_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))", **more)


@cache
def known_fields(parameters: type[PageSerializer]) -> Mapping[str, Any]:
    return dict(parameters().fields)


def page_parameters(query: QueryDict, parameters: type[PageSerializer] = PageSerializer) -> dict[str, Any]:
    """Return the validated parameters of a list.

    Raises:
        ValidationError: a parameter is unknown or has an invalid value.
    """
    found: dict[str, Any] = {"limit": 20}
    known = known_fields(parameters)
    errors: dict[str, Any] = {
        name[:NAMED_TO]: [UNKNOWN.format(", ".join(known))] for name in query if name not in known
    }
    for name, field in known.items():
        if name in query:
            try:
                found[name] = field.run_validation(query[name])
            except serializers.ValidationError as error:
                errors[name] = error.detail
    if errors:
        raise serializers.ValidationError(errors)
    return found


def next_url(path: str, query: QueryDict, after: int | str) -> str:
    following = query.copy()
    following["after"] = str(after)
    return f"{path}?{following.urlencode()}"


def link_header(following: str | None) -> dict[str, str]:
    """Return the `Link` header to the next page (RFC 8288), if there is one."""
    return {"Link": f'<{following}>; rel="next"'} if following else {}


def page_by_number(
    path: str, query: QueryDict, rows: QuerySet[AnyModel], text: str
) -> tuple[list[AnyModel], str | None, dict[str, str]]:
    """Return a page of rows with a `number`, newest first, the URL of the next page, and headers.

    Args:
        text: the column of which a page has no more than PAGE_BYTES; one row is always on it.

    Raises:
        ValidationError: `limit` or `after` is not a number in its range.
    """
    parameters = page_parameters(query)
    if "after" in parameters:
        rows = rows.filter(number__lt=parameters["after"])
    rows, limit = rows.order_by("-number"), parameters["limit"]
    sizes = list(rows.values_list("number", Bytes(text))[: limit + 1])
    totals = accumulate(size for _, size in sizes[:limit])
    numbers = [number for number, _ in sizes[: max(1, sum(total <= PAGE_BYTES for total in totals))]]
    following = next_url(path, query, numbers[-1]) if len(numbers) < len(sizes) else None
    return list(rows.filter(number__in=numbers)), following, link_header(following)
