"""What the export of a person has of the generations of their posts, and of what they have spent."""

from collections.abc import Iterator
from typing import Any

from rest_framework import serializers

from accounts.exports import in_pages, register_part
from accounts.models import User
from generation.api.serializers import GenerationSerializer
from generation.api.usage import DollarsField
from generation.budgets.accounts import account_of
from generation.models import Generation, Spending


class ExportedGenerationSerializer(GenerationSerializer):
    post_id = serializers.IntegerField()

    class Meta(GenerationSerializer.Meta):
        fields = ("post_id", *GenerationSerializer.Meta.fields)
        read_only_fields = fields


class ExportedSpendingSerializer(serializers.ModelSerializer[Spending]):
    cost = DollarsField(help_text="US dollars, at most.")

    class Meta:
        model = Spending
        fields = ("day", "model", "posts", "calls", "tokens", "cost", "uncertain")
        read_only_fields = fields
        extra_kwargs = {"uncertain": {"help_text": "Generations whose cost is an upper bound, or has no price."}}


def generations(user: User) -> Iterator[dict[str, Any]]:
    serializer = ExportedGenerationSerializer(context={"reader": user})
    rows = Generation.objects.filter(post__owner=user).select_related("revision").defer("steps", "revision__content")
    for generation in in_pages(rows):
        yield serializer.to_representation(generation)


def spending(user: User) -> Iterator[dict[str, Any]]:
    serializer = ExportedSpendingSerializer()
    for row in in_pages(Spending.objects.filter(account=account_of(user.pk))):
        yield serializer.to_representation(row)


register_part("generations", generations, ExportedGenerationSerializer)
register_part("spending", spending, ExportedSpendingSerializer)
