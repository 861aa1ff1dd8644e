"""How much of a post its author said."""

import pytest

from generation.evaluation.own_words import expansion, own_share, own_share_of
from generation.evaluation.post import Post

NOTES = "the old mill grinds rye on Fridays; cheap\n- bring a bag"


@pytest.mark.parametrize(
    ("sentence", "share"),
    [
        ("The old mill grinds rye on Fridays.", 1),
        ("The OLD mill, grinds!", 1),
        ("Cheap.", 1),
        ("It is cheap.", 0),
        ("The old barn grinds rye.", 0),
        ("On Fridays, the old mill hums.", 3 / 6),
        ("Rye on Fridays cheap bring a bag.", 6 / 7),
        ("Cheap; bring a bag", 1),
        ("", 0),
    ],
)
def test_words_in_runs_of_a_note_and_whole_notes_are_the_authors(sentence: str, share: float) -> None:
    assert own_share_of(Post("The mill", NOTES, sentence), sentence) == pytest.approx(share)


def test_headings_count_neither_as_own_words_nor_as_length() -> None:
    post = Post("The mill", NOTES, "## The old mill grinds\n\nIt stands by a stream that never freezes over.\n")
    assert own_share(post) == 0
    assert expansion(post) == pytest.approx(9 / 11)


def test_notes_of_a_word_or_two_are_not_multiplied() -> None:
    assert expansion(Post("Night trains", "cheap; slow", "Cheap. Slow.")) is None
    assert own_share(Post("Night trains", "cheap; slow", "Cheap. Slow.")) == 1
