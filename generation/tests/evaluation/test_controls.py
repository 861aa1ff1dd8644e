"""The texts that stand beside the writer's."""

from generation.evaluation.controls import authors_sentences, pasted_notes
from generation.writer.brief import Brief, CleanBrief

BRIEF = CleanBrief.of(
    Brief("The mill", "- grinds rye on Fridays\n- bring a bag!; mention the parking\nopen until 17:00"), 4000
)


def test_pasted_notes_are_the_notes() -> None:
    assert pasted_notes(BRIEF) == BRIEF.notes


def test_the_authors_sentences_are_whole_and_leave_out_orders_to_the_writer() -> None:
    assert authors_sentences(BRIEF) == "Grinds rye on Fridays.\n\nBring a bag!\n\nOpen until 17:00."


def test_a_brief_without_notes_has_neither() -> None:
    empty = CleanBrief.of(Brief("The mill", ""), 4000)
    assert pasted_notes(empty) == authors_sentences(empty) == ""
