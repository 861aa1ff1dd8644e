"""Small disks that can be filled. Only root may mount one."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


def can_be_mounted() -> bool:
    return os.getuid() == 0


@contextmanager
def small_disk(path: Path, size_mb: int = 4) -> Iterator[None]:
    """Have a directory be a disk of so many MB, in memory; skips a test that may not mount one."""
    if not can_be_mounted():
        pytest.skip("missing: the right to mount a small disk (root has it)")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(path)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Leave no byte on a disk."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for block in (1 << 20, 4096):
            with suppress(OSError):
                while file.write(bytes(block)):
                    pass
    try:
        yield
    finally:
        ballast.unlink()
