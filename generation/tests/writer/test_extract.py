"""What is taken from a brief: points, and orders to whoever writes."""

import pytest

from generation.failures import FailureCode, GenerationFailed
from generation.writer.brief import CleanBrief
from generation.writer.extract import MOST_CALLS, Extract, extract


def extracted(notes: str, title: str = "The quarry", wanted: str = "auto") -> Extract:
    return extract(wanted, title, CleanBrief(title, notes, []))


def test_an_order_becomes_what_it_asks_for_and_is_never_printed() -> None:
    notes = (
        "the water is cold; say plainly that swimming is dangerous; mention parking on the meadow behind the chapel;"
        ' keep it sober; remind readers to bring cups; quote exactly: "Never alone."'
    )
    assert extracted(notes).content() == (
        "The water is cold. Swimming is dangerous. **Parking:** on the meadow behind the chapel.\n\n"
        'Bring cups. "Never alone."'
    )


def test_orders_that_only_the_author_can_follow_are_listed() -> None:
    made = extracted("the water is cold; explain why; mention backups; keep it sober")
    assert made.content() == "The water is cold."
    assert made.unused == ("explain why", "mention backups")
    assert made.orders == ("explain why", "mention backups", "keep it sober")


def test_a_german_clause_keeps_the_order_of_its_words_and_so_is_no_sentence() -> None:
    made = extracted(
        "Wir haben geöffnet; bitte erwähnen, dass der Eintritt frei ist; Parken auf der Wiese erwähnen", "Das Fest"
    )
    assert "frei ist" not in made.content()
    assert made.unused == ("bitte erwähnen, dass der Eintritt frei ist",)
    assert "**Parken:** auf der Wiese" in made.content()


@pytest.mark.parametrize(("given", "decided"), [({0: False, 1: False}, "- A hive"), ({}, "A hive")])
def test_what_the_model_decides_changes_the_form_only(given: dict[int, bool], decided: str) -> None:
    made = extracted("a hive with thick walls; a little stream behind it; it is quiet")
    assert made.unclear == [0, 1]
    assert decided in made.content(given)


def test_code_headings_and_tables_are_not_asked_about() -> None:
    made = extracted("# The old north wall\n```\nrun the old tool\n```\n| a | b |\n| --- | --- |\nYou need:\n> said it")
    assert made.unclear == []


def test_no_more_points_are_asked_about_than_a_post_may_cost() -> None:
    assert len(extracted("; ".join(["bees follow the queen"] * 40)).unclear) == MOST_CALLS


@pytest.mark.parametrize(("notes", "wanted"), [("the water is cold", "de"), ("die Erde ist gut und der Topf", "fr")])
def test_nothing_is_translated(notes: str, wanted: str) -> None:
    with pytest.raises(GenerationFailed) as caught:
        extracted(notes, wanted=wanted)
    assert caught.value.code == FailureCode.UNSUPPORTED_LANGUAGE
