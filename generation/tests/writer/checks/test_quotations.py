"""What a text quotes."""

import pytest

from generation.writer.checks.quotations import normalised, quotations


@pytest.mark.parametrize(
    "text",
    [
        'He said: "Bees forgive a lot."',
        "He said: “Bees forgive a lot.”",
        "Er sagte: „Bees forgive a lot.“",
        "Il dit : « Bees forgive a lot. »",
        "He said: ‘Bees forgive a lot.’",
    ],
)
def test_a_quotation_is_found_in_all_marks(text):
    assert [normalised(quotation) for quotation in quotations(text)] == ["bees forgive a lot"]


@pytest.mark.parametrize(
    "text", ['the so-called "quick fix" again', "don't and won't and can't", '5" pipes and 6" ones']
)
def test_words_in_marks_and_apostrophes_are_no_quotations(text):
    assert quotations(text) == []


def test_japanese_quotations():
    assert quotations("彼は「蜂は急ぐ人を許さない」と言った。") == ["蜂は急ぐ人を許さない"]
