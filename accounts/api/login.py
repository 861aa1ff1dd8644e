"""Login, refresh and logout."""

from typing import Any

from django.contrib.auth import authenticate
from django.db import IntegrityError
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from accounts.addresses import ADDRESS_MAX_LENGTH
from accounts.api import examples
from accounts.api.base import OpenView, Private
from accounts.api.fields import StrictCharField
from accounts.api.serializers import PasswordField
from accounts.api.throttles import LoginThrottle
from accounts.attempts import TooManyAttempts
from accounts.authentication import authenticated_user
from accounts.models import User
from accounts.tokens import REFRESH_REFUSED, log_out, rotate, token_pair

BAD_CREDENTIALS = "Incorrect e-mail address or password."


@extend_schema_serializer(examples=[examples.CREDENTIALS, *examples.FORMS])
class LoginSerializer(serializers.Serializer[Any]):
    """`username` is the name that OAuth2 form clients use for the address."""

    email = StrictCharField(max_length=ADDRESS_MAX_LENGTH, required=False, allow_blank=True)
    username = StrictCharField(max_length=ADDRESS_MAX_LENGTH, required=False, allow_blank=True)
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


class LoginView(OpenView):
    throttle_classes = (LoginThrottle,)
    parser_classes: Any = (*api_settings.DEFAULT_PARSER_CLASSES, FormParser, MultiPartParser)

    @extend_schema(
        operation_id="login",
        summary="Log in",
        tags=["accounts"],
        request=LoginSerializer,
        responses={
            200: TokenPairSerializer,
            401: OpenApiResponse(description=BAD_CREDENTIALS),
            429: OpenApiResponse(description=TooManyAttempts.detail),
        },
    )
    def post(self, request: Request) -> Response:
        """Accepts JSON or a form; OAuth2 clients may send the address as `username`.

        After some wrong passwords the next attempt has to wait, at most a minute; `Retry-After` says how long.
        """
        credentials = self.validated(LoginSerializer).validated_data
        user = authenticate(request, **credentials)
        if not isinstance(user, User):
            raise AuthenticationFailed(BAD_CREDENTIALS)
        try:
            return Response(token_pair(user))
        except IntegrityError as error:  # the account was deleted while the password was checked
            raise AuthenticationFailed(BAD_CREDENTIALS) from error


class RefreshView(OpenView):
    @extend_schema(
        operation_id="refresh",
        summary="Refresh tokens",
        tags=["accounts"],
        request=RefreshTokenSerializer,
        responses={200: TokenPairSerializer, 401: OpenApiResponse(description=REFRESH_REFUSED)},
    )
    def post(self, request: Request) -> Response:
        """Exchanges a refresh token for a new pair of tokens.

        Each refresh token works once and for 14 days; using one a second time revokes all that followed from the same
        login. 30 days after the login you have to log in again.
        """
        return Response(rotate(self.validated(RefreshTokenSerializer).validated_data["refresh_token"]))


class LogoutView(OpenView):
    @extend_schema(
        operation_id="logout",
        summary="Log out",
        tags=["accounts"],
        request=RefreshTokenSerializer,
        responses={
            204: OpenApiResponse(description="The login has ended, now or before."),
            401: OpenApiResponse(description=REFRESH_REFUSED),
        },
    )
    def post(self, request: Request) -> Response:
        """Revokes the refresh tokens of this login. Its access tokens stay valid until they expire.

        A refresh token that was used, has expired or was revoked is as good.
        """
        log_out(self.validated(RefreshTokenSerializer).validated_data["refresh_token"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class LogoutEverywhereView(Private):
    @extend_schema(
        operation_id="logout_everywhere",
        summary="Log out everywhere",
        tags=["accounts"],
        request=None,
        responses={204: OpenApiResponse(description="Every login of yours has ended.")},
    )
    def post(self, request: Request) -> Response:
        """Revokes all your tokens, this access token too, and ends your sessions in the admin."""
        authenticated_user(request).log_out_everywhere()
        return Response(status=status.HTTP_204_NO_CONTENT)
