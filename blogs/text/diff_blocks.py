"""What two long lists of words have in common, in order."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

SMALL = 40_000  # pairs of tokens that may be compared in full
PAIRS_MOST = 2_000_000  # of all such stretches: about a second
RUN = 5  # tokens: three words and what is between them

Block = tuple[int, int, int]  # where equal tokens begin on either side, and how many they are


def blocks(a: Sequence[str], b: Sequence[str]) -> tuple[list[Block], bool]:
    """Return what `a` and `b` have in common, in order, and whether all was compared that should be.

    Long stretches are cut at the words that occur once on either side (patience diff, Bram Cohen); what lies between
    is compared in full only if it is short, so that the work grows with the texts and not with their square.
    """
    found: list[Block] = []
    pairs = 0
    stretches = [(0, len(a), 0, len(b))]
    while stretches:
        begin_a, end_a, begin_b, end_b = stretches.pop()
        head = shared(a[begin_a:end_a], b[begin_b:end_b])
        found.append((begin_a, begin_b, head))
        begin_a, begin_b = begin_a + head, begin_b + head
        tail = shared(a[begin_a:end_a][::-1], b[begin_b:end_b][::-1])
        found.append((end_a - tail, end_b - tail, tail))
        end_a, end_b = end_a - tail, end_b - tail
        part_a, part_b = a[begin_a:end_a], b[begin_b:end_b]
        if (size := len(part_a) * len(part_b)) <= SMALL:
            pairs += size
            if pairs > PAIRS_MOST:
                continue
            found += [(begin_a + at, begin_b + bt, length) for at, bt, length in compared(part_a, part_b)]
        elif anchors := common_once(part_a, part_b):
            cuts = [(begin_a, begin_b), *((begin_a + at, begin_b + bt) for at, bt in anchors), (end_a, end_b)]
            stretches += [(*pair,) for pair in between(cuts)]
    return joined(sorted(block for block in found if block[2])), pairs <= PAIRS_MOST


def shared(a: Sequence[str], b: Sequence[str]) -> int:
    """Return how many tokens are the same from the start."""
    both = enumerate(zip(a, b, strict=False))
    return next((index for index, (one, other) in both if one != other), min(len(a), len(b)))


def compared(a: Sequence[str], b: Sequence[str]) -> list[Block]:
    matcher = SequenceMatcher(str.isspace, a, b, autojunk=False)
    return [(block.a, block.b, block.size) for block in matcher.get_matching_blocks()]


def between(cuts: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    return [(a, next_a, b, next_b) for (a, b), (next_a, next_b) in pairwise(cuts)]


def common_once(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Return where runs of words that are once in `a` and once in `b` begin: the most of them that keep their order.

    Single words are used only where there is no such run: they are more often shared by chance.
    """
    for length in (RUN, 1):
        once_a, once_b = places(a, length), places(b, length)
        if pairs := [(index, once_b[run]) for run, index in once_a.items() if run in once_b]:
            return longest_rise(pairs)
    return []


def places(parts: Sequence[str], length: int) -> dict[tuple[str, ...], int]:
    """Return where each run of so many tokens begins that is there only once, in order."""
    runs = list(zip(*(parts[offset:] for offset in range(length)), strict=False))
    times = Counter(runs)
    return {run: index for index, run in enumerate(runs) if times[run] == 1}


def longest_rise(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of `pairs`, which rise on the left, that rises on the right too (patience sorting)."""
    tops: list[int] = []  # the right side of each pile's top
    piles: list[int] = []  # which pair that is
    before: list[int] = []  # the top of the pile to the left when a pair was laid down
    for index, (_, right) in enumerate(pairs):
        pile = bisect_left(tops, right)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1], piles[pile : pile + 1] = [right], [index]
    rise, index = [], piles[-1] if piles else -1
    while index >= 0:
        rise.append(pairs[index])
        index = before[index]
    return rise[::-1]


def joined(found: list[Block]) -> list[Block]:
    """Return `found` with blocks that touch on both sides made one."""
    whole: list[Block] = []
    for at_a, at_b, length in found:
        if whole and (whole[-1][0] + whole[-1][2], whole[-1][1] + whole[-1][2]) == (at_a, at_b):
            at_a, at_b, length = whole[-1][0], whole[-1][1], whole.pop()[2] + length
        whole.append((at_a, at_b, length))
    return whole
