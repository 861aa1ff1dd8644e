"""Files that commands write: for their owner only, whatever the umask."""

import os


def private(path: str, flags: int) -> int:
    """Open a file as `open(..., opener=private)`; a new one gets the mode 0600, an old one keeps its own."""
    return os.open(path, flags, 0o600)
