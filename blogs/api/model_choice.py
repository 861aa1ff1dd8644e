"""The model that writes a post, in bodies: chosen from settings.MODELS, or null for the default."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from blogs.options import not_offered


class ModelField(serializers.Field[Any, Any, Any, Any]):
    """A model that is offered; null stands for the default."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if data not in settings.MODELS:
            raise serializers.ValidationError(not_offered())
        return data


class ModelFieldSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Lists what is offered; drf-spectacular finds it by itself."""

    target_class = ModelField

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {"oneOf": [{"const": model} for model in settings.MODELS]}  # null is added, as it is allowed


class ChosenModelField(serializers.CharField):
    """A model that was chosen, perhaps one that is offered no longer; null stands for the default."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value: str) -> str | None:  # type: ignore[override]
        return value or None


def model_in(body: dict[str, Any]) -> str | None:
    """Return the model that a body asks for, "" for the default, or None if it does not say."""
    return (body["model"] or "") if "model" in body else None
