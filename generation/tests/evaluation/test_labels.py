"""The posts that readers labelled."""

import json
from collections import Counter
from pathlib import Path

import pytest

from generation.evaluation.briefs import load
from generation.evaluation.labels import UNLIKE_ITS_POSTS, LabelledPost, load_posts, load_readings
from generation.evaluation.separation import separations
from generation.evaluation.targets import LARGE, SMALL

POSTS = load_posts()


def reading(posts: list[LabelledPost]) -> dict[str, dict[str, object]]:
    return {post.id: {"keep_as_draft": True, "labels": ["keep"] * len(post.sentences)} for post in posts}


def test_every_target_that_is_no_promise_is_a_measure_that_separates() -> None:
    separates = {one.measure: one.separates for one in separations(POSTS, load_readings(POSTS)["first"])}
    targets = [(name, target) for profile in (SMALL, LARGE) for name, target in profile.items() if name in separates]
    assert {name for name, target in targets if not target.is_promise and not separates[name]} == set()


def saved(folder: Path, second: object) -> Path:
    path = folder / "labels.json"
    path.write_text(json.dumps({"first": reading(POSTS), "second": second}))
    return path


def test_there_are_thirty_posts_of_three_sources_on_briefs_that_are_not_held_out() -> None:
    assert Counter(post.source for post in POSTS) == {"small": 12, "sentences": 4, "large": 14}
    assert sum(len(post.sentences) for post in POSTS) == 578
    assert len({post.id for post in POSTS}) == len({post.post.title for post in POSTS}) == 30
    assert {brief.title for brief in load("heldout")}.isdisjoint(post.post.title for post in POSTS)


def test_the_sentences_that_were_read_are_those_of_the_text() -> None:
    for post in POSTS:
        assert post.sentences == post.post.sentences


def test_a_reading_has_a_label_for_each_sentence(tmp_path: Path) -> None:
    found = load_readings(POSTS, saved(tmp_path, reading(POSTS)))
    assert list(found) == ["first", "second"]
    assert {label for labels in found["second"].values() for label in labels.labels} == {"keep"}


@pytest.mark.parametrize("labels", [["keep"], ["good"] * len(POSTS[0].sentences), []])
def test_a_reading_of_other_posts_is_a_clear_error(tmp_path: Path, labels: list[str]) -> None:
    path = saved(tmp_path, reading(POSTS) | {POSTS[0].id: {"keep_as_draft": True, "labels": labels}})
    message = UNLIKE_ITS_POSTS.format(name="second", file="labels.json", post=POSTS[0].id)
    with pytest.raises(ValueError, match=message):
        load_readings(POSTS, path)
