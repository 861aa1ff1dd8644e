"""The current user, and a new address for them."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import examples
from accounts.api.base import OpenView
from accounts.api.leaving import LeavingMixin
from accounts.api.passwords import LinkTokenField
from accounts.api.serializers import AddressField, MessageSerializer, PasswordField, UserSerializer
from accounts.api.throttles import LoginThrottle, MailThrottle
from accounts.attempts import TooManyAttempts, confirm_password
from accounts.authentication import authenticated_user
from accounts.links import NOT_VALID, read_new_address_token
from accounts.mail.outbox import TOO_MANY_MAILS
from accounts.models import User
from accounts.new_addresses import CONFIRM_IT, ask_for_new_address, set_new_address
from accounts.registration import TAKEN, AddressTaken, is_taken

ALREADY_YOURS = "This is your address already."


class NewAddressSerializer(serializers.Serializer[Any]):
    email = AddressField()
    password = PasswordField(help_text="Your password, again.")


@extend_schema_serializer(examples=[examples.LINK_TOKEN])
class ConfirmAddressSerializer(serializers.Serializer[Any]):
    token = LinkTokenField()


class MeView(LeavingMixin):
    def get_throttles(self) -> list[Any]:
        throttles = {"PATCH": MailThrottle, "DELETE": LoginThrottle}
        return [throttles[self.request.method]()] if self.request.method in throttles else []

    @extend_schema(operation_id="me", summary="Current user", tags=["accounts"], responses={200: UserSerializer})
    def get(self, request: Request) -> Response:
        """The owner of the access token."""
        return Response(UserSerializer(authenticated_user(request)).data)

    @extend_schema(
        operation_id="change_address",
        summary="Change your address",
        tags=["accounts"],
        request=NewAddressSerializer,
        examples=[examples.NEW_ADDRESS, examples.message(CONFIRM_IT)],
        responses={
            202: MessageSerializer,
            429: OpenApiResponse(description=f"{TooManyAttempts.detail} {TOO_MANY_MAILS}"),
        },
    )
    def patch(self, request: Request) -> Response:
        """Sends a link to the new address and a notice to the present one. Nothing changes until the link is followed,
        which works for 24 hours and unless the password or the address changes before."""
        user = authenticated_user(request)
        body = self.validated(NewAddressSerializer).validated_data
        confirm_password(request, user, body["password"])
        address = body["email"]
        if address == user.email:
            raise serializers.ValidationError({"email": [ALREADY_YOURS]})
        if is_taken(address):
            raise serializers.ValidationError({"email": [TAKEN]})
        ask_for_new_address(user, address)
        return Response({"message": CONFIRM_IT}, status=status.HTTP_202_ACCEPTED)


class ConfirmAddressView(OpenView):
    throttle_classes = (LoginThrottle,)

    @extend_schema(
        operation_id="confirm_address",
        summary="Confirm a new address",
        tags=["accounts"],
        request=ConfirmAddressSerializer,
        responses={
            200: UserSerializer,
            400: OpenApiResponse(description=NOT_VALID),
            409: OpenApiResponse(description=AddressTaken.detail),
        },
    )
    def post(self, request: Request) -> Response:
        """Changes the address, with the token that ends the link in the mail to the new one. Sessions stay."""
        token = self.validated(ConfirmAddressSerializer).validated_data["token"]
        user, address = read_new_address_token(token)
        set_new_address(user, address)
        return Response(UserSerializer(User.objects.get(pk=user.pk)).data)
