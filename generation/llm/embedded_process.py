"""The embedded model for one command: a server that answers already, or one of its own for as long as it is needed."""

from __future__ import annotations

import http.client
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from generation.llm.embedded_server import HOST, LocalModelUnavailable, model_file
from generation.llm.providers import configured_provider, local_model_key
from generation.processes.child import ChildProcess
from generation.processes.ports import free_port

READY_WITHIN = 60.0  # seconds; a cold start on busy cores takes about ten


@contextmanager
def model_to_write_with() -> Iterator[ChildProcess | None]:
    """Make sure that a configured embedded model answers; yield its process if it had to be started.

    A command has no worker and no `manage.py up` around it that would have done so.

    Raises:
        LocalModelUnavailable: the embedded model is wanted and cannot be started.
    """
    if configured_provider().name != "embedded" or answers(settings.LOCAL_MODEL_URL):
        yield None
        return
    model_file()
    port, configured = free_port(HOST), settings.LOCAL_MODEL_URL
    process = ChildProcess(
        [sys.executable, "manage.py", "local_model", "--port", str(port)],
        on_line=lambda line: None,
        cwd=settings.BASE_DIR,
    )
    process.start()
    try:
        settings.LOCAL_MODEL_URL = f"http://{HOST}:{port}/v1"
        _wait_for(process)
        yield process
    finally:
        settings.LOCAL_MODEL_URL = configured
        process.end(grace=1.0)


def answers(url: str) -> bool:
    """Whether the embedded model's server answers at `url`, and to our key: one of another installation does not."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or HOST, parts.port or 80, timeout=2)
    try:
        connection.request("GET", f"{parts.path}/models", headers={"Authorization": f"Bearer {local_model_key()}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _wait_for(process: ChildProcess) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not answers(settings.LOCAL_MODEL_URL):
        if not process.alive or time.monotonic() > deadline:
            last = " ".join([*process.last_lines][-1:]) or "it said nothing"
            raise LocalModelUnavailable(f"The embedded model did not get ready: {last}.")
        time.sleep(0.05)


def peak_memory_mb(pid: int) -> float | None:
    """Return the largest resident memory that a process has had, in MB of a million bytes; None where /proc is not.

    It counts pages of the model's file that are mapped, as well as what the process allocated (`VmHWM`).
    """
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM:")), None)
