"""Verification of an address over HTTP."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import examples
from accounts.api.base import Private
from accounts.api.fields import StrictCharField
from accounts.api.serializers import MessageSerializer
from accounts.api.throttles import LoginThrottle, MailThrottle
from accounts.authentication import authenticated_user
from accounts.verification import AlreadySent, VerificationNotValid, needs_verification, resend_verification, verify

TOKEN_MAX_LENGTH = 1000
VERIFIED = "Your address is verified."
NOT_NEEDED = "Your address need not be verified."
SENT = "A mail with a link is on its way to your address."


class VerificationSerializer(serializers.Serializer[Any]):
    token = StrictCharField(
        max_length=TOKEN_MAX_LENGTH, help_text="The token at the end of the mail's link, or the whole link."
    )


class VerifyView(Private):
    throttle_classes = (LoginThrottle,)

    @extend_schema(
        operation_id="verify",
        summary="Verify your address",
        tags=["accounts"],
        request=VerificationSerializer,
        examples=[examples.VERIFICATION, examples.message(VERIFIED, 200)],
        responses={200: MessageSerializer, 403: OpenApiResponse(description=VerificationNotValid.detail)},
    )
    def post(self, request: Request) -> Response:
        """Takes the token of the link that was sent to your address. It must be for your account."""
        body = self.validated(VerificationSerializer).validated_data
        verify(authenticated_user(request), body["token"])
        return Response({"message": VERIFIED})


class ResendView(Private):
    throttle_classes = (MailThrottle,)

    @extend_schema(
        operation_id="resend_verification",
        summary="Request another mail to verify your address",
        tags=["accounts"],
        request=None,
        examples=[examples.message(NOT_NEEDED, 200), examples.message(SENT)],
        responses={
            200: OpenApiResponse(MessageSerializer, description=NOT_NEEDED),
            202: OpenApiResponse(MessageSerializer, description=SENT),
            429: OpenApiResponse(description=AlreadySent.detail),
        },
    )
    def post(self, request: Request) -> Response:
        """At most one mail in ten minutes."""
        user = authenticated_user(request)
        if not needs_verification(user):
            return Response({"message": NOT_NEEDED})
        resend_verification(user)
        return Response({"message": SENT}, status=status.HTTP_202_ACCEPTED)
