"""`GET /me/export`: everything of a person."""

from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api import examples
from accounts.api.base import Private
from accounts.api.throttles import ExportThrottle
from accounts.authentication import authenticated_user
from accounts.exports import export, shapes
from accounts.models import User

FILE_NAME = "blogsite-export.json"
EXPORTED = (
    "Your account, posts (with briefs, options and texts), their revisions, their generations (with texts, "
    "warnings and costs), and what you have spent by day and model. A document without its last brace is incomplete: "
    "fetch it again."
)


class ExportedLoginSerializer(serializers.Serializer[Any]):
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class AccountSerializer(serializers.ModelSerializer[User]):
    groups = serializers.ListField(child=serializers.CharField())
    logins = ExportedLoginSerializer(many=True)

    class Meta:
        model = User
        fields = tuple(examples.EXPORT.value["account"])
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.EXPORT])
class ExportSerializer(serializers.Serializer[Any]):
    """The document, for the API schema."""

    account = AccountSerializer()

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {name: shape(many=True) for name, shape in shapes.items()}


class ExportView(Private):
    throttle_classes = (ExportThrottle,)

    @extend_schema(
        operation_id="export_me",
        summary="Export everything of the current user",
        tags=["accounts"],
        responses={200: OpenApiResponse(ExportSerializer, description=EXPORTED)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """One JSON document, as a file. What changes while it is written may be in it or not."""
        headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
        document = export(authenticated_user(request))
        return StreamingHttpResponse(document, content_type="application/json", headers=headers)
