"""Registration, login, refresh, logout and the current user."""

from typing import Any

from django.contrib.auth import authenticate
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from accounts.api.leaving import LeavingMixin
from accounts.api.serializers import (
    LoginSerializer,
    RefreshTokenSerializer,
    RegisteredSerializer,
    RegistrationSerializer,
    TokenPairSerializer,
    UserSerializer,
)
from accounts.api.throttles import LoginThrottle, RegisterThrottle
from accounts.authentication import authenticated_user
from accounts.models import User
from accounts.tokens import REFRESH_REFUSED, consume, rotate, token_pair

BAD_CREDENTIALS = "Incorrect e-mail address or password."


class OpenView(APIView):
    """Base of the views that need no token; one that is sent anyway is ignored."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def validated(self, serializer_class: Any) -> Any:
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer


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


class LoginView(OpenView):
    throttle_classes = (LoginThrottle,)
    parser_classes: Any = (*api_settings.DEFAULT_PARSER_CLASSES, FormParser, MultiPartParser)

    @extend_schema(
        operation_id="login",
        summary="Log in",
        tags=["accounts"],
        request=LoginSerializer,
        responses={200: TokenPairSerializer, 401: OpenApiResponse(description=BAD_CREDENTIALS)},
    )
    def post(self, request: Request) -> Response:
        """Accepts JSON or a form; OAuth2 clients may send the address as `username`."""
        credentials = self.validated(LoginSerializer).validated_data
        user = authenticate(request, **credentials)
        if not isinstance(user, User):
            raise AuthenticationFailed(BAD_CREDENTIALS)
        return Response(token_pair(user))


class RefreshView(OpenView):
    @extend_schema(
        operation_id="refresh",
        summary="Refresh tokens",
        tags=["accounts"],
        request=RefreshTokenSerializer,
        responses={200: TokenPairSerializer, 401: OpenApiResponse(description=REFRESH_REFUSED)},
    )
    def post(self, request: Request) -> Response:
        """Exchanges a refresh token for a new pair of tokens. Each refresh token works once."""
        return Response(rotate(self.validated(RefreshTokenSerializer).validated_data["refresh_token"]))


class LogoutView(OpenView):
    @extend_schema(
        operation_id="logout",
        summary="Log out",
        tags=["accounts"],
        request=RefreshTokenSerializer,
        responses={
            204: OpenApiResponse(description="The refresh token was revoked."),
            401: OpenApiResponse(description=REFRESH_REFUSED),
        },
    )
    def post(self, request: Request) -> Response:
        """Revokes the refresh token. Access tokens stay valid until they expire."""
        consume(self.validated(RefreshTokenSerializer).validated_data["refresh_token"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(LeavingMixin, APIView):
    @extend_schema(operation_id="me", summary="Current user", tags=["accounts"], responses={200: UserSerializer})
    def get(self, request: Request) -> Response:
        """The owner of the access token."""
        return Response(UserSerializer(authenticated_user(request)).data)
