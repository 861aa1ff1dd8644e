from hypothesis import given
from hypothesis import strategies as st

from generation.writer.outline import CLAUSE_LIMIT, FILLERS, HEADING_LIMIT, HEADING_WORDS, outline_from_notes

SEVEN_POINTS = "find a teacher; float; breathe out; go twice a week; rest; be proud; tell friends"


def headings(notes: str, title: str = "Saving money") -> list[str]:
    return [section.heading for section in outline_from_notes(title, notes)]


def test_notes_are_split_at_lines_semicolons_and_sentence_ends() -> None:
    assert headings("plan meals; buy in season\n- compare prices\n2. Freeze leftovers. Cook at home.") == [
        "Plan meals",
        "Buy in season",
        "Compare prices",
        "Freeze leftovers",
        "Cook at home",
    ]


def test_few_sentences_are_split_at_their_commas_too() -> None:
    assert headings("ride the tram early, eat a tart, and walk through Alfama") == [
        "Ride the tram early",
        "Eat a tart",
        "Walk through Alfama",
    ]


def test_more_than_five_points_become_five_groups_of_neighbours() -> None:
    sections = outline_from_notes("Swimming", SEVEN_POINTS)
    assert [section.clause for section in sections] == [
        "find a teacher",
        "float",
        "breathe out; go twice a week",
        "rest",
        "be proud; tell friends",
    ]


def test_empty_notes_are_filled_with_general_questions() -> None:
    assert [section.clause for section in outline_from_notes("Black holes", "")] == list(FILLERS[:3])


def test_points_that_repeat_the_title_or_each_other_count_once() -> None:
    assert headings("Money, saving it; plan the meals; meal plans; buy in season; cook") == [
        "Plan the meals",
        "Buy in season",
        "Cook",
    ]


def test_a_long_heading_is_cut_where_a_phrase_ends() -> None:
    notes = "Why people reuse passwords and why that is so very dangerous for everyone; vaults; theft"
    assert headings(notes)[0] == "Why people reuse passwords"


@given(st.text(max_size=60), st.text(max_size=400))
def test_any_brief_gives_three_to_five_different_sections(title: str, notes: str) -> None:
    sections = outline_from_notes(title, notes)
    assert 3 <= len(sections) <= 5
    assert len({section.heading.lower() for section in sections}) == len(sections)
    assert all(0 < len(section.heading) <= HEADING_LIMIT for section in sections)
    assert all(len(section.heading.split()) <= HEADING_WORDS for section in sections)
    assert all(0 < len(section.clause) <= CLAUSE_LIMIT for section in sections)


def test_a_section_knows_the_points_that_it_joins() -> None:
    sections = outline_from_notes("Swimming", SEVEN_POINTS)
    assert [section.points for section in sections][2:4] == [("breathe out", "go twice a week"), ("rest",)]
    assert {section.points for section in outline_from_notes("Black holes", "")} == {()}
