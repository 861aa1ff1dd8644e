"""Child processes, each in a session of its own: it ends with all its descendants, and with its parent."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

KEPT_LINES = 20
PR_SET_PDEATHSIG = 1  # from Linux's prctl.h

# Opened here because a process that has just been forked should not load libraries.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(signum: int = signal.SIGKILL) -> None:
    """Have the kernel send `signum` to this process when its parent ends. Linux only, elsewhere a no-op.

    The kernel counts the *thread* that started this process as its parent.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signum)


class ChildProcess:
    """A command that runs in a session of its own and whose output is passed on line by line.

    Args:
        argv: the command; the parent's environment and working directory hold for it unless given.
        env: its whole environment.
        cwd: its working directory.
        on_line: is called with each line of its standard output and error, without the newline, in a thread of its own.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        on_line: Callable[[str], None],
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.argv, self.env, self.cwd, self.on_line = argv, env, cwd, on_line
        self.last_lines: deque[str] = deque(maxlen=KEPT_LINES)

    def start(self) -> None:
        """Start the command; it gets SIGTERM when the calling thread ends.

        Raises:
            OSError: the process could not be made. (A command that is not there exits with code 127.)
        """
        # The child sets its own death signal before it becomes the command: code between fork and exec in a process
        # with threads can deadlock, which rules `preexec_fn` out.
        launcher = [sys.executable, "-I", "-S", __file__, str(os.getpid()), *self.argv]
        self._process = subprocess.Popen(
            launcher,
            env=self.env,
            cwd=self.cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._reader = threading.Thread(
            target=self._read, args=[self._process.stdout], name=f"output of {self.pid}", daemon=True
        )
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """The exit code, negative for the signal that ended the process, None while it lives."""
        return self._process.poll()

    def terminate(self) -> None:
        """Ask the main process to end, without waiting for it."""
        if self.alive:
            self._process.terminate()

    def end(self, grace: float) -> None:
        """Ask the main process to end, wait up to `grace` seconds for it, then kill what is left of its session."""
        self.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(grace)
        kill_session(self.pid)
        self._process.wait()
        self._reader.join(1.0)  # the last lines; another process that inherited the pipe must not hold us up

    def _read(self, output: IO[str]) -> None:
        with output:
            for line in output:
                self.last_lines.append(line.rstrip())
                self.on_line(line.rstrip())


def kill_session(session: int, within: float = 2.0) -> None:
    """Kill every process of a session, again until none is left or `within` seconds have passed.

    Args:
        session: the id of the session, which is the process id of its first process.
        within: seconds; a process in uninterruptible sleep cannot be waited for.
    """
    deadline = time.monotonic() + within
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(session, signal.SIGKILL)
    while (members := session_members(session)) and time.monotonic() < deadline:
        for pid in members:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def session_members(session: int) -> list[int]:
    """Return the ids of the processes in a session that still run; none on a system without /proc."""
    members = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # pid (name) state ppid pgrp session ...: the name may hold spaces and brackets
            state, _, _, sid = stat.read_text(errors="replace").rpartition(")")[2].split()[:4]
            if int(sid) == session and state not in "ZX":
                members.append(int(stat.parent.name))
    return members


def launch(parent: int, argv: list[str]) -> None:
    """Become the command `argv`, which gets SIGTERM when process `parent` ends."""
    die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the parent ended before its child began")
    try:
        os.execvp(argv[0], argv)
    except OSError as error:
        print(f"{argv[0]}: {error.strerror}", file=sys.stderr)
        sys.exit(127)


if __name__ == "__main__":
    launch(int(sys.argv[1]), sys.argv[2:])
