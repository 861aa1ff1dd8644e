"""The stop flag of a cluster: its processes share it, and any of them may set it."""

import time
from multiprocessing.sharedctypes import RawValue

# When it was set, by the clock that all processes of a machine share; 0: it is not.
# Shared memory without a lock, which a killed process could keep. Made before the fork, so that all see the same.
_stopping = RawValue("d", 0.0)


def ask_to_stop() -> None:
    _stopping.value = time.monotonic()


def is_stopping() -> bool:
    return bool(_stopping.value)


def stopping_for() -> float:
    """Return how many seconds ago the cluster was asked to stop; 0 if it was not."""
    return time.monotonic() - _stopping.value if _stopping.value else 0.0
