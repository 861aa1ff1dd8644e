"""The web server: granian with the service's arguments, for `manage.py up` and `manage.py web` alike.

As a program it is granian's command line. Its workers are forked with the handlers of their parent, which would swallow
a signal to end until the application is loaded: here they are born with the default ones, and end at once.
"""

import os
import signal
from importlib import import_module

ENDING = (signal.SIGINT, signal.SIGTERM)
THREADS = 16  # sync Django: they wait for the database
FINISH_WITHIN = 10  # seconds for requests under way when the server is asked to end
# One process, and no respawn: an exit must not go unnoticed by whoever started the server.
ARGUMENTS = ["-m", "blogsite.up.web", "--interface", "wsgi", "--workers", "1", "--blocking-threads", str(THREADS)]
ARGUMENTS += ["--no-ws", "--no-respawn-failed-workers", "--no-access-log"]
ARGUMENTS += ["--log-level", "error"]  # it warns of more threads than twice the cores, which is intended


def web_command(address: str, port: int, *, finish_within: int = FINISH_WITHIN) -> list[str]:
    """Return what comes after the Python interpreter to serve HTTP on an address of this machine.

    Args:
        address: the IP address to listen on.
        port: its TCP port.
        finish_within: seconds for requests under way when it is asked to end.
    """
    where = ["--host", address, "--port", str(port), "--workers-kill-timeout", str(finish_within)]
    return [*ARGUMENTS, *where, "blogsite.wsgi:application"]


def hold_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)


def release_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def end_by_signals() -> None:
    for signum in ENDING:
        signal.signal(signum, signal.SIG_DFL)
    release_signals()


if __name__ == "__main__":
    os.register_at_fork(before=hold_signals, after_in_parent=release_signals, after_in_child=end_by_signals)
    import_module("granian.cli").entrypoint()
