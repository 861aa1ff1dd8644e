"""Why a server cannot be reached, and which redirects are followed."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generation.failures import FailureCode
from generation.llm.connections import NO_TLS, REDIRECTED, UNKNOWN_HOST
from generation.llm.providers import Provider
from generation.tests.llm.test_client import BluntServer, blunt_server, complete, failure

ANSWER = b'{"choices": [{"message": {"content": "Clay."}}]}'
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER)


def provider(url: str, key: str = "k") -> Provider:
    return Provider("compatible", "large", "m", url, key)


def redirect(status: int, to: str) -> bytes:
    return f"HTTP/1.1 {status} Moved\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.fixture
def untrusted(tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a server whose certificate nobody has signed."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-days", "2"]
    subject = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, *subject], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with BluntServer(OK) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.url.replace("http:", "https:")
        server.shutdown()
        thread.join()


def test_a_certificate_that_is_not_trusted_is_named_with_what_helps(untrusted: str) -> None:
    caught = failure(provider(untrusted))
    assert caught.code == FailureCode.PROVIDER_REJECTED
    assert "certificate that is not trusted" in caught.details
    assert "SSL_CERT_FILE" in caught.details


def test_a_server_that_does_not_speak_tls_is_no_untrusted_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        with ThreadPoolExecutor(1) as pool:
            pool.submit(answer)
            caught = failure(provider(f"https://127.0.0.1:{server.getsockname()[1]}/v1"))
    assert caught.code == FailureCode.PROVIDER_UNAVAILABLE
    assert NO_TLS.partition(" (")[0] in caught.details


def test_a_name_that_does_not_resolve_is_said_to() -> None:
    assert UNKNOWN_HOST in failure(provider("http://no-such-host.invalid/v1")).details


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_server_is_not_followed_and_both_are_named(status: int) -> None:
    with blunt_server(OK) as other, blunt_server(redirect(status, f"{other.url}/x")) as server:
        caught = failure(provider(server.url.replace("//", "//me:secret@")))
    assert caught.code == FailureCode.PROVIDER_REJECTED
    assert REDIRECTED.format(old=f"{server.url}/chat/completions", new=f"{other.url}/x") in caught.details
    assert other.requests == []


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_drops_the_body_is_not_followed(status: int) -> None:
    with blunt_server(redirect(status, "/v2/chat/completions")) as server:
        assert failure(provider(server.url)).code == FailureCode.PROVIDER_REJECTED
    assert len(server.requests) == 1


def test_a_query_of_the_base_url_stays_behind_the_path_and_azures_key_has_its_name() -> None:
    with blunt_server(OK) as server:
        complete(provider(f"{server.url}?api-version=2024-10-21", "azure"))
    assert server.requests[0][0] == "POST /v1/chat/completions?api-version=2024-10-21 HTTP/1.1"
    assert server.headers[0]["api-key"] == "azure"
