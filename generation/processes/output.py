"""Lines for an output that may be full, slow or gone: nobody who writes one waits for its reader."""

import errno
import os
import select
import socket
import stat
from collections.abc import Callable
from io import FileIO

PATIENCE = 0.2  # seconds that a reader may be behind; one that stays behind is waited for only once
WHOLE = select.PIPE_BUF  # bytes that a pipe takes whole or not at all
DROPPED = "({} lines were dropped here: nobody read them, or there was no space)"


class LineOutput:
    """Writes whole lines to a file descriptor, and drops those that it does not take. For one thread at a time.

    A file that is full is tried again with the next line; a pipe whose reader has gone away is given up.

    Args:
        descriptor: of a pipe, socket, terminal or file.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.dropped = 0
        self.is_gone = False
        self._is_cut = False  # the last line
        self._opened: tuple[int, int] | None = None  # device and inode of what `_send` writes to
        self._own: socket.socket | FileIO | None = None
        self._send: Callable[[bytes], int] = self._send_plainly

    def write(self, line: str) -> None:
        """Write a line, whose end is added."""
        if self.is_gone:
            return
        notice = f"{DROPPED.format(self.dropped)}\n" if self.dropped else ""
        begin = "\n" if self._is_cut else ""
        left = f"{begin}{notice}{line}\n".encode(errors="backslashreplace")
        length = len(left)
        try:
            self._open()
            while left:
                left = left[self._sent(left[:WHOLE]) :]
        except OSError as error:
            self.is_gone = error.errno in (errno.EPIPE, errno.EBADF)
            self._is_cut |= len(left) < length
            self.dropped += 1
        else:
            self._is_cut, self.dropped = False, 0

    def close(self) -> None:
        """Close what this has opened, which is not the descriptor."""
        if self._own is not None:
            self._own.close()
        self._own = self._opened = None

    def _sent(self, data: bytes) -> int:
        """Return how much was sent, after a moment's patience with a reader that was not behind before.

        Raises:
            OSError: the output did not take it.
        """
        try:
            return self._send(data)
        except BlockingIOError:
            patience = 0 if self.dropped else PATIENCE
            if not select.select([], [self.descriptor], [], patience)[1]:
                raise
            return self._send(data)

    def _open(self) -> None:
        """Find out how to write without waiting; again when the descriptor was given another file."""
        found = os.fstat(self.descriptor)
        if self._opened == (found.st_dev, found.st_ino):
            return
        self.close()
        self._opened, self._send = (found.st_dev, found.st_ino), self._send_plainly
        if stat.S_ISSOCK(found.st_mode):
            self._own = connected = socket.socket(fileno=os.dup(self.descriptor))
            self._send = lambda data: connected.send(data, socket.MSG_DONTWAIT)
        elif stat.S_ISFIFO(found.st_mode):
            try:  # a description of our own: a flag on the one that is shared would hold for its other users too
                own = os.open(f"/proc/self/fd/{self.descriptor}", os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # without /proc a full pipe is waited for
                return
            self._own = FileIO(own, "w")
            self._send = lambda data: os.write(own, data)

    def _send_plainly(self, data: bytes) -> int:
        return os.write(self.descriptor, data)
