"""Bases of the views on accounts."""

from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

NO_STORE = "no-store"


class Private(APIView):
    """Base of the views whose answers hold tokens or are about one person: no cache may keep them (RFC 6749, 5.1)."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Any:
        response.headers["Cache-Control"] = NO_STORE
        return super().finalize_response(request, response, *args, **kwargs)

    def validated(self, serializer_class: Any) -> Any:
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer


class OpenView(Private):
    """Base of the views that need no token; one that is sent anyway is ignored."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
