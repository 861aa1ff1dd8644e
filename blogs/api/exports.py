"""What the export of a person has of their posts."""

from collections.abc import Iterator
from typing import Any

from rest_framework import serializers

from accounts.exports import in_pages, register_part
from accounts.models import User
from blogs.api.base import shared_instance
from blogs.api.serializers import OwnPostSerializer, RevisionSerializer
from blogs.models import BlogPost, Revision


class ExportedRevisionSerializer(RevisionSerializer):
    post_id = serializers.IntegerField()

    class Meta(RevisionSerializer.Meta):
        fields = ("post_id", *RevisionSerializer.Meta.fields)
        read_only_fields = fields


def posts(user: User) -> Iterator[dict[str, Any]]:
    for post in in_pages(BlogPost.objects.of(user)):
        yield shared_instance(OwnPostSerializer).to_representation(post)


def revisions(user: User) -> Iterator[dict[str, Any]]:
    for revision in in_pages(Revision.objects.filter(post__owner=user)):
        yield shared_instance(ExportedRevisionSerializer).to_representation(revision)


register_part("posts", posts, OwnPostSerializer)
register_part("revisions", revisions, ExportedRevisionSerializer)
