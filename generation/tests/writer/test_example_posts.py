"""The posts in `generation/example_posts`, which a real model wrote, against the gate: as they are, and damaged."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from generation.evaluation.briefs import load
from generation.writer.checks.gate import gate, split_post

FOLDER = Path(__file__).resolve().parents[2] / "example_posts"
EXAMPLES = [path for path in sorted(FOLDER.glob("*.md")) if path.name != "README.md"]
BRIEFS = {brief.id: brief for brief in load("heldout")}


def failed(path: Path, damage: Callable[[str], str] = str) -> set[str]:
    brief = BRIEFS[path.stem]
    text = path.read_text(encoding="utf-8").split("\n\n", 2)[2].strip()
    return set(gate(brief.title, brief.notes, damage(text))["failed"])


def without_its_tail(text: str) -> str:
    return text[: len(text) // 2]


def with_a_repeated_sentence(text: str) -> str:
    longest = max(re.findall(r"[A-Z][^.!?]+[.!?]", text), key=len)
    return f"{text} {longest}"


def with_talk_about_itself(text: str) -> str:
    return f"{text} In this article we saw what matters."


def with_its_sections_rotated(text: str) -> str:
    introduction, sections = split_post(text)
    texts = [text for _, text in sections]
    rotated = zip((heading for heading, _ in sections), texts[1:] + texts[:1], strict=True)
    return "\n\n".join([introduction, *(f"## {heading}\n\n{text}" for heading, text in rotated)])


def test_there_are_three_examples_and_all_are_posts_of_held_out_briefs() -> None:
    assert len(EXAMPLES) == 3
    for path in EXAMPLES:
        assert path.read_text(encoding="utf-8").startswith(f"# {BRIEFS[path.stem].title}\n\n> Brief `{path.stem}`")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_passes_the_gate(path: Path) -> None:
    assert failed(path) == set()


@pytest.mark.parametrize(
    "damage", [without_its_tail, with_a_repeated_sentence, with_talk_about_itself, with_its_sections_rotated]
)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_damaged_example_does_not(path: Path, damage: Callable[[str], str]) -> None:
    assert failed(path, damage)
