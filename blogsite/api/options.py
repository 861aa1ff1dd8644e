"""What OPTIONS answers: the methods, in the header `Allow`. The schema tells the rest."""

from typing import Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request

from blogsite.api.renderers import OrjsonRenderer


class NothingButHeaders(BaseMetadata):
    def determine_metadata(self, request: Request, view: Any) -> None:
        request.accepted_renderer = OrjsonRenderer()  # which makes no body of nothing; a page's own would make a page
