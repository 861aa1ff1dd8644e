"""A model's edits change the passages they name, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.writer.answers import UnusableAnswer
from generation.writer.edits import MOST, Edit, edited, read_edits

TEXT = "Pots are heavy. Water them at noon. Shade helps.\n\n## Clay\n\nIt breathes. It breaks."


@pytest.mark.parametrize(
    ("edit", "text"),
    [
        (Edit("at noon", "in the morning"), TEXT.replace("at noon", "in the morning")),
        (Edit("Water them at noon.", ""), TEXT.replace("Water them at noon. ", "")),
        (Edit("Shade helps.", ""), TEXT.replace(" Shade helps.", "")),
        (Edit("It breathes. It breaks.", "It is heavy."), TEXT.replace("It breathes. It breaks.", "It is heavy.")),
        (Edit("## Clay It breathes.", "## Clay\n\nIt breathes well."), TEXT.replace("breathes.", "breathes well.")),
        (Edit("## Clay", "## Clay pots"), TEXT.replace("## Clay", "## Clay pots")),
        (Edit("Clay", "Clay pots"), TEXT.replace("## Clay", "## Clay pots")),
    ],
)
def test_a_passage_that_stands_there_once_is_replaced(edit: Edit, text: str) -> None:
    found = edited(TEXT, [edit])
    assert (found.text, found.made, found.skipped) == (text, 1, 0)


@pytest.mark.parametrize(
    "edit",
    [
        Edit("Water them in May.", ""),
        Edit("It", "Clay"),  # stands there twice
        Edit("", "More."),
        Edit("Shade helps. ## Clay", "Shade helps."),  # a heading would be lost
        Edit("Clay", ""),
        Edit("Clay\n\nIt breathes.", "Clay pots breathe."),
        Edit("Clay", "Clay\n\nIt is heavy."),
        Edit("Shade helps.", "Shade helps.\n\n## Sun"),  # or be one too many
        Edit("Shade helps.\n\n## Clay\n\nIt breathes.", "Shade helps. ## Clay It breathes."),
    ],
)
def test_an_edit_that_cannot_be_made_is_counted(edit: Edit) -> None:
    found = edited(TEXT, [edit, Edit("It breaks.", "It may break.")])
    assert (found.text, found.made, found.skipped) == (TEXT.replace("It breaks.", "It may break."), 1, 1)


def test_of_two_edits_that_overlap_the_first_is_made() -> None:
    found = edited(TEXT, [Edit("Water them", "Soak them"), Edit("them at noon", "them at dawn")])
    assert (found.text, found.skipped) == (TEXT.replace("Water", "Soak"), 1)


def test_a_paragraph_or_an_item_that_is_removed_leaves_no_gap() -> None:
    found = edited("One.\n\nTwo.\n\n- a pot\n- a can\n\nThree.", [Edit("Two.", ""), Edit("a pot", "")])
    assert found.text == "One.\n\n- a can\n\nThree."


def test_too_many_edits_are_skipped() -> None:
    text = " ".join(f"word{number}" for number in range(2 * MOST))
    found = edited(text, [Edit(word, "x") for word in text.split()])
    assert (found.made, found.skipped) == (MOST, MOST)


@pytest.mark.parametrize("answer", ["", "{}", '{"edits": [{"find": "a"}]}', '{"edits": [{"find": 1, "replace": ""}]}'])
def test_what_is_no_list_of_edits_is_unusable(answer: str) -> None:
    with pytest.raises(UnusableAnswer):
        read_edits(answer)


@given(st.lists(st.from_regex(r"[a-z]{1,4}", fullmatch=True), min_size=1, max_size=12, unique=True), st.data())
def test_what_no_edit_names_stays_to_the_letter(names: list[str], data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(names)))
    text = " ".join(names)
    found = edited(text, [Edit(name, name.upper()) for name in sorted(chosen)])
    assert found.text == " ".join(name.upper() if name in chosen else name for name in names)
    assert (found.made, found.skipped) == (len(chosen), 0)
