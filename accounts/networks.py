"""Networks: who counts as one client. An IPv6 customer has 2^64 addresses, an IPv4 one has one."""

import ipaddress
import logging
import re
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import RequestCount

logger = logging.getLogger(__name__)

HEADER = "HTTP_X_FORWARDED_FOR"
UNKNOWN = "unknown"  # of a Unix socket, for example
LONGEST = 64  # characters of an address with its port and zone
WITH_PORT = re.compile(r"\[(?P<v6>[^\]]+)\](?::\d+)?|(?P<v4>[\d.]+):\d+")
IGNORED = (
    "X-Forwarded-For arrives while TRUSTED_PROXIES is 0, so it is ignored. If a proxy of yours sends it, set "
    "TRUSTED_PROXIES to the number of proxies: all clients count as one network until then."
)
SEEN = "ignored-x-forwarded-for"  # the key of the row that says so
SEEN_FOR, EVERY = timedelta(days=1), 3600  # how long that row holds; seconds between two lines of a process


def network_of(request: HttpRequest) -> str:
    """Return the network that a request comes from: an IPv4 address, or the /64 of an IPv6 one.

    X-Forwarded-For is believed as far as TRUSTED_PROXIES have written it; what is no address there counts as the
    address of the proxy that it came from.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.META.get(HEADER, ""))
    proxies: int = settings.REST_FRAMEWORK["NUM_PROXIES"]
    if forwarded and proxies:
        hops = forwarded.rsplit(",", proxies)  # as many as are needed, of however many there are
        return network(hops[-min(proxies, len(hops))]) or network(peer) or UNKNOWN
    if forwarded:
        note_ignored_header()
    return network(peer) or UNKNOWN


def network(text: str) -> str:
    """Return the network of an address with or without port, brackets and zone; empty if it is none."""
    text = text.strip(' "')
    if len(text) > LONGEST:
        return ""
    if found := WITH_PORT.fullmatch(text):
        text = found["v6"] or found["v4"]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.IPv6Network((address, 64), strict=False))
    return str(address)


def note_ignored_header() -> None:
    """Log it and leave a row for `manage.py doctor`, once a process and hour."""
    if cache.add(SEEN, True, EVERY):
        logger.warning(IGNORED)
        ends_at = timezone.now() + SEEN_FOR
        RequestCount.objects.update_or_create(key=SEEN, defaults={"ends_at": ends_at})


def header_is_ignored() -> bool:
    """Whether a process has ignored X-Forwarded-For lately and still does."""
    lately = RequestCount.objects.filter(key=SEEN, ends_at__gt=timezone.now())
    return not settings.REST_FRAMEWORK["NUM_PROXIES"] and lately.exists()
