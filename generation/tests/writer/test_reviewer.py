"""A text as it was reviewed, and which of two is the better one."""

import asyncio

from generation.tests.writer.large_posts import BRIEF, TITLE
from generation.tests.writer.sample_post import post
from generation.writer.checks.assess import Wanted
from generation.writer.checks.findings import Finding, FindingName, held_back
from generation.writer.checks.review import Subject
from generation.writer.reviewer import LEAST_WORDS, Reviewed, Reviewer

LIE, FILLER = FindingName.CONTRADICTION, FindingName.FILLER


def review(text: str, *claims: Finding) -> Reviewed:
    reviewer = Reviewer(Subject(TITLE, BRIEF.content, length="short"), Wanted("short"))
    return asyncio.run(reviewer.review(text, claims))


def ranked(words: int, *names: FindingName) -> Reviewed:
    return Reviewed("", tuple(Finding(name) for name in names), {"words": words})


def test_a_text_is_tidied_measured_and_checked() -> None:
    found = review(f"# {TITLE}\n\n{post()}")
    assert (found.content, found.measures["failed"], found.is_post) == (post(), [], True)
    assert not held_back(found.findings)
    assert held_back(review(f"{post()} See https://tomatoes.example.org.").findings)


def test_claims_count_as_long_as_their_sentence_stands() -> None:
    claim = Finding(LIE, "Evening\n    watering leaves foliage damp during cool hours")
    assert claim in review(post(), claim).findings
    assert claim not in review(post().replace("Evening", "Late"), claim).findings


def test_a_handful_of_words_is_no_post() -> None:
    assert not review("word " * (LEAST_WORDS - 1)).is_post
    assert review("word " * LEAST_WORDS).is_post


def test_a_short_text_is_no_reason_for_a_repair() -> None:
    assert [finding.name for finding in ranked(90, FindingName.TOO_SHORT, FILLER).to_repair] == [FILLER]


def test_the_better_text_is_held_back_by_less_then_has_fewer_findings() -> None:
    assert ranked(800, FILLER, FILLER, FILLER).is_better_than(ranked(800, LIE))
    assert ranked(800, LIE).is_better_than(ranked(800, LIE, FILLER))
    assert not ranked(800, LIE).is_better_than(ranked(800, LIE))


def test_a_repair_that_lost_half_of_the_text_is_no_better_unless_there_was_too_much() -> None:
    assert not ranked(300).is_better_than(ranked(800, FILLER))
    assert ranked(300).is_better_than(ranked(800, FindingName.TOO_LONG))
    assert ranked(800, FILLER).is_better_than(ranked(LEAST_WORDS - 1))
