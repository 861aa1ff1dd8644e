"""The posts of a run that are shown to people: picked before anybody has read them, and not edited."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generation.evaluation.briefs import EvaluationBrief

COUNT, SEED = 3, 2026
NO_TEXT = "There is no text of {id} in this run."


def picked(ids: Sequence[str]) -> list[str]:
    """Return the ids of the posts to show; the same for the same ids, in whatever order."""
    return random.Random(SEED).sample(sorted(ids), COUNT)


def write_examples(
    folder: Path, briefs: Sequence[EvaluationBrief], results: Sequence[Mapping[str, Any]], model: str
) -> list[Path]:
    """Write the picked posts of a run to a folder, one a file, and remove those of an earlier run.

    Args:
        folder: which exists.
        briefs: all of the set, of which the posts are picked.
        results: of the run.
        model: its name.

    Raises:
        ValueError: the run has no text of one of them.
        OSError: a file cannot be written.
    """
    texts = {result["id"]: result for result in results if result["text"]}
    chosen = [brief for brief in briefs if brief.id in picked([brief.id for brief in briefs])]
    for brief in chosen:
        if brief.id not in texts:
            raise ValueError(NO_TEXT.format(id=brief.id))
    for path in folder.glob("*.md"):
        if path.name != "README.md":
            path.unlink()
    return [_written(folder / f"{brief.id}.md", page(brief, texts[brief.id], model)) for brief in chosen]


def page(brief: EvaluationBrief, result: Mapping[str, Any], model: str) -> str:
    """Return a post with its brief and how it was made, in Markdown."""
    seed = f", seed {result['seed']}" if result["seed"] is not None else ""
    made = f"Written by {model} in {result['seconds']} s, prompts {result['prompt_version']}{seed}; unedited."
    about = f"Brief `{brief.id}` ({brief.kind}): {' '.join(brief.notes.split())}"
    return f"# {brief.title}\n\n> {about}\n>\n> {made}\n\n{result['text'].strip()}\n"


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
