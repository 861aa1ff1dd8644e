import itertools
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.tests.writer.sample_post import NOTES, SECTIONS, TITLE, post
from generation.writer.checks.gate import LIMITS, gate, has_meta, is_post, split_post
from generation.writer.words import sentences


def failed(content: str) -> set[str]:
    return set(gate(TITLE, NOTES, content)["failed"])


@pytest.mark.parametrize("text", ["As an AI language model I cannot.", "In the article we saw", "Sure, here it is"])
def test_talk_about_the_text_itself_is_meta(text: str) -> None:
    assert has_meta(text)


def test_a_brief_about_blog_posts_may_speak_of_blog_posts() -> None:
    assert has_meta("Every blog post needs a hook.")
    assert not has_meta("Every blog post needs a hook.", "How to open a blog post")


def test_a_sane_post_passes_the_gate() -> None:
    assert gate(TITLE, NOTES, post()) == gate(TITLE, NOTES, post()) | {"failed": [], "sections": 4}


def test_a_post_splits_into_introduction_and_sections() -> None:
    introduction, sections = split_post(post())
    assert introduction.startswith("A sunny balcony")
    assert [heading for heading, _ in sections] == list(SECTIONS)


def test_sections_swapped_under_their_headings_fail() -> None:
    texts = [SECTIONS["Water in the morning"], SECTIONS["Conclusion"], SECTIONS["Choose compact varieties"]]
    swapped = dict(
        zip(["Choose compact varieties", "Water in the morning", "Pinch out side shoots"], texts, strict=True)
    )
    assert "heading_cover" in failed(post(swapped))


def test_a_section_of_another_post_fails() -> None:
    stray = SECTIONS | {
        "Conclusion": "Interest rates rose again, " * 3 + "and banks lend less money to young firms. " * 3
    }
    assert "stray_sections" in failed(post(stray))


def test_a_repeated_section_fails() -> None:
    doubled = SECTIONS | {"More about side shoots": SECTIONS["Pinch out side shoots"]}
    assert {"longest_repeat", "repeated_sentences", "distinct_3"} <= failed(post(doubled))


def test_a_text_without_its_tail_fails() -> None:
    assert failed(post()[:-40]) == {"ends_well"}
    assert {"words", "sections", "ends_well"} <= failed(post()[:900])


def test_a_text_that_talks_about_itself_fails() -> None:
    assert failed(post().replace("Tomatoes ask", "In this article we saw that tomatoes ask")) == {"meta"}


def test_a_text_about_something_else_fails() -> None:
    measures = gate("Quarterly tax returns for musicians", "keep receipts; deduct instruments", post())
    assert {"title_cover", "notes_cover"} <= set(measures["failed"])


@given(st.randoms(use_true_random=False), st.integers(1, 8))
def test_repeating_sentences_never_makes_a_post_better(rng: random.Random, times: int) -> None:
    content = post()
    sentence = rng.choice(re.findall(r"[A-Z][^.]{60,}\.", content))
    damaged = content + f" {sentence}" * times
    assert {"longest_repeat"} <= failed(damaged)


@given(st.integers(0, 2400))
def test_the_gate_checks_every_prefix_of_a_post(length: int) -> None:
    measures = gate(TITLE, NOTES, post()[:length])
    assert set(measures) == {*LIMITS, "failed"}
    assert is_post(TITLE, measures) == (measures["words"] >= 250 and measures["sections"] >= 3)


def test_a_text_without_a_title_is_no_post() -> None:
    assert not is_post(" ", gate(TITLE, NOTES, post()))


def in_order(texts: tuple[str, ...]) -> str:
    return post(dict(zip(SECTIONS, texts, strict=True)))


def test_the_more_sections_stand_under_another_heading_the_lower_is_their_cover() -> None:
    texts = tuple(SECTIONS.values())
    covers: dict[int, list[float]] = {}
    for order in itertools.permutations(texts[:-1]):
        moved = sum(text != there for text, there in zip(order, texts, strict=False))
        measures = gate(TITLE, NOTES, in_order((*order, texts[-1])))
        covers.setdefault(moved, []).append(measures["heading_cover"])
        assert ("heading_cover" in measures["failed"]) == bool(moved)
    assert min(covers[0]) > max(covers[2])
    assert min(covers[2]) > max(covers[3])


@given(st.integers(1, 12), st.randoms(use_true_random=False))
def test_repeated_sentences_are_counted_in_proportion(times: int, rng: random.Random) -> None:
    body, tail = post().rsplit("\n\n", 1)
    section = sentences(split_post(body)[1][0][1])
    damaged = f"{body}\n\n{tail} " + " ".join(rng.choice(section) for _ in range(times))
    prose = "\n".join([split_post(post())[0], *(text for _, text in split_post(post())[1])])
    total = len(sentences(prose))
    assert gate(TITLE, NOTES, damaged)["repeated_sentences"] == round(times / (total + times), 3)


@given(st.integers(1, 12))
def test_each_sentence_about_the_text_counts(times: int) -> None:
    talk = " ".join(f"This paragraph is about point {chr(97 + number)}." for number in range(times))
    measures = gate(TITLE, NOTES, f"{post()} {talk}")
    assert measures["meta"] == times
    assert "meta" in measures["failed"]


def test_each_sentence_that_the_tail_loses_makes_it_worse() -> None:
    sentences_of_post = re.findall(r"[^.]+\.", post())
    cut = [gate(TITLE, NOTES, "".join(sentences_of_post[:left])) for left in range(len(sentences_of_post), 0, -1)]
    lengths = [measures["words"] for measures in cut]
    assert lengths == sorted(lengths, reverse=True)
    assert cut[0]["failed"] == []
    failing = ["words" in measures["failed"] for measures in cut]
    assert failing == sorted(failing)
    assert failing.count(True) > len(sentences_of_post) / 2
