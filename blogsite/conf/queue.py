"""Django-Q2's settings for the queue of wake-ups."""

import math
from typing import Any


def cluster(workers: int, longest: float) -> dict[str, Any]:
    """Return Q_CLUSTER.

    Args:
        workers: processes that write.
        longest: seconds that a run of the task may take, with its grace.
    """
    timeout = math.ceil(longest) + 60
    return {
        "name": "blogsite",
        "orm": "default",
        "workers": workers,
        "queue_limit": workers,
        "bulk": 1,
        "poll": 0.1,
        "timeout": timeout,
        # A task prefetched by a worker that dies is delivered again so long after its fetch.
        "retry": timeout * (1 + math.ceil((workers + 1) / workers)) + 60,
        "max_attempts": 1,
        "ack_failures": True,
        "save_limit": -1,
        "recycle": 500,
        "catch_up": False,
        "label": "Queue",
    }
