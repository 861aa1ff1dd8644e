"""Each measure against the damage that must move it, on texts whose truth is known."""

import re
from collections.abc import Callable

import pytest

from generation.evaluation.measures import MEASURES, measure
from generation.evaluation.post import Post
from generation.tests.evaluation.damages import (
    ALLOTMENT,
    CLEAN,
    FERRY,
    NEGATIONS,
    padded,
    replaced,
    rewritten,
    with_absurd_sentences,
    with_cliches,
    with_cut_headings,
    with_pasted_notes,
    with_sentences_for_headings,
)

TITLES = ["allotment", "ferry"]
NOTHING_WRONG = (
    "claim_check", "contradictions", "lost_facts", "lost_notes", "invented", "machine_phrases", "stray_sentences",
)  # fmt: skip


def holding(sentence: str) -> Post:
    return next(post for post in CLEAN if sentence in post.text)


def value(post: Post, name: str) -> float:
    found = measure(post)[name]
    assert found is not None
    return found


@pytest.mark.parametrize("post", CLEAN, ids=TITLES)
def test_a_clean_post_has_nothing_wrong_and_is_mostly_its_authors(post: Post) -> None:
    found = measure(post)
    assert {name: found[name] for name in NOTHING_WRONG} == dict.fromkeys(NOTHING_WRONG, 0)
    assert found["heading_quality"] == 1
    assert found["own_share"] is not None
    assert found["own_share"] > 0.6
    assert found["expansion"] is not None
    assert found["expansion"] < 2.5


@pytest.mark.parametrize("sentence", NEGATIONS)
def test_a_negated_claim_is_a_contradiction(sentence: str) -> None:
    post = replaced(holding(sentence), sentence, NEGATIONS[sentence])
    assert value(post, "contradictions") == value(post, "claim_check") == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "There are 24 plots instead of 18. ",
        "A plot costs 35 euros a year. ",
        '"Bring your own spade," says Edda Brandt. ',
        "The map is at https://plots.example/map.",
        "The first boat leaves at 6:40. ",
        " A crossing takes 50 minutes.",
        " Captain Nils Aaberg answers questions on 0555 7788.",
    ],
)
def test_a_deleted_sentence_loses_its_facts(sentence: str) -> None:
    assert value(replaced(holding(sentence), sentence, ""), "lost_facts") > 0


def test_lost_facts_are_a_share_of_those_of_the_notes() -> None:
    crossing = replaced(FERRY, " A crossing takes 50 minutes.", "")
    assert value(crossing, "lost_share") == pytest.approx(1 / 5, abs=0.001)
    assert measure(Post("Keeping bees", "bees need flowers", "Bees need flowers."))["lost_share"] is None


def test_a_fact_in_a_heading_alone_is_lost() -> None:
    post = replaced(ALLOTMENT, "A plot costs 35 euros a year. ", "")
    assert value(replaced(post, "## Plots and prices", "## Plots for 35 euros"), "lost_facts") == 1


def test_a_deleted_sentence_without_a_fact_loses_a_note() -> None:
    assert value(replaced(FERRY, "Bicycles travel free of charge. ", ""), "lost_notes") == 1


@pytest.mark.parametrize(
    ("post", "old", "new"),
    [
        (post, found.group(), str(int(found.group()) + 7))
        for post in CLEAN
        for found in re.finditer(r"(?<![:\d])\d{1,2}(?!\d)", post.text)
    ],
)
def test_seven_more_is_an_invented_figure_and_loses_the_true_one(post: Post, old: str, new: str) -> None:
    damaged = rewritten(post, re.sub(rf"(?<![:\d]){old}(?!\d)", new, post.text, count=1))
    assert value(damaged, "invented_figures") == 1
    assert value(damaged, "lost_facts") >= 1


@pytest.mark.parametrize(
    ("post", "old", "new"),
    [
        (ALLOTMENT, "35 euros", "35 dollars"),
        (ALLOTMENT, "35 euros a year", "fifty euros a year"),
        (FERRY, "50 minutes", "50 hours"),
        (FERRY, "50 minutes", "ninety minutes"),
    ],
)
def test_another_unit_is_an_invented_figure_and_so_is_a_number_in_words(post: Post, old: str, new: str) -> None:
    assert value(replaced(post, old, new), "invented_figures") == 1


@pytest.mark.parametrize(
    ("post", "old", "new"), [(ALLOTMENT, "Edda Brandt", "Olga Winter"), (FERRY, "Nils Aaberg", "Piet Harmsen")]
)
def test_a_renamed_person_is_an_invented_name_and_loses_the_true_one(post: Post, old: str, new: str) -> None:
    damaged = replaced(post, old, new)
    assert value(damaged, "invented_names") > 0
    assert value(damaged, "lost_facts") > 0


def test_another_quotation_and_another_link_are_invented() -> None:
    assert value(replaced(ALLOTMENT, "Bring your own spade", "Dig as deep as you dare"), "invented_quotations") == 1
    assert value(replaced(ALLOTMENT, "plots.example/map", "garden.example/plan"), "invented_links") == 1


@pytest.mark.parametrize("post", CLEAN, ids=TITLES)
def test_a_memory_that_the_author_does_not_tell_is_invented(post: Post) -> None:
    damaged = rewritten(post, f"I still remember my first visit with my grandmother. {post.text}")
    assert value(damaged, "invented_memories") == value(damaged, "invented") == 1


@pytest.mark.parametrize("post", CLEAN, ids=TITLES)
@pytest.mark.parametrize(
    ("damage", "name"),
    [
        (with_absurd_sentences, "stray_sentences"),
        (with_absurd_sentences, "expansion"),
        (padded, "expansion"),
        (with_cliches, "machine_phrases"),
    ],
)
def test_a_damage_raises_its_measure(post: Post, damage: Callable[[Post], Post], name: str) -> None:
    assert value(damage(post), name) > value(post, name)


@pytest.mark.parametrize("post", CLEAN, ids=TITLES)
@pytest.mark.parametrize("damage", [padded, with_absurd_sentences, with_cliches])
def test_what_the_author_did_not_say_lowers_the_own_share(post: Post, damage: Callable[[Post], Post]) -> None:
    assert value(damage(post), "own_share") < value(post, "own_share") - 0.1


@pytest.mark.parametrize("post", CLEAN, ids=TITLES)
def test_pasted_notes_are_all_their_authors_and_as_long_as_they_are(post: Post) -> None:
    pasted = measure(with_pasted_notes(post))
    assert (pasted["own_share"], pasted["expansion"]) == (1, 1)
    assert pasted["heading_quality"] is None


@pytest.mark.parametrize("post", CLEAN, ids=TITLES)
@pytest.mark.parametrize("damage", [with_cut_headings, with_sentences_for_headings])
def test_cut_headings_and_sentences_for_headings_are_no_headings(post: Post, damage: Callable[[Post], Post]) -> None:
    assert value(damage(post), "heading_quality") == 0


def test_a_brief_without_notes_has_no_own_share_and_no_expansion() -> None:
    found = measure(Post("Keeping bees", "", "Bees need flowers.\n"))
    assert found["own_share"] is found["expansion"] is None


def test_every_measure_has_a_name_of_its_own() -> None:
    names = [one.name for one in MEASURES]
    assert list(measure(ALLOTMENT)) == names
    assert len(set(names)) == len(names)
