"""The current user."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import Private
from accounts.api.serializers import UserSerializer
from accounts.authentication import authenticated_user


class MeView(Private):
    @extend_schema(operation_id="me", summary="Current user", tags=["accounts"], responses={200: UserSerializer})
    def get(self, request: Request) -> Response:
        """The owner of the access token."""
        return Response(UserSerializer(authenticated_user(request)).data)
