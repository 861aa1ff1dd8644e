"""Does work grow with a text, or with its square? Measured in CPU time of this thread."""

import gc
import time
from collections.abc import Callable

MOST = 2.5**2  # times the work for four times the text: 2.5 for twice; linear is 4, the square 16
LEAST = 0.0015  # seconds of CPU: less is noise
LONGEST = 256_000  # characters; what takes less than LEAST for a quarter is fast enough
ROUNDS, TRIALS = 2, 5
Make = Callable[[int], str]


def assert_grows_linearly(
    make_text: Make, function: Callable[[str], object], size: int = 2_000, longest: int = LONGEST
) -> None:
    """Check that four times the text is at most MOST times the work.

    Args:
        make_text: returns a text of about so many characters.
        function: what reads it.
        size: of the first text; doubled until it takes long enough to be measured.
        longest: characters of the longest text that is read in the same way: beyond, two ways would be compared.
    """
    while work(function, make_text(size)) < LEAST and 8 * size <= longest:
        size *= 2
    first = work(function, make_text(size))
    if first < LEAST:
        return  # four times as much would be as good as nothing, too, and noise
    # A slow moment of the short text would hide growth, so it is read twice; one of the long text can hide none.
    if work(function, make_text(4 * size)) <= MOST * min(first, work(function, make_text(size))):
        return
    factors = []
    for _ in range(TRIALS):  # a noisy moment is not growth: the square is there each time
        short, long = make_text(size), make_text(4 * size)
        pairs = [(work(function, short), work(function, long)) for _ in range(ROUNDS)]
        factors.append(min(long for _, long in pairs) / max(min(short for short, _ in pairs), LEAST / 10))
        if factors[-1] <= MOST:
            return
    raise AssertionError(f"four times {size} characters are {min(factors):.1f} times the work")


def work(function: Callable[[str], object], text: str) -> float:
    """Return the seconds of CPU that a function takes for a text that it has not seen: some remember their results."""
    text = f"{text}\u200b{time.monotonic_ns()}"  # never pure ASCII, which Python reads twice as fast
    gc.disable()  # it goes through everything that other tests have left, too
    try:
        started = time.thread_time()
        function(text)
        return time.thread_time() - started
    finally:
        gc.enable()
