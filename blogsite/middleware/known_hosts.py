"""Rejects requests that are addressed to another host, but not those of monitoring: it asks by IP address."""

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware

from blogsite.conf.https import HEALTH


class KnownHosts(CommonMiddleware):
    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        """Compare the Host header with ALLOWED_HOSTS.

        Raises:
            DisallowedHost.
        """
        return None if request.path_info in HEALTH else super().process_request(request)
