"""Updates of the stored prices, each in a process of its own: what it imports is needed once a day."""

import os
import sys
import time
from collections.abc import Callable

from generation.llm.providers import configured_provider
from generation.processes.child import ChildProcess

EVERY, AGAIN_AFTER = 24 * 3600.0, 600.0  # seconds between two updates, and after one that failed


class PriceUpdates:
    """Starts `manage.py prices` when a worker starts, and once a day.

    Args:
        on_line: called with each line that it prints.
    """

    def __init__(self, on_line: Callable[[str], None]) -> None:
        self.on_line = on_line
        self.started_at = self.next_at = 0.0
        self.process: ChildProcess | None = None

    def start_when_due(self) -> None:
        if self.process and self.process.exit_code:
            self.next_at = min(self.next_at, self.started_at + AGAIN_AFTER)
        if time.monotonic() < self.next_at or configured_provider().is_local:
            return
        self.end()
        self.started_at = time.monotonic()
        self.next_at = self.started_at + EVERY
        self.process = ChildProcess([sys.executable, sys.argv[0], "prices"], on_line=self.on_line, env=dict(os.environ))
        self.process.start()

    def end(self) -> None:
        """End an update that is under way: it changes everything or nothing."""
        if self.process:
            self.process.end(0.0)
            self.process = None
