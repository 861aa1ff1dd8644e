"""TCP ports that our own processes listen on."""

import socket


class PortUnavailable(Exception):
    """A port cannot be listened on; the message says which and why."""


def require_free_port(host: str, port: int) -> str:
    """Check that a server can listen there, and return the host's address in numbers.

    Args:
        host: an address or name of this machine.
        port: 1 to 65535.

    Raises:
        PortUnavailable: another process listens there, the port is out of range or needs privileges, or the host is
            not this machine.
    """
    if not 0 < port < 65536:
        raise PortUnavailable(f"{port} is not a port: choose one from 1 to 65535 with --port.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: closed connections linger
            probe.bind(address)
            probe.listen()  # two bound sockets may share a port until one listens
            return str(address[0])
    except OSError as error:
        reason = error.strerror or error
        raise PortUnavailable(f"Cannot listen on {host}, port {port}: {reason}. Choose another with --port.") from error


def free_port(host: str) -> int:
    """Return a port of `host` that is free at this moment."""
    with socket.create_server((host, 0)) as probe:
        return int(probe.getsockname()[1])
