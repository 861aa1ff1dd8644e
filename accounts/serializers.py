"""The bodies of registration, login, refresh and logout."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from rest_framework import serializers

from accounts.models import User

PASSWORD_MAX_LENGTH = 1024  # keeps the work of one login bounded; far beyond any passphrase
TAKEN = "This address is taken. Log in, or register another one."


class PasswordField(serializers.CharField):
    def __init__(self, **kwargs: Any) -> None:
        style = {"input_type": "password"}
        super().__init__(write_only=True, trim_whitespace=False, max_length=PASSWORD_MAX_LENGTH, style=style, **kwargs)


class RegistrationSerializer(serializers.Serializer[User]):
    email = serializers.EmailField(max_length=254)
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
        except IntegrityError as error:  # somebody else took the address between the check and the insert
            raise serializers.ValidationError({"email": [TAKEN]}) from error


class RegisteredSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    id = serializers.IntegerField()
    email = serializers.EmailField()


class LoginSerializer(serializers.Serializer[Any]):
    """`username` is what OAuth2 form clients call the address."""

    email = serializers.CharField(max_length=254, required=False)
    username = serializers.CharField(max_length=254, required=False)
    password = PasswordField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        email = attrs.get("email") or attrs.get("username")
        if not email:
            raise serializers.ValidationError({"email": ["This field is required."]})
        return {"email": email, "password": attrs["password"]}


class TokenPairSerializer(serializers.Serializer[Any]):
    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(choices=["bearer"])
    expires_in = serializers.IntegerField(help_text="Seconds until the access token ends.")
    refresh_token = serializers.CharField()


class RefreshTokenSerializer(serializers.Serializer[Any]):
    refresh_token = serializers.CharField()


class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "email", "is_staff", "date_joined")
        read_only_fields = fields
