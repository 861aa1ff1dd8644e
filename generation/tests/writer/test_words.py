import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.writer.words import distinct, ends_well, grams, longest_repeat, numbers, sentences, stem, stems, words

sequences = st.lists(st.sampled_from("abcd"), max_size=40)


def test_words_keep_their_apostrophe_and_lose_their_capitals() -> None:
    assert words("Don’t STOP_now, café-owner!") == ["don't", "stop", "now", "café", "owner"]


def test_scripts_without_spaces_count_by_the_character() -> None:
    assert words("東京 is big") == ["東", "京", "is", "big"]


@pytest.mark.parametrize(
    "family",
    [
        ["grow", "growing", "grower", "grows"],
        ["tomato", "tomatoes"],
        ["plan", "plans", "planning", "planned"],
        ["city", "cities"],
        ["price", "prices", "pricing", "priced"],
        ["careful", "carefully"],
    ],
)
def test_relatives_share_a_stem(family: list[str]) -> None:
    assert len({stem(word) for word in family}) == 1


def test_stems_leave_out_words_without_a_subject() -> None:
    assert stems("Why you should be growing the tomatoes") == {"grow", "tomato"}


def test_numbers_are_read_without_the_comma_between_thousands() -> None:
    assert numbers("1,200 of 3.5, about 20.") == {"1200", "3.5", "20"}


def test_a_sentence_does_not_end_at_an_abbreviation_or_a_decimal_point() -> None:
    text = 'Dr. Li paid 3.5 euros, e.g. for tea. "Was it good?" Yes'
    assert sentences(text) == ["Dr. Li paid 3.5 euros, e.g. for tea.", '"Was it good?"', "Yes"]


@pytest.mark.parametrize(
    ("text", "whole"), [("Done.", True), ('"Done!"', True), ("終わり。", True), ("Not yet", False), ("A, b:", False)]
)
def test_a_text_ends_well_where_a_sentence_does(text: str, whole: bool) -> None:
    assert ends_well(text) is whole


@given(st.text())
def test_sentences_hold_every_character_that_is_not_blank(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(sequences)
def test_the_longest_repeat_is_the_longest_run_found_twice(sequence: list[str]) -> None:
    size = longest_repeat(sequence)
    assert size == 0 or distinct(sequence, size) < 1
    assert distinct(sequence, size + 1) == 1


@given(sequences, st.integers(1, 5))
def test_grams_are_the_runs_in_order(sequence: list[str], size: int) -> None:
    assert [gram[0] for gram in grams(sequence, size)] == sequence[: max(0, len(sequence) - size + 1)]
