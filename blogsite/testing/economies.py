"""What a process of thousands of tests need not do again and again, as a pytest plugin."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Spare the garbage collector what importing and collecting make: it stays."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def static_files_read_once() -> None:
    """Have WhiteNoise read the static files once for all tests' clients: each client would take 40 ms of CPU for it."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    read, files = WhiteNoiseMiddleware.add_files_from_finders, dict[str, Any]()

    def add_files_from_finders(middleware: Any) -> None:
        if not files:
            read(middleware)
            files.update(middleware.files)
        middleware.files.update(files)

    WhiteNoiseMiddleware.add_files_from_finders = add_files_from_finders
