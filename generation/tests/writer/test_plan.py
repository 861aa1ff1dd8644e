"""Plans: read from a model's answer, or made from the notes; and the titles they offer."""

import json
from typing import Any

import pytest

from generation.tests.writer.large_posts import BRIEF, TITLE
from generation.writer.answers import UNUSABLE, UnusableAnswer
from generation.writer.plan import Plan, Point, offered_title, plan_from_notes, read_plan
from generation.writer.prompts.large import Material

MATERIAL = Material(TITLE, BRIEF.content)


def plan(*headings: str, words: int = 800, points: Any = BRIEF.content, title: str = "Better") -> str:
    said = points if isinstance(points, list) else [points]
    sections = [{"heading": heading, "points": said, "words": words // len(headings)} for heading in headings]
    return json.dumps({"title": title, "sections": sections})


def outline(text: str, material: Material = MATERIAL) -> str:
    return read_plan(text, material).outline(material.unit)


def points_of(found: Plan) -> list[Point]:
    return [point for section in found.sections for point in section.points]


def test_a_plan_becomes_an_outline() -> None:
    assert outline(plan("One", "Two", "Three"), Material(TITLE, "")).startswith("## One (266 words)\n- choose")


def test_a_point_carries_the_number_of_its_note() -> None:
    numbered = [{"text": note, "note": n} for n, note in enumerate(MATERIAL.facts, 1)]
    found = read_plan(plan("One", "Two", "Three", points=numbered), MATERIAL)
    assert [point.note for point in found.sections[0].points] == [1, 2, 3]
    assert "- water in the morning (note 2)" in found.outline("words")
    assert found.planned[0].points == tuple(MATERIAL.facts)


def test_only_what_comes_from_a_note_is_checked_if_a_plan_says_what_does() -> None:
    said = [{"text": BRIEF.content, "note": 1}, {"text": "the sun", "note": 0}]
    found = read_plan(plan("One", "Two", "Three", points=said), MATERIAL)
    assert {section.points for section in found.planned} == {(BRIEF.content,)}
    bare = read_plan(plan("One", "Two", "Three", points=[BRIEF.content, "the sun"]), MATERIAL)
    assert {section.points for section in bare.planned} == {(BRIEF.content, "the sun")}


@pytest.mark.parametrize("note", [0, 4, -1, None, True, "x", "9" * 5000, 1.5, [1]])
def test_a_note_that_does_not_exist_is_none_and_no_reason_to_plan_again(note: Any) -> None:
    found = read_plan(plan("One", "Two", "Three", points=[{"text": BRIEF.content, "note": note}]), MATERIAL)
    assert {point.note for point in points_of(found)} == {0}


def test_a_plan_whose_points_are_no_list_is_unusable() -> None:
    said = json.loads(plan("One", "Two", "Three"))
    said["sections"][0]["points"] = BRIEF.content
    with pytest.raises(UnusableAnswer):
        read_plan(json.dumps(said), MATERIAL)


def test_a_negative_length_makes_up_for_no_other() -> None:
    said = json.loads(plan("One", "Two", "Three"))
    said["sections"][0]["words"], said["sections"][1]["words"] = 10**300, 266 - 10**300
    with pytest.raises(UnusableAnswer, match="add up to"):
        read_plan(json.dumps(said), MATERIAL)


def test_a_heading_as_long_as_a_paragraph_is_none() -> None:
    with pytest.raises(UnusableAnswer, match="headings are too long"):
        read_plan(plan("One", "Two", "pots and soil " * 50), MATERIAL)


def test_a_point_may_be_a_bare_text_or_name_its_note_as_text() -> None:
    found = read_plan(plan("One", "Two", "Three", points=[BRIEF.content, {"text": "more", "note": "2"}]), MATERIAL)
    assert points_of(found)[:2] == [Point(BRIEF.content), Point("more", 2)]


def test_half_a_character_in_a_plan_does_not_reach_the_next_prompt() -> None:
    text = plan("One \ud83d", "Two", "Three", points=BRIEF.content + "\udc00")
    assert "\\ud83d" in text
    assert outline(text, Material(TITLE, "")).encode()


def test_a_heading_or_point_of_several_lines_is_one_line_of_the_outline() -> None:
    text = plan("One\n## More", "Two", "Three", points=BRIEF.content + "\n## Fourth")
    assert outline(text).count("\n## ") == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (plan("One", "Two"), "It has 2 sections instead of 3 to 6."),
        (plan("One", "one!", "Two"), "Its headings are not all different."),
        (plan("One", "", "Two"), "Its headings are not all different."),
        (plan("One", "Two", "Three", words=300), "Its lengths add up to 300 words instead of about 800."),
        (plan("One", "Two", "Three", points="something"), "It leaves out points of the notes."),
        ('{"title": 1}', UNUSABLE),
        (plan("One", "Two", "Three", points=[{"note": 1}]), UNUSABLE),
        (plan("One", "Two", "Three").replace("266", "1e999"), UNUSABLE),
        ("Here you are:", UNUSABLE),
    ],
)
def test_a_plan_that_breaks_a_rule_is_unusable(text: str, problem: str) -> None:
    with pytest.raises(UnusableAnswer) as caught:
        read_plan(text, MATERIAL)
    assert caught.value.args == (problem,)


def test_what_the_notes_ask_of_the_writer_need_not_be_in_a_plan() -> None:
    material = Material(TITLE, BRIEF.content + "; mention seventeen unrelated watering cans of copper and zinc")
    assert read_plan(plan("One", "Two", "Three"), material)
    assert "mention" not in plan_from_notes(material).outline("words")


@pytest.mark.parametrize(
    ("title", "is_offered"),
    [
        ("Growing tomatoes on a balcony in pots", True),
        ("How Tomatoes grow on a balcony", True),
        ("Growing tomatoes, twice a week", True),
        ("10 Shocking Secrets of Balcony Tomatoes", False),
        ("Growing tomatoes on a balcony in 2031", False),
        ("Growing tomatoes the Sarasota way", False),
        ("The best fruit of all", False),
        ("Growing Tomatoes on a Balcony!", False),  # the same
        ("", False),
    ],
)
def test_a_title_is_offered_if_it_keeps_to_the_brief(title: str, is_offered: bool) -> None:
    assert offered_title(title, MATERIAL) == (title if is_offered else "")


def test_a_translated_title_need_not_share_words() -> None:
    assert offered_title("Des fruits en pots", MATERIAL) == ""
    assert offered_title("Des fruits en pots", MATERIAL, translated=True)
    assert offered_title("7 fruits en pots", MATERIAL, translated=True) == ""
