"""What many may ask for at once and takes long to find out: one thread finds it out, and the others get the same."""

from collections import defaultdict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from django.core.cache import cache

STALE_FOR = 4  # times as long as an answer is fresh, it may be given while a new one is being found out
PATIENCE = 10.0  # seconds to wait for the first answer; whoever has none by then finds it out too

Found = TypeVar("Found")
finding: dict[str, Lock] = defaultdict(Lock)


def kept(name: str, find: Callable[[], Found], seconds: float) -> Found:
    """Return what `find` returns, or has returned a short while ago.

    Args:
        name: what it is kept by.
        find: what takes long.
        seconds: how long its answer is fresh.
    """
    fresh, last = f"{name}:fresh", f"{name}:last"
    found: tuple[Found] | None = cache.get(fresh)
    if found:
        return found[0]
    old = cache.get(last)
    is_mine = finding[name].acquire(timeout=0 if old else PATIENCE)
    try:
        # Another thread may have found it out while this one waited.
        found = cache.get(fresh) or (not is_mine and old) or None
        if found is None:
            found = (find(),)
            cache.set(fresh, found, seconds)
            cache.set(last, found, seconds * STALE_FOR)
        return found[0]
    finally:
        if is_mine:
            finding[name].release()
