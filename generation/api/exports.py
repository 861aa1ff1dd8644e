"""What the export of a person has of the generations of their posts."""

from collections.abc import Iterator
from typing import Any

from rest_framework import serializers

from accounts.exports import in_pages, register_part
from accounts.models import User
from generation.api.serializers import GenerationSerializer
from generation.models import Generation


class ExportedGenerationSerializer(GenerationSerializer):
    post_id = serializers.IntegerField()

    class Meta(GenerationSerializer.Meta):
        fields = ("post_id", *GenerationSerializer.Meta.fields)
        read_only_fields = fields


def generations(user: User) -> Iterator[dict[str, Any]]:
    serializer = ExportedGenerationSerializer(context={"reader": user})
    rows = Generation.objects.filter(post__owner=user).select_related("revision").defer("steps", "revision__content")
    for generation in in_pages(rows):
        yield serializer.to_representation(generation)


register_part("generations", generations, ExportedGenerationSerializer)
