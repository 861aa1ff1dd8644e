"""Pages by key, newest first: the last page costs what the first one does."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from blogs.models import BlogPost

ID_MAX = 2**63 - 1


class PageSerializer(serializers.Serializer[Any]):
    limit = serializers.IntegerField(min_value=1, max_value=100, default=20, help_text="Posts on a page.")
    after = serializers.IntegerField(
        min_value=0, max_value=ID_MAX, required=False, help_text="The last id of the page before."
    )


def page(request: Request, posts: QuerySet[BlogPost]) -> tuple[list[BlogPost], str | None]:
    """Return one page of `posts` and the path of the next page, or None on the last.

    Raises:
        ValidationError: `limit` or `after` is not a number in its range.
    """
    parameters = PageSerializer(data=request.query_params)
    parameters.is_valid(raise_exception=True)
    limit = parameters.validated_data["limit"]
    if (after := parameters.validated_data.get("after")) is not None:
        posts = posts.filter(id__lt=after)
    found = list(posts.order_by("-id")[: limit + 1])
    if len(found) <= limit:
        return found, None
    query = request.query_params.copy()
    query["after"] = str(found[limit - 1].pk)
    return found[:limit], f"{request.path}?{query.urlencode()}"
