"""The stop flag of a cluster: its processes share it, and any of them may set it."""

from multiprocessing.sharedctypes import RawValue

# Shared memory without a lock, which a killed process could keep. Made before the fork, so that all see the same.
_stopping = RawValue("b", 0)


def ask_to_stop() -> None:
    _stopping.value = 1


def is_stopping() -> bool:
    return bool(_stopping.value)
