"""Fields that take what the schema says and nothing that merely looks like it."""

from typing import Any

from rest_framework import serializers


class TextField(serializers.CharField):
    """A JSON string: no number is taken for its digits."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class TruthField(serializers.BooleanField):
    """JSON's true or false, neither 1 nor "yes"."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data
