"""Answers to OPTIONS: the methods, in the header `Allow`. The schema describes the rest."""

from typing import Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request

from blogsite.api.renderers import OrjsonRenderer


class HeadersOnly(BaseMetadata):
    def determine_metadata(self, request: Request, view: Any) -> None:
        request.accepted_renderer = OrjsonRenderer()  # no body; the renderer of a page would make one
