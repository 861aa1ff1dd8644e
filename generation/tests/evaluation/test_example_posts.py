"""The posts in `generation/example_posts`, which a real model wrote: as they are, and damaged."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from generation.evaluation.briefs import load
from generation.evaluation.examples import COUNT, picked
from generation.evaluation.measures import measure
from generation.evaluation.post import Post
from generation.evaluation.sanity import Sanity

FOLDER = Path(__file__).resolve().parents[2] / "example_posts"
EXAMPLES = [path for path in sorted(FOLDER.glob("*.md")) if path.name != "README.md"]
BRIEFS = {brief.id: brief for brief in load("heldout")}


def post_of(path: Path, damage: Callable[[str], str] = str) -> Post:
    brief = BRIEFS[path.stem]
    text = path.read_text(encoding="utf-8").split("\n\n", 2)[2].strip()
    return Post(brief.title, brief.notes, damage(text))


def without_its_tail(text: str) -> str:
    return text[: len(text) // 2].rstrip(".!?\"”' \n")


def with_repeated_sentences(text: str) -> str:
    longest = max(re.findall(r"[A-Z][^.!?#]+[.!?]", text), key=len)
    return f"{text}{3 * f' {longest}'}"


def test_the_examples_are_posts_of_held_out_briefs_that_were_picked_unread() -> None:
    assert [path.stem for path in EXAMPLES] == sorted(picked(list(BRIEFS)))
    assert len(EXAMPLES) == COUNT
    for path in EXAMPLES:
        assert path.read_text(encoding="utf-8").startswith(f"# {BRIEFS[path.stem].title}\n\n> Brief `{path.stem}`")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_sane_and_turns_no_note_round_and_loses_no_fact(path: Path) -> None:
    post = post_of(path)
    assert Sanity.of(post).is_sane
    assert (measure(post)["contradictions"], measure(post)["lost_facts"]) == (0, 0)


@pytest.mark.parametrize("damage", [without_its_tail, with_repeated_sentences])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_damaged_example_is_not_sane(path: Path, damage: Callable[[str], str]) -> None:
    assert not Sanity.of(post_of(path, damage)).is_sane
