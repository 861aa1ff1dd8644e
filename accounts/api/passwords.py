"""A new password over the API: changed with the old one, or reset by a link in a mail."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import examples
from accounts.api.base import OpenView, Private
from accounts.api.fields import StrictCharField
from accounts.api.login import TokenPairSerializer
from accounts.api.serializers import AddressField, MessageSerializer, PasswordField
from accounts.api.throttles import LoginThrottle, MailThrottle
from accounts.attempts import TooManyAttempts, WrongPassword, confirm_password, recognise
from accounts.authentication import authenticated_user
from accounts.links import NOT_VALID, TOKEN_MAX_LENGTH, read_password_reset_token
from accounts.models import User
from accounts.new_passwords import MAIL_SENT, ask_for_reset, change_password, reset_password
from accounts.tokens import token_pair


@extend_schema_field({"type": "string", "maxLength": TOKEN_MAX_LENGTH, "pattern": "^[!-~]+$"})
class LinkTokenField(StrictCharField):
    """The token at the end of a link in a mail."""

    def __init__(self, **kwargs: Any) -> None:
        shown = "What the link in the mail ends with, or the whole link."
        super().__init__(max_length=TOKEN_MAX_LENGTH, help_text=shown, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        return str(super().to_internal_value(data)).rpartition("/")[2]


@extend_schema_serializer(examples=[examples.CHANGE_PASSWORD])
class ChangePasswordSerializer(serializers.Serializer[Any]):
    current_password = PasswordField()
    password = PasswordField(help_text="The new one.")


class ForgottenPasswordSerializer(serializers.Serializer[Any]):
    email = AddressField()


@extend_schema_serializer(examples=[examples.RESET])
class ResetPasswordSerializer(serializers.Serializer[Any]):
    token = LinkTokenField()
    password = PasswordField(help_text="The new one.")


def good_password(password: str, user: User) -> str:
    """Return the new password of a user.

    Raises:
        ValidationError: it is too weak.
    """
    try:
        validate_password(password, user)
    except DjangoValidationError as error:
        raise serializers.ValidationError({"password": error.messages}) from error
    return password


class ChangeView(Private):
    throttle_classes = (LoginThrottle,)

    @extend_schema(
        operation_id="change_password",
        summary="Change your password",
        tags=["accounts"],
        request=ChangePasswordSerializer,
        responses={200: TokenPairSerializer, 429: OpenApiResponse(description=TooManyAttempts.detail)},
    )
    def post(self, request: Request) -> Response:
        """Ends all other tokens and sessions, and answers with new tokens."""
        user = authenticated_user(request)
        body = self.validated(ChangePasswordSerializer).validated_data
        try:
            confirm_password(request, user, body["current_password"])
            change_password(user, good_password(body["password"], user))
        except WrongPassword as error:
            raise serializers.ValidationError({"current_password": [str(error)]}) from error
        return Response(token_pair(user))


class ResetView(OpenView):
    throttle_classes = (MailThrottle,)

    @extend_schema(
        operation_id="reset_password",
        summary="Ask for a new password",
        tags=["accounts"],
        request=ForgottenPasswordSerializer,
        examples=[examples.FORGOTTEN, examples.message(MAIL_SENT)],
        responses={202: MessageSerializer},
    )
    def post(self, request: Request) -> Response:
        """Sends a link if the address has an account; the answer is the same if it has none."""
        ask_for_reset(self.validated(ForgottenPasswordSerializer).validated_data["email"])
        return Response({"message": MAIL_SENT}, status=status.HTTP_202_ACCEPTED)


class ConfirmResetView(OpenView):
    throttle_classes = (LoginThrottle,)

    @extend_schema(
        operation_id="confirm_password_reset",
        summary="Set a new password",
        tags=["accounts"],
        request=ResetPasswordSerializer,
        responses={
            204: OpenApiResponse(description="The password was set, and all sessions have ended."),
            400: OpenApiResponse(description=NOT_VALID),
        },
    )
    def post(self, request: Request) -> Response:
        """Takes the token that ends the link in the mail. It works once, for one hour."""
        data = self.validated(ResetPasswordSerializer).validated_data
        user = read_password_reset_token(data["token"])
        reset_password(user, good_password(data["password"], user))
        recognise(request, user.email)
        return Response(status=status.HTTP_204_NO_CONTENT)
