"""What the export of a person has of their posts."""

from collections.abc import Iterator
from typing import Any

from accounts.exports import in_pages, register_part
from accounts.models import User
from blogs.api.base import shared_instance
from blogs.api.serializers import OwnPostSerializer, RevisionSerializer
from blogs.models import BlogPost, Revision


def posts(user: User) -> Iterator[dict[str, Any]]:
    for post in in_pages(BlogPost.objects.of(user)):
        yield shared_instance(OwnPostSerializer).to_representation(post)


def revisions(user: User) -> Iterator[dict[str, Any]]:
    for revision in in_pages(Revision.objects.filter(post__owner=user)):
        yield {"post_id": revision.post_id} | shared_instance(RevisionSerializer).to_representation(revision)


register_part("posts", posts)
register_part("revisions", revisions)
