"""The posts of a run that are shown to people."""

from pathlib import Path

import pytest

from generation.evaluation.briefs import EvaluationBrief
from generation.evaluation.examples import NO_TEXT, picked, write_examples
from generation.evaluation.outcome import Outcome
from generation.evaluation.runs import result

BRIEFS = [EvaluationBrief(f"brief-{n}", "how-to", f"Title {n}", "one\ntwo") for n in range(9)]


def results(text: str = "## Boats\n\nBoats float.\n") -> list[dict[str, object]]:
    return [result(brief, Outcome(text, seconds=2.5, seed=7, prompt_version="abc")) for brief in BRIEFS]


def test_three_posts_are_written_with_their_briefs_and_replace_those_of_an_earlier_run(tmp_path: Path) -> None:
    for name in ("README.md", "old.md"):
        (tmp_path / name).write_text("as it was")

    paths = write_examples(tmp_path, BRIEFS, results(), "a model")

    assert sorted(tmp_path.iterdir()) == sorted([tmp_path / "README.md", *paths])
    assert sorted(path.stem for path in paths) == sorted(picked([brief.id for brief in BRIEFS]))
    assert paths[0].read_text() == (
        f"# {next(brief.title for brief in BRIEFS if brief.id == paths[0].stem)}\n\n"
        f"> Brief `{paths[0].stem}` (how-to): one two\n>\n"
        "> Written by a model in 2.5 s, prompts abc, seed 7; unedited.\n\n## Boats\n\nBoats float.\n"
    )


def test_the_order_of_the_briefs_does_not_matter() -> None:
    ids = [brief.id for brief in BRIEFS]
    assert picked(ids) == picked(ids[::-1])


def test_a_run_without_one_of_the_texts_leaves_the_folder_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text("as it was")
    with pytest.raises(ValueError, match=NO_TEXT.split("{")[0]):
        write_examples(tmp_path, BRIEFS, results(""), "a model")
    assert (tmp_path / "old.md").read_text() == "as it was"
