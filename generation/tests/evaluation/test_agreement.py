"""How far two readers agree."""

import pytest

from generation.evaluation.agreement import agreement


@pytest.mark.parametrize(
    ("first", "second", "equal", "kappa"),
    [
        ("aabb", "aabb", 1, 1),
        ("aabb", "abab", 0.5, 0),
        ("aabb", "bbaa", 0, -1),
        ("aaab", "aaaa", 0.75, 0),
        ("aaaa", "aaaa", 1, None),
        # Two raters of fifty: 20 yes and 15 no alike, 5 and 10 not.
        ("y" * 25 + "n" * 25, "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15, 0.7, 0.4),
    ],
)
def test_kappa_leaves_out_what_is_chance(first: str, second: str, equal: float, kappa: float | None) -> None:
    found = agreement(first, second)
    assert (found.count, found.equal, found.kappa) == (len(first), equal, kappa)
