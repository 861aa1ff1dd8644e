"""Request and response bodies of registration, login, refresh and logout."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api import examples
from accounts.api.fields import StrictCharField
from accounts.models import User
from accounts.passwords import PASSWORD_MAX_LENGTH

EMAIL_MAX_LENGTH = 254
TAKEN = "This address is taken. Log in, or register another one."


class PasswordField(StrictCharField):
    def __init__(self, **kwargs: Any) -> None:
        style = {"input_type": "password"}
        super().__init__(write_only=True, trim_whitespace=False, max_length=PASSWORD_MAX_LENGTH, style=style, **kwargs)


class AddressField(serializers.EmailField):
    """An address in lower case, which can be longer than what was sent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=EMAIL_MAX_LENGTH, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        address = str(super().to_internal_value(data)).lower()
        if len(address) > EMAIL_MAX_LENGTH:
            self.fail("max_length", max_length=EMAIL_MAX_LENGTH)
        return address


@extend_schema_serializer(examples=[examples.CREDENTIALS])
class RegistrationSerializer(serializers.Serializer[User]):
    email = AddressField()
    password = PasswordField()

    def validate_email(self, email: str) -> str:
        if User.objects.filter(email=email).exists():
            raise serializers.ValidationError(TAKEN)
        return email

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            validate_password(attrs["password"], User(email=attrs["email"]))
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from error
        return attrs

    def create(self, validated_data: dict[str, Any]) -> User:
        try:
            with transaction.atomic():
                return User.objects.create_user(**validated_data)
        except IntegrityError as error:  # the address was registered between the check and the insert
            raise serializers.ValidationError({"email": [TAKEN]}) from error


@extend_schema_serializer(examples=[examples.REGISTERED])
class RegisteredSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    id = serializers.IntegerField()
    email = serializers.EmailField()


@extend_schema_serializer(examples=[examples.CREDENTIALS, *examples.FORMS])
class LoginSerializer(serializers.Serializer[Any]):
    """`username` is the name that OAuth2 form clients use for the address."""

    email = StrictCharField(max_length=EMAIL_MAX_LENGTH, required=False, allow_blank=True)
    username = StrictCharField(max_length=EMAIL_MAX_LENGTH, required=False, allow_blank=True)
    password = PasswordField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        email = attrs.get("email") or attrs.get("username")
        if not email:
            raise serializers.ValidationError({"email": ["This field is required."]})
        return {"email": email, "password": attrs["password"]}


@extend_schema_serializer(examples=[examples.TOKENS])
class TokenPairSerializer(serializers.Serializer[Any]):
    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(choices=["bearer"])
    expires_in = serializers.IntegerField(help_text="Seconds until the access token expires.")
    refresh_token = serializers.CharField()


@extend_schema_field({"type": "string", "pattern": "^[!-~]+$"})
class IssuedTokenField(StrictCharField):
    """A token that we issued: printable ASCII."""


@extend_schema_serializer(examples=[examples.REFRESH])
class RefreshTokenSerializer(serializers.Serializer[Any]):
    refresh_token = IssuedTokenField()
