"""Whether a text is a text at all."""

import pytest

from generation.evaluation.post import Post
from generation.evaluation.sanity import Sanity
from generation.tests.evaluation.damages import ALLOTMENT, CLEAN, NEGATIONS, replaced, rewritten


@pytest.mark.parametrize("post", CLEAN, ids=["allotment", "ferry"])
def test_a_short_text_is_sane(post: Post) -> None:
    assert Sanity.of(post).is_sane


def test_sanity_says_nothing_about_truth() -> None:
    for sentence, opposite in NEGATIONS.items():
        for post in CLEAN:
            if sentence in post.text:
                assert Sanity.of(replaced(post, sentence, opposite)).is_sane


@pytest.mark.parametrize(
    "text",
    [
        "",
        "## A heading",
        ALLOTMENT.text.rstrip(". \n"),
        f"{ALLOTMENT.text} There are 24 plots instead of 18.",
        f"{ALLOTMENT.text} Bring gloves and a hat and water and bread and cheese and salt. It is said that a bag"
        " and a hat and water and bread and cheese and salt will do.",
        "It is a plot of a plot of a plot of a plot of a plot of a plot.",
    ],
)
def test_a_text_that_repeats_itself_or_breaks_off_is_not(text: str) -> None:
    assert not Sanity.of(rewritten(ALLOTMENT, text)).is_sane
