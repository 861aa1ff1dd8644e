"""The size of a trial, and the settings that each form needs for it."""

import math
from dataclasses import dataclass

WORKERS = 2  # processes of the forms that write many posts in each: one for each core
MODEL_CALLS = 2  # of our writer for a post: plan and draft
LONGEST = 12  # times the ideal; a slower form is stopped
MARGIN = 30.0  # seconds in addition, for small trials
FEW, FEW_TIMES = 100, 5  # posts of the short queue, and how often it is measured: once says little
A_POST = 0.15  # seconds that a post may take on the slowest machine


@dataclass(frozen=True)
class Size:
    """A trial's size.

    Args:
        in_flight: posts written at once.
        posts: posts written in total.
        latency: seconds that the model's calls for one post take together.
        pickups: samples of the time from a request to the model's first call.
        queue_depth: posts of the long queue, or 0 to skip it.
    """

    in_flight: int
    posts: int
    latency: float
    pickups: int
    queue_depth: int

    @property
    def ideal(self) -> float:
        """Seconds in which the posts are written if only the model takes time."""
        return self.posts / self.in_flight * self.latency

    @property
    def workers(self) -> int:
        return min(WORKERS, self.in_flight)

    @property
    def share(self) -> int:
        """Posts that each worker writes at once."""
        return math.ceil(self.in_flight / self.workers)

    @property
    def longest(self) -> float:
        """Seconds after which a run is stopped in any case; each wait in it has its own, shorter bound."""
        queued = self.queue_depth and self.queue_depth + FEW * FEW_TIMES
        return 300 + LONGEST * self.ideal + 5 * self.pickups + 2.5 * A_POST * queued


BOOK = {"DJANGO_SETTINGS_MODULE": "blogsite.benchmarks.by_the_book.settings"}
# Longer than any run, so that the queue delivers nothing twice.
PATIENT = {"BY_THE_BOOK_TIMEOUT": "1800", "BY_THE_BOOK_RETRY": "3600"}


def settings(form: str, size: Size) -> dict[str, str]:
    """Return the environment variables of a form: `ours`, `processes` or `threads`."""
    if form == "ours":
        return {"GENERATION_WORKERS": str(size.workers), "GENERATION_CONCURRENCY": str(size.share)}
    workers = size.in_flight if form == "processes" else size.workers
    return BOOK | PATIENT | {"BY_THE_BOOK_WORKERS": str(workers)}
