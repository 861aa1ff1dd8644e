"""What the export of a person has of the generations of their posts."""

from collections.abc import Iterator
from typing import Any

from accounts.exports import in_pages, register_part
from accounts.models import User
from generation.api.serializers import GenerationSerializer
from generation.models import Generation


def generations(user: User) -> Iterator[dict[str, Any]]:
    serializer = GenerationSerializer(context={"reader": user})
    rows = Generation.objects.filter(post__owner=user).select_related("revision").defer("steps", "revision__content")
    for generation in in_pages(rows):
        yield {"post_id": generation.post_id} | serializer.to_representation(generation)


register_part("generations", generations)
