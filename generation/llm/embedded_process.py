"""The embedded model for one command: the server that is running, or one of its own for the command's duration."""

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
NOT_READY = "The embedded model did not start: {reason}."


@contextmanager
def ensure_model_server() -> Iterator[ChildProcess | None]:
    """If the embedded model is configured, make sure that it is running; yield its process if this started it.

    Commands run without `manage.py up`, which would have started it.

    Raises:
        LocalModelUnavailable: the embedded model is configured and cannot be started.
    """
    if configured_provider().name != "embedded" or is_serving(settings.LOCAL_MODEL_URL):
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


def is_serving(url: str) -> bool:
    """Whether the embedded model answers at `url` and accepts our key: that of another installation does not."""
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
    while not is_serving(settings.LOCAL_MODEL_URL):
        if not process.alive or time.monotonic() > deadline:
            process.end(grace=1.0)  # which waits for its last line
            reason = " ".join([*process.last_lines][-1:]) or "it printed nothing"
            raise LocalModelUnavailable(NOT_READY.format(reason=reason))
        time.sleep(0.05)


def peak_memory_mb(pid: int) -> float | None:
    """Return the peak resident memory of a process, in MB of a million bytes; None where there is no /proc.

    It counts mapped pages of the model's file as well as what the process allocated (`VmHWM`).
    """
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM:")), None)
