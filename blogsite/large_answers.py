"""Answers that are too large for memory while a slow client reads: granian sends them from files.

RSGI's own stream holds whatever a client has not read yet in memory, without a limit; from a file, granian reads as
fast as the client does. So no answer holds a thread while it is read, a failure before its last part is a 500, and
a document that ends has all its parts, since its length was known before the first was sent.
"""

import os
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, gettempdir
from threading import Lock
from typing import IO, Any

LARGE = 2**20  # bytes; up to this, an answer is sent from memory
ROOM = 2**29  # bytes on disk; beyond them, the oldest answer that is still being read is broken off
OPENED_WITHIN = 5.0  # seconds; afterwards the file has no name, and nobody can open it
LEFT_OVER = 3600.0  # seconds without a change, after which a file belongs to a process that was killed
NAME = "blogsite-answer-"
Headers = list[tuple[str, str]]

sending: dict[IO[bytes], float] = {}  # until when granian may open each
lock = Lock()


def send_large(protocol: Any, status: int, headers: Headers, parts: Iterable[bytes]) -> None:
    """Send an answer from a file, unless the client goes away before the last part is there."""
    client_is_gone = protocol.client_disconnect()
    file = NamedTemporaryFile(prefix=NAME, delete=False)  # noqa: SIM115  # `make_room` closes it
    try:
        for part in parts:
            if client_is_gone.done():
                return
            file.write(part)
        file.flush()
        if not any(name.lower() == "content-length" for name, _ in headers):
            headers = [*headers, ("content-length", str(file.tell()))]
        sending[file] = time.monotonic() + OPENED_WITHIN
        protocol.response_file(status, headers, file.name)
        make_room()
    finally:
        client_is_gone.cancel()
        if file not in sending:
            remove(file)


def remove(file: IO[bytes]) -> None:
    Path(file.name).unlink(missing_ok=True)
    file.close()


def make_room() -> None:
    """Let go of what has been read; if there is still too much, break off what began first."""
    with lock:
        others, now = open_files(), time.monotonic()
        for file in [file for file, until in list(sending.items()) if until < now]:
            Path(file.name).unlink(missing_ok=True)
            if others[identity(file.fileno())] == 1:
                del sending[file]
                file.close()
        sizes = {file: os.fstat(file.fileno()).st_size for file in list(sending)}
        for file in list(sending)[:-1]:
            if sum(sizes.values()) > ROOM:
                file.truncate(0)  # granian finds it shorter than announced, and closes the connection
                sizes[file] = 0


def open_files() -> Counter[tuple[int, int]]:
    """Return how often this process has each file open."""
    found: Counter[tuple[int, int]] = Counter()
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found[identity(int(entry.name))] += 1
    return found


def identity(number: int) -> tuple[int, int]:
    about = os.fstat(number)
    return about.st_dev, about.st_ino


def remove_left_over() -> None:
    """Remove the files of processes that were killed."""
    for path in Path(gettempdir()).glob(f"{NAME}*"):
        with suppress(OSError):
            if path.stat().st_mtime < time.time() - LEFT_OVER:
                path.unlink()
