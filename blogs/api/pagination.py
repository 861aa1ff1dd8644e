"""Keyset pagination, newest first: the last page costs as little as the first."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from blogs.api.serializers import PostSerializer
from blogs.models import ID_MAX, TITLE_MAX_LENGTH, Status

ME = "me"
Row = TypeVar("Row")
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
    limit = serializers.IntegerField(min_value=1, max_value=100, default=20, help_text="Number of items on a page.")
    after = serializers.IntegerField(
        min_value=0, max_value=ID_MAX, required=False, help_text="The last id or number of the previous page."
    )


class PostsPageSerializer(PageSerializer):
    owner = OwnerField(required=False, help_text="Only this user's posts: an id, or `me`.")
    status = serializers.ChoiceField(choices=Status.choices, required=False, help_text="Only posts with this status.")
    title = TitlePartField(
        required=False,
        max_length=TITLE_MAX_LENGTH,
        trim_whitespace=False,
        help_text="Only posts whose title contains this text, in any case.",
    )
    fields_ = NamesField(required=False, help_text="Comma-separated fields to return; `id,title` omits the texts.")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")  # a serializer's own attribute has this name
        return fields


@cache
def known_fields(parameters: type[PageSerializer]) -> Mapping[str, Any]:
    return dict(parameters().fields)


def page_parameters(query: QueryDict, parameters: type[PageSerializer] = PageSerializer) -> dict[str, Any]:
    """Return the validated parameters of a list; unknown ones are ignored.

    Raises:
        ValidationError: a parameter has an invalid value.
    """
    found, errors = {"limit": 20}, {}
    for name, field in known_fields(parameters).items():
        if name in query:
            try:
                found[name] = field.run_validation(query[name])
            except serializers.ValidationError as error:
                errors[name] = error.detail
    if errors:
        raise serializers.ValidationError(errors)
    return found


def split_page(rows: list[Row], limit: int) -> tuple[list[Row], bool]:
    """Return the rows of one page, and whether more follow: then `rows` has one more than `limit`."""
    return rows[:limit], len(rows) > limit


def next_url(path: str, query: QueryDict, after: int) -> str:
    following = query.copy()
    following["after"] = str(after)
    return f"{path}?{following.urlencode()}"


def link_header(following: str | None) -> dict[str, str]:
    """Return the `Link` header to the next page (RFC 8288), if there is one."""
    return {"Link": f'<{following}>; rel="next"'} if following else {}


def page_by_number(
    path: str, query: QueryDict, rows: QuerySet[AnyModel]
) -> tuple[list[AnyModel], str | None, dict[str, str]]:
    """Return a page of rows with a `number`, newest first, the URL of the next page, and headers.

    Raises:
        ValidationError: `limit` or `after` is not a number in its range.
    """
    parameters = page_parameters(query)
    if "after" in parameters:
        rows = rows.filter(number__lt=parameters["after"])
    found, more = split_page(list(rows.order_by("-number")[: parameters["limit"] + 1]), parameters["limit"])
    following = next_url(path, query, found[-1].number) if more else None  # type: ignore[attr-defined]
    return found, following, link_header(following)
