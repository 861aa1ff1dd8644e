"""Registration over HTTP: open to anybody, by invitation, with an approval to follow, or closed."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import examples
from accounts.api.base import OpenView
from accounts.api.fields import StrictCharField
from accounts.api.serializers import AddressField, PasswordField
from accounts.api.throttles import RegisterThrottle
from accounts.models import User
from accounts.registration import (
    TAKEN,
    AddressTaken,
    InvitationNotValid,
    InvitationRequired,
    RegistrationClosed,
    check_invitation,
    is_taken,
    register,
    require_open_registration,
)
from accounts.verification import needs_verification

INVITATION_MAX_LENGTH = 1000
REGISTERED = "User registered successfully."
VERIFY_NEXT = " Follow the link in the mail to your address before you request posts."
APPROVAL_NEXT = " You may request posts once an administrator has approved your account."


@extend_schema_serializer(examples=[examples.CREDENTIALS, examples.INVITED])
class RegistrationSerializer(serializers.Serializer[User]):
    email = AddressField()
    password = PasswordField()
    invitation = StrictCharField(
        required=False,
        max_length=INVITATION_MAX_LENGTH,
        help_text="The token at the end of an invitation's link, or the whole link; required by some sites.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_invitation(attrs.get("invitation", ""), attrs["email"])  # before anything is said about the address
        if is_taken(attrs["email"]):
            raise serializers.ValidationError({"email": [TAKEN]})
        try:
            validate_password(attrs["password"], User(email=attrs["email"]))
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from error
        return attrs

    def create(self, validated_data: dict[str, Any]) -> User:
        """Register; the rules are checked again, where nobody comes between."""
        email, password = validated_data["email"], validated_data["password"]
        try:
            return register(email, password, validated_data.get("invitation", ""))
        except AddressTaken as error:
            raise serializers.ValidationError({"email": [str(error)]}) from error


@extend_schema_serializer(examples=[examples.REGISTERED])
class RegisteredSerializer(serializers.Serializer[Any]):
    message = serializers.CharField(help_text="With what to do next, if there is something.")
    id = serializers.IntegerField()
    email = serializers.EmailField()


REFUSED = " ".join(kind.detail for kind in (RegistrationClosed, InvitationRequired, InvitationNotValid))


class RegisterView(OpenView):
    throttle_classes = (RegisterThrottle,)

    @extend_schema(
        operation_id="register",
        summary="Register",
        tags=["accounts"],
        request=RegistrationSerializer,
        responses={201: RegisteredSerializer, 403: OpenApiResponse(description=REFUSED)},
    )
    def post(self, request: Request) -> Response:
        """Creates an account. An address counts as one in any spelling: capitals, Unicode forms, punycode.

        Sites differ: registration may be open, need an invitation or an administrator's approval, or be closed.
        """
        require_open_registration()
        user: User = self.validated(RegistrationSerializer).save()
        answer = {"message": message_for(user), "id": user.pk, "email": user.email}
        return Response(answer, status=status.HTTP_201_CREATED)


def message_for(user: User) -> str:
    return REGISTERED + needs_verification(user) * VERIFY_NEXT + (not user.is_approved) * APPROVAL_NEXT
