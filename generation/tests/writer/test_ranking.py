from dataclasses import replace

from generation.writer.ranking import Subject

SUBJECT = Subject("Growing tomatoes on a balcony", "water in the morning", "water in the morning")
GOOD = (
    "Water the tomatoes in the morning, before the sun reaches the balcony and the soil warms up. Roots take what they"
    " need during the day, while leaves stay dry and healthy. A slow stream from a small can works better than a sudden"
    " flood, because growing plants drink step by step."
)


def score_of(text: str) -> float:
    return SUBJECT.score(text, text).score


def test_a_paragraph_about_its_clause_and_title_is_not_weak() -> None:
    scored = SUBJECT.score(GOOD, GOOD)
    assert not scored.weak
    assert scored.words == 51


def test_a_short_or_stray_paragraph_is_weak() -> None:
    stray = "Banks lend less money to young firms when interest rates rise, and " * 4
    assert SUBJECT.score(GOOD, GOOD[:60]).weak
    assert SUBJECT.score(stray, stray).weak


def test_first_person_invented_names_repetition_and_meta_text_each_cost_points() -> None:
    assert score_of(GOOD + " I love it.") < score_of(GOOD)
    assert score_of(GOOD.replace("small can", "small Gardena can")) < score_of(GOOD)
    assert score_of(GOOD + " " + GOOD) < score_of(GOOD)
    assert SUBJECT.score("As an AI, I agree. " + GOOD, GOOD).score < score_of(GOOD)


def test_a_brief_in_the_first_person_may_be_answered_so() -> None:
    mine = Subject("Why I grow tomatoes", "", "")
    assert mine.score(GOOD, GOOD + " I love it.").score >= mine.score(GOOD, GOOD).score


def test_a_name_of_the_brief_is_not_invented() -> None:
    assert Subject("A weekend in Lisbon", "", "").invented_names("We saw Lisbon, Porto and Lisbon again.") == 1


def test_after_its_opening_a_paragraph_is_scored_by_how_it_stays_with_it() -> None:
    opened = replace(SUBJECT, opening="Water in the morning.")
    stray = "Banks lend less money to young firms when interest rates rise, and owners wait for better years. " * 3
    kept = opened.score(f"Water in the morning. {GOOD}", f"Water in the morning. {GOOD}")
    left = opened.score(f"Water in the morning. {stray}", f"Water in the morning. {stray}")
    assert kept.score > left.score
    assert (kept.weak, left.weak) == (False, True)
