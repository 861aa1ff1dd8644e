"""Answers that are too large for memory while a slow client reads: granian sends them from unnamed files.

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
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import IO, Any

LARGE = 2**20  # bytes; up to this, an answer is sent from memory
ROOM = 2**29  # bytes on disk; beyond them, the oldest answer that is still being read is broken off
OPENED_WITHIN = 5.0  # seconds
Headers = list[tuple[str, str]]

sending: list[IO[bytes]] = []
lock = Lock()


def send_large(protocol: Any, status: int, headers: Headers, parts: Iterable[bytes]) -> None:
    """Send an answer from a file, unless the client goes away before the last part is there."""
    client_is_gone = protocol.client_disconnect()
    try:
        with NamedTemporaryFile(prefix="blogsite-answer-") as file:
            for part in parts:
                if client_is_gone.done():
                    return
                file.write(part)
            file.flush()
            length = [] if any(name.lower() == "content-length" for name, _ in headers) else [str(file.tell())]
            protocol.response_file(status, [*headers, *(("content-length", size) for size in length)], file.name)
            wait_until_opened(file, client_is_gone)
        make_room()
    finally:
        client_is_gone.cancel()


def wait_until_opened(file: IO[bytes], client_is_gone: Any) -> None:
    """Return when granian has opened it, so that it needs no name any more."""
    until = time.monotonic() + OPENED_WITHIN
    while not client_is_gone.done() and time.monotonic() < until:
        if is_read(file, open_files()):
            with lock:
                sending.append(os.fdopen(os.dup(file.fileno()), "r+b"))
            break
        time.sleep(0.002)


def make_room() -> None:
    """Let go of what has been read; if there is still too much, break off what began first."""
    with lock:
        others = open_files()
        for file in sending[:]:
            if not is_read(file, others):
                sending.remove(file)
                file.close()
        while len(sending) > 1 and sum(os.fstat(file.fileno()).st_size for file in sending) > ROOM:
            with sending.pop(0) as oldest:
                oldest.truncate(0)  # granian finds it shorter than announced, and closes the connection


def open_files() -> Counter[tuple[int, int]]:
    """Return how often this process has each file open."""
    found: Counter[tuple[int, int]] = Counter()
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found[identity(int(entry.name))] += 1
    return found


def is_read(file: IO[bytes], others: Counter[tuple[int, int]]) -> bool:
    return others[identity(file.fileno())] > 1


def identity(number: int) -> tuple[int, int]:
    about = os.fstat(number)
    return about.st_dev, about.st_ino
