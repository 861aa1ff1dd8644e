import pytest

from generation.writer.skeleton import LEAD, NOTED, skeleton


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("Keeping a garden journal", "- Why is keeping a garden journal worth the effort?"),
        ("Houseplants for dark rooms", "- What should a reader know first about houseplants for dark rooms?"),
        ("Berlin", "- What should a reader know first about “Berlin”?"),
        ("Who reads this?", "- What should a reader know first about “Who reads this?”?"),
        ("How to prune roses", "- Which steps are there, in which order?"),
        ("Why leaves fall", "- What is the main reason, in one sentence?"),
        ("What makes the tides", "- What is the short answer?"),
        ("Tea or coffee", "- Who should choose which?"),
        ("Harbour 2.1", "- Which faults are fixed?"),
        ("A month with a folding bicycle", "- What is good about it?"),
        ("Three days in Porto", "- What should nobody miss?"),
        ("Our summer festival", "- What happens, when and where?"),
        ("{doing} {topic} %s", "- What have you seen or done yourself?"),
    ],
)
def test_a_skeleton_asks_what_readers_of_its_title_will(title: str, question: str) -> None:
    text = skeleton(title, "")
    assert text.startswith(LEAD["en"].format(title=title))
    assert question in text.splitlines()
    assert len(text.split()) < 90


def test_a_skeleton_keeps_the_words_that_were_noted() -> None:
    assert skeleton("Iced tea", "cold").endswith(NOTED["en"].format(notes="cold"))


def test_a_german_title_gets_german_questions() -> None:
    text = skeleton("Über den Wolken", "", "de")
    assert text.startswith(LEAD["de"].format(title="Über den Wolken"))
    assert "Was ist schwierig daran?" in text
