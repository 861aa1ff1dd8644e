"""What the export of a person has of their posts."""

from collections.abc import Iterator
from typing import Any

from rest_framework import serializers

from accounts.exports import in_pages, register_part
from accounts.models import User
from blogs.api.base import shared_instance
from blogs.api.serializers import OwnPostSerializer, RevisionSerializer
from blogs.models import BlogPost, Release, Revision


class ExportedRevisionSerializer(RevisionSerializer):
    post_id = serializers.IntegerField()

    class Meta(RevisionSerializer.Meta):
        fields = ("post_id", *RevisionSerializer.Meta.fields)
        read_only_fields = fields


class ExportedReleaseSerializer(serializers.ModelSerializer[Release]):
    """Who decided that readers were to see a revision of the person's posts."""

    class Meta:
        model = Release
        fields = ("post_id", "revision", "by_id", "is_named", "moment", "released_at")
        read_only_fields = fields


def posts(user: User) -> Iterator[dict[str, Any]]:
    for post in in_pages(BlogPost.objects.of(user)):
        yield shared_instance(OwnPostSerializer).to_representation(post)


def revisions(user: User) -> Iterator[dict[str, Any]]:
    for revision in in_pages(Revision.objects.filter(post__owner=user)):
        yield shared_instance(ExportedRevisionSerializer).to_representation(revision)


def releases(user: User) -> Iterator[dict[str, Any]]:
    for release in in_pages(Release.objects.filter(post__owner=user)):
        yield shared_instance(ExportedReleaseSerializer).to_representation(release)


register_part("posts", posts, OwnPostSerializer)
register_part("revisions", revisions, ExportedRevisionSerializer)
register_part("releases", releases, ExportedReleaseSerializer)
