"""Where static files are: below the path under which the request reached us."""

from django.contrib.staticfiles.storage import StaticFilesStorage
from django.urls import get_script_prefix


class PrefixedStorage(StaticFilesStorage):
    """Django's own takes the first request's path for all, and none of a server that starts without any."""

    @property
    def base_url(self) -> str:
        return f"{get_script_prefix()}static/"
