"""How long a supervisor has seen something: time in which it could not look says nothing about others."""

import time
from collections.abc import Iterable

LONGEST_LOOK = 2.0  # seconds between two looks; in a longer gap this process itself was stopped


class WatchTime:
    """A clock that runs only while its owner looks, again and again.

    It stands still while the database is away, and while all processes of the machine are stopped: they all seem
    silent then, and none of them is to blame.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._looked_at = time.monotonic()

    def look(self, *, succeeded: bool) -> None:
        """Note that the owner has looked just now, and whether it saw anything."""
        now = time.monotonic()
        gap, self._looked_at = now - self._looked_at, now
        if succeeded and gap <= LONGEST_LOOK:
            self.seconds += gap


class Silences:
    """Since when somebody has been silent, by watch time."""

    def __init__(self, watched: WatchTime) -> None:
        self.watched = watched
        self._since: dict[str, float] = {}

    def longer_than(self, limit: float, silent: Iterable[str]) -> list[str]:
        """Note who is silent now, and return those who have been for more than `limit` seconds without a break."""
        self._since = {name: self._since.get(name, self.watched.seconds) for name in silent}
        return [name for name, since in self._since.items() if self.watched.seconds - since > limit]
