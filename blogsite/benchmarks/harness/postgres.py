"""A scratch PostgreSQL server: the machine's binaries, a directory of its own, a free port."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Self

from generation.processes.ports import free_port

HOST = "127.0.0.1"
NO_POSTGRES = "missing: PostgreSQL (Debian's package postgresql)"


class MissingPostgres(Exception):
    """The machine has no PostgreSQL server."""


def binaries() -> Path:
    """Return the directory of `initdb` and `pg_ctl`, of the newest version that Debian's packages installed.

    Raises:
        MissingPostgres: there is none.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not found:
        raise MissingPostgres(NO_POSTGRES)
    return found[-1].parent


class PostgresServer:
    """The server, as a context manager; it can be restarted at once, as after a crash.

    Args:
        scratch: an existing directory; the server's data goes to `postgres` in it.
    """

    def __init__(self, scratch: Path) -> None:
        self.data = scratch / "postgres"
        self.port = free_port(HOST)
        self.bin = binaries()

    @property
    def url(self) -> str:
        return f"postgres://postgres@{HOST}:{self.port}/postgres"

    def __enter__(self) -> Self:
        self.data.mkdir(mode=0o700)
        if os.getuid() == 0:  # the server does not run as root
            shutil.chown(self.data, "postgres")
            for parent in self.data.parents[:2]:
                parent.chmod(parent.stat().st_mode | 0o011)
        self.run("initdb", "-U", "postgres", "-A", "trust", "--no-sync")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.run("pg_ctl", "-m", "immediate", "stop")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses={HOST} -c unix_socket_directories='' -c max_connections=400"
        options += " -c max_wal_size=64MB"  # its disk may be small
        self.run("pg_ctl", "-w", "-l", str(self.data / "log"), "-o", options, "start")

    def crash(self) -> None:
        """Stop as in a crash: end all connections and lose what was not committed; then start again."""
        self.run("pg_ctl", "-m", "immediate", "stop")
        self.start()

    def ensure_running(self) -> None:
        """Start it if it gave up, as it does when it cannot write its log."""
        try:
            self.run("pg_ctl", "status")
        except subprocess.CalledProcessError:
            self.start()

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.bin / program), "-D", str(self.data), *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
