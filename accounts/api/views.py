"""Registration and the current user."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import OpenView, Private
from accounts.api.serializers import RegisteredSerializer, RegistrationSerializer, UserSerializer
from accounts.api.throttles import RegisterThrottle
from accounts.authentication import authenticated_user
from accounts.models import User


class RegisterView(OpenView):
    throttle_classes = (RegisterThrottle,)

    @extend_schema(
        operation_id="register",
        summary="Register",
        tags=["accounts"],
        request=RegistrationSerializer,
        responses={201: RegisteredSerializer},
    )
    def post(self, request: Request) -> Response:
        """Creates an account. E-mail addresses are case-insensitive."""
        user: User = self.validated(RegistrationSerializer).save()
        answer = {"message": "User registered successfully.", "id": user.pk, "email": user.email}
        return Response(answer, status=status.HTTP_201_CREATED)


class MeView(Private):
    @extend_schema(operation_id="me", summary="Current user", tags=["accounts"], responses={200: UserSerializer})
    def get(self, request: Request) -> Response:
        """The owner of the access token."""
        return Response(UserSerializer(authenticated_user(request)).data)
