"""Registration, login, refresh, logout and the user who is asking."""

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

from accounts.authentication import person
from accounts.models import User
from accounts.serializers import (
    LoginSerializer,
    RefreshTokenSerializer,
    RegisteredSerializer,
    RegistrationSerializer,
    TokenPairSerializer,
    UserSerializer,
)
from accounts.throttles import LoginThrottle, RegisterThrottle
from accounts.tokens import rotate, spend, token_pair


class OpenView(APIView):
    """For people who have no token yet; one that they send all the same is not looked at."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def valid(self, serializer_class: Any) -> Any:
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer


class RegisterView(OpenView):
    throttle_classes = (RegisterThrottle,)

    @extend_schema(
        operation_id="register",
        summary="Make an account",
        tags=["accounts"],
        request=RegistrationSerializer,
        responses={201: RegisteredSerializer},
    )
    def post(self, request: Request) -> Response:
        """An address belongs to one account, whatever its capitals."""
        user: User = self.valid(RegistrationSerializer).save()
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
        responses={200: TokenPairSerializer},
    )
    def post(self, request: Request) -> Response:
        """Send the address and password as JSON or as a form; OAuth2 clients may call the address `username`."""
        credentials = self.valid(LoginSerializer).validated_data
        user = authenticate(request, **credentials)
        if not isinstance(user, User):
            raise AuthenticationFailed("Incorrect e-mail address or password.")
        return Response(token_pair(user))


class RefreshView(OpenView):
    @extend_schema(
        operation_id="refresh",
        summary="Get new tokens",
        tags=["accounts"],
        request=RefreshTokenSerializer,
        responses={200: TokenPairSerializer},
    )
    def post(self, request: Request) -> Response:
        """A refresh token is good for one pair of tokens and ends with it."""
        return Response(rotate(self.valid(RefreshTokenSerializer).validated_data["refresh_token"]))


class LogoutView(OpenView):
    @extend_schema(
        operation_id="logout",
        summary="End a refresh token",
        tags=["accounts"],
        request=RefreshTokenSerializer,
        responses={204: OpenApiResponse(description="The refresh token has ended.")},
    )
    def post(self, request: Request) -> Response:
        """Access tokens that were given out run until they expire."""
        spend(self.valid(RefreshTokenSerializer).validated_data["refresh_token"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(APIView):
    @extend_schema(operation_id="me", summary="Who am I?", tags=["accounts"], responses={200: UserSerializer})
    def get(self, request: Request) -> Response:
        """The user of the access token."""
        return Response(UserSerializer(person(request)).data)
