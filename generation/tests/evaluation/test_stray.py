"""Sentences about something else."""

import pytest

from generation.evaluation.post import Post
from generation.evaluation.stray import is_stray, stray_sentences


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Lentils need no soaking. Rinse them.", 0),
        ("Lentils need no soaking. Rinse the pot with water. Cold water is enough.", 0),
        ("Lentils need no soaking. Penguins polish trombones. Onions are fried.", 1),
        ("So it is.", 0),
        ("", 0),
    ],
)
def test_a_sentence_that_shares_no_word_with_its_brief_or_its_neighbours_is_stray(text: str, count: int) -> None:
    assert stray_sentences(Post("Lentil soup", "fry onions first", text)) == count


def test_a_stray_sentence_is_known_by_its_words() -> None:
    post = Post("Lentil soup", "fry onions first", "Fry the onions. Penguins polish trombones.")
    assert is_stray(post, "Penguins polish trombones.")
    assert not is_stray(post, "Fry the onions.")
