"""`DELETE /me`: a person leaves."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import examples
from accounts.api.base import Private
from accounts.api.serializers import PasswordField
from accounts.attempts import TooManyAttempts, confirm_password
from accounts.authentication import authenticated_user
from accounts.leaving import LastSuperuser, delete_users
from accounts.signals import Belongings

KEEP, DELETE = "keep", "delete"
CHOOSE = f"Say what becomes of your posts: `{KEEP}` them as nobody's, or `{DELETE}` them."


@extend_schema_serializer(examples=[examples.LEAVE])
class LeavingSerializer(serializers.Serializer[Any]):
    password = PasswordField(help_text="Yours, again.")
    posts = serializers.ChoiceField(
        choices=[(KEEP, "They stay public, as nobody's."), (DELETE, "They are deleted with all their revisions.")],
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE, "null": CHOOSE},
    )


class LeavingMixin(Private):
    """Adds `DELETE` to the view of the current user."""

    @extend_schema(
        operation_id="delete_me",
        summary="Delete the current user",
        tags=["accounts"],
        request=LeavingSerializer,
        responses={
            204: OpenApiResponse(description="The account is gone, and all its tokens are revoked."),
            409: OpenApiResponse(description=LastSuperuser.detail),
            429: OpenApiResponse(description=TooManyAttempts.detail),
        },
    )
    def delete(self, request: Request) -> Response:
        """Unfinished generations of your posts are cancelled. This cannot be undone: export first what you need."""
        body = self.validated(LeavingSerializer).validated_data
        user = authenticated_user(request)
        confirm_password(request, user, body["password"])
        delete_users([user.pk], Belongings(keep=body["posts"] == KEEP))
        return Response(status=status.HTTP_204_NO_CONTENT)
