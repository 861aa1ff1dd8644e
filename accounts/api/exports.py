"""`GET /me/export`: everything of a person."""

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api import examples
from accounts.api.throttles import ExportThrottle
from accounts.authentication import authenticated_user
from accounts.exports import export

FILE_NAME = "blogsite-export.json"
EXPORTED = (
    "Your account, posts (with briefs, options and texts), their revisions, and their generations (with texts, "
    "warnings and costs). A document without its last brace is incomplete: fetch it again."
)


class ExportView(APIView):
    throttle_classes = (ExportThrottle,)

    @extend_schema(
        operation_id="export_me",
        summary="Export everything of the current user",
        tags=["accounts"],
        responses={200: OpenApiResponse(OpenApiTypes.OBJECT, description=EXPORTED, examples=[examples.EXPORT])},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """One JSON document, as a file. What changes while it is written may be in it or not."""
        headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(
            export(authenticated_user(request)), content_type="application/json", headers=headers
        )
