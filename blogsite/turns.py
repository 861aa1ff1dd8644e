"""Turns of requests that may take long: few are answered at once, and the others wait without a thread.

Otherwise a hundred clients of expensive pages would stand before a reader who wants one post, and before the probe that
restarts what does not answer: threads take requests in the order in which they come, and share one interpreter.
"""

import logging
import re
from collections import deque
from collections.abc import Callable
from threading import Lock

from django.conf import settings

logger = logging.getLogger(__name__)
AT_ONCE = 2  # more of them take as long together, and what is quick waits for each of their turns in the interpreter
WAITING = 256
QUICK = re.compile(rf"(?:{re.escape(settings.FORCE_SCRIPT_NAME or '')})?(?:/healthz|/static/.*|/api/v1/blogs/[0-9]+)/?")
WRITES = re.compile(rf"(?:{re.escape(settings.FORCE_SCRIPT_NAME or '')})?/api/v1/blogs(?:/.*)?")
Job = Callable[[], object]


def may_take_long(method: str, path: str) -> bool:
    """Whether a request waits for its turn: any but reads of one post, of files and of health, and writes to posts.

    Those writes have limits of their own, for each user.
    """
    quick = QUICK if method in ("GET", "HEAD") else WRITES
    return not quick.fullmatch(path)


class Turns:
    """Args:
    at_once: jobs that run at the same time, each in the thread that brought it or brought an earlier one.
    waiting: jobs that may wait, at most.
    """

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self.free, self.most = at_once, waiting
        self.waiting: deque[Job] = deque()
        self.lock = Lock()

    def take(self, job: Job) -> bool:
        """Run a job, or leave it to a thread that runs one now; return whether there was room for it."""
        with self.lock:
            if not self.free:
                if len(self.waiting) == self.most:
                    return False
                self.waiting.append(job)
                return True
            self.free -= 1
        following: Job | None = job
        while following:
            try:
                following()
            except Exception:
                logger.exception("A request could not be ended.")
            following = self.next()
        return True

    def next(self) -> Job | None:
        with self.lock:
            if self.waiting:
                return self.waiting.popleft()
            self.free += 1
        return None
