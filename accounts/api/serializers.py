"""Fields of accounts that several views share, and the current user's body."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.addresses import ADDRESS_MAX_LENGTH, canonical_address
from accounts.api import examples
from accounts.api.fields import StrictCharField
from accounts.models import User
from accounts.passwords import PASSWORD_MAX_LENGTH


class PasswordField(StrictCharField):
    def __init__(self, **kwargs: Any) -> None:
        style = {"input_type": "password"}
        super().__init__(write_only=True, trim_whitespace=False, max_length=PASSWORD_MAX_LENGTH, style=style, **kwargs)


class AddressField(serializers.EmailField):
    """An address in its canonical form, which can be longer than what was sent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=ADDRESS_MAX_LENGTH, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if len(data) > ADDRESS_MAX_LENGTH:  # as the schema counts: blanks included
            self.fail("max_length", max_length=ADDRESS_MAX_LENGTH)
        try:
            return canonical_address(str(super().to_internal_value(data)))
        except ValueError:
            self.fail("invalid")


class MessageSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()


@extend_schema_serializer(examples=[examples.ME])
class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "email", "is_staff", "is_approved", "verified_at", "date_joined")
        read_only_fields = fields
