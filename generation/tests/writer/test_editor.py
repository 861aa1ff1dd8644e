from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generation.writer.editor import Editor
from generation.writer.words import words

TITLE = "Growing tomatoes on a balcony"
NOTES = "choose compact varieties; water in the morning; pinch out side shoots"


def edit(text: str, facts: str = f"{TITLE}\n{NOTES}") -> str:
    return Editor(facts).edit(text)


@given(st.text(alphabet='ab .!?,;:"“”()[]#*-`_1\n', max_size=200))
@example("a:a:a[a?")
@example('a:a:a"a?')
@example("a:a:a)(a) a.")
@example("a:a:a**a?")
def test_editing_never_invents_a_word(text: str) -> None:
    unmarked = text.replace("`", "").replace("_", "").replace("**", "")  # which join what they stand between
    assert not Counter(words(edit(text))) - Counter(words(unmarked))


@given(st.lists(st.sampled_from(["Tomatoes like the sun.", "As an AI I agree.", "The pot is red and big.", "cut of"])))
def test_editing_an_edited_text_changes_nothing(parts: list[str]) -> None:
    once = edit(" ".join(parts))
    assert edit(once) == once


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Water them well. And then the sen", "Water them well."),
        ("## Title\n**Bold** words stay here.", "Bold words stay here."),
        ("- One item is whole.\n- the other", "One item is whole."),
        ("It grew by 47 percent. It tasted good.", "It tasted good."),
        ("This paragraph is about pots. Pots need holes.", "Pots need holes."),
        ("Yes. Tomatoes need light.", "Tomatoes need light."),
        ('"The whole answer is quoted."', "The whole answer is quoted."),
        ('He said "wait. She waited long.', "He said wait. She waited long."),
        ("However, the sun helps.", "The sun helps."),
        ("In the morning the tall plants drink a lot. At night the tall plants drink a lot of it.",
         "In the morning the tall plants drink a lot."),
    ],
)  # fmt: skip
def test_editing_drops_what_a_small_model_should_not_have_written(text: str, kept: str) -> None:
    assert edit(text) == kept


def test_an_editor_remembers_earlier_paragraphs_but_no_preview() -> None:
    editor = Editor(TITLE)
    sentence = "Every plant on the balcony needs light."
    assert editor.preview(sentence) == editor.edit(sentence) == sentence
    assert editor.edit(sentence) == ""


def test_a_heading_and_the_text_below_it_share_no_run_of_ten_words() -> None:
    editor = Editor("flour water patience")
    editor.add_heading("A starter needs flour, water and patience")
    opening, again = "A starter is a living thing that needs care.", "The starter needs flour, water and patience."
    assert editor.edit(f"{opening} {again} A starter is a small jar.") == f"{opening} {again}"


def test_a_number_of_the_brief_may_be_repeated() -> None:
    assert edit("Use pots of 20 litres.", facts="pots: 20 litres") == "Use pots of 20 litres."
