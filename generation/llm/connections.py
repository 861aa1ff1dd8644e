"""Connections to a provider: how they are opened, which redirects are followed, and why one fails."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.bounds import bound_body
from generation.llm.providers import OPENAI_URL, Provider
from generation.llm.responses import SERVER_FAILED

if TYPE_CHECKING:
    import aiohttp
    import httpx2

HEADER_BYTES = 64 * 1024  # of one header: some gateways send more than the 8 kB that aiohttp reads by default
UNREACHABLE = "could not be reached or closed the connection"
UNKNOWN_HOST = "could not be found: its name does not resolve"
REFUSED = "refused the connection: nothing listens there"
UNTRUSTED = "has a certificate that is not trusted ({why}); name the file of its authority in SSL_CERT_FILE"
NO_TLS = "does not speak TLS as expected ({why}); compare http and https in OPENAI_BASE_URL"
REDIRECTED = "redirects from {old} to {new}, which is not followed; correct OPENAI_BASE_URL"
SAME_METHOD = (307, 308)  # others would turn a request with a body into one without


class RedirectRefused(Exception):
    """A redirect to another server, or one that would drop the request's body; its argument names both addresses."""


def http_client(provider: Provider, kind: type[httpx2.AsyncClient]) -> tuple[httpx2.AsyncClient, httpx2.URL]:
    """Return an HTTP client for a provider, and the base URL without user, password and query, which it sends itself.

    Args:
        provider: who will be called. A proxy from the environment is not for the one on loopback.
        kind: the SDK's client on aiohttp, with which a post takes a third less CPU.
    """
    import httpx2

    url = httpx2.URL(provider.base_url or OPENAI_URL)
    headers = {"Accept-Encoding": "identity"}  # packed, a few bytes may be gigabytes, and a stream may be held up
    if "api-version" in url.params:  # Azure's classic endpoints take the key under this name only
        headers["api-key"] = provider.api_key
    client = kind(
        verify=tls(),
        trust_env=provider.name != "embedded",
        auth=(url.username, url.password) if url.userinfo else None,
        headers=headers,
        params=url.params,
        event_hooks={"response": [refuse_redirects, bound_body]},
    )
    transports: list[Any] = [client._transport, *filter(None, client._mounts.values())]
    for transport in transports:
        transport.client = partial(_session, transport)
    return client, url.copy_with(userinfo=b"", query=None)


@cache
def tls() -> ssl.SSLContext:
    """Return the TLS context of all calls; reading the certificate authorities costs 40 ms of CPU each time."""
    import httpx2

    return httpx2.create_ssl_context()


def _session(transport: Any) -> aiohttp.ClientSession:
    """Return the session that one of the SDK's transports would open itself, but with room for long headers."""
    import aiohttp

    connector = aiohttp.TCPConnector(
        limit=transport.limits.max_connections,
        keepalive_timeout=transport.limits.keepalive_expiry,
        ssl=transport.ssl_context,
    )
    return aiohttp.ClientSession(connector=connector, max_line_size=HEADER_BYTES, max_field_size=HEADER_BYTES)


async def refuse_redirects(response: httpx2.Response) -> None:
    """Let only harmless redirects be followed: same server, same method. A hook of the HTTP client.

    Raises:
        RedirectRefused: it is another one.
    """
    if not response.has_redirect_location:
        return
    old = response.request.url
    new = old.join(response.headers["location"])
    is_same = (old.scheme, old.host, old.port) == (new.scheme, new.host, new.port)
    if response.status_code not in SAME_METHOD or not is_same:
        addresses = (str(url.copy_with(userinfo=b"", query=None)) for url in (old, new))
        raise RedirectRefused(REDIRECTED.format(**dict(zip(("old", "new"), addresses, strict=True))))


def connection_failure(error: BaseException, provider: Provider) -> GenerationFailed:
    """Return the failure that an error below HTTP means; a connection that broke may have carried a whole request."""
    import aiohttp

    was_made = not any(isinstance(cause, (aiohttp.ClientConnectorError, RedirectRefused)) for cause in causes(error))
    code, what = FailureCode.PROVIDER_UNAVAILABLE, UNREACHABLE
    for cause in causes(error):
        if isinstance(cause, RedirectRefused):
            code, what = FailureCode.PROVIDER_REJECTED, str(cause)
        elif isinstance(cause, ssl.SSLCertVerificationError):
            why = getattr(cause, "certificate_error", cause).verify_message  # aiohttp's own has none
            code, what = FailureCode.PROVIDER_REJECTED, UNTRUSTED.format(why=why)
        elif isinstance(cause, ssl.SSLError):
            what = NO_TLS.format(why=getattr(cause, "os_error", cause).reason)
        elif isinstance(cause, socket.gaierror):
            what = UNKNOWN_HOST
        elif isinstance(cause, ConnectionRefusedError):
            what = REFUSED
        else:
            continue
        break
    return GenerationFailed(
        code,
        code.summary,
        details=SERVER_FAILED.format(where=provider.address, what=what),
        usage=Usage(calls=1) if was_made else None,
    )


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it was raised from or wraps, each once."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        cause = waiting.pop(0)
        if cause is not None and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            # aiohttp keeps what the system said in attributes.
            inner = [getattr(cause, name, None) for name in ("os_error", "certificate_error")]
            waiting += [
                *(found for found in inner if isinstance(found, BaseException)),
                cause.__cause__,
                cause.__context__,
            ]
