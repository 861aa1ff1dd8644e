"""ETags of posts, and the conditional requests that name them: If-None-Match, If-Match."""

import re

from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from blogs.models import BlogPost

TAG = re.compile(r'(?:W/)?"[^"]*"')
# Exactly as `etag` writes it: a tag with leading zeros is not ours.
OURS = re.compile(r'(?:W/)?"([1-9][0-9]{0,18})-(0|[1-9][0-9]{0,17})(?:-public)?"')
NO_VERSION = -1


class PreconditionFailed(APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "The post has changed since you read it. Read it again, then repeat your change."


def etag(pk: int, version: int) -> str:
    """Return the strong tag of one version of a post."""
    return f'"{pk}-{version}"'


def public_etag(pk: int, version: int, *, shows_newest: bool) -> str:
    """Return the tag of what readers see: another one than the draft's if that has another text."""
    return etag(pk, version) if shows_newest else f'"{pk}-{version}-public"'


def known_version(if_none_match: str, pk: int) -> int:
    """Return the version of post `pk` that the header names, or NO_VERSION unless it names exactly one."""
    found = OURS.fullmatch(if_none_match.strip())
    return int(found[2]) if found and int(found[1]) == pk else NO_VERSION


def matches(header: str, tag: str) -> bool:
    """Return whether If-None-Match or If-Match names the tag, weakened or not.

    A proxy that compresses an answer makes its tag weak, as nginx does; it still stands for one version of the post.
    """
    return header == tag or header.strip() == "*" or tag in (found.removeprefix("W/") for found in TAG.findall(header))


def check_if_match(request: Request, post: BlogPost) -> None:
    """Reject a change that is meant for another version. The row must be locked.

    Raises:
        PreconditionFailed: If-Match is given and does not name the post's current tag.
    """
    if names_version(request) and not matches(request.headers["If-Match"], etag(post.pk, post.version)):
        raise PreconditionFailed


def names_version(request: Request) -> bool:
    """Whether the request says by If-Match which version of the post it means."""
    return request.headers.get("If-Match", "*").strip() != "*"
