"""What is wrong with a text, one sentence for each failed check: for the model that revises it and for its author."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# `figure` is what was measured, `length` the length that was requested.
PROBLEMS = {
    "words": "It has {figure} words, and should have about {length}.",
    "sections": "It has {figure} different `## ` sections, and needs at least three.",
    "shortest_section": "Its shortest section has only {figure} words.",
    "distinct_3": "It says the same again and again in the same words.",
    "longest_repeat": "It repeats a run of {figure} words.",
    "repeated_sentences": "It holds the same sentence more than once.",
    "title_cover": "It says too little about its title.",
    "notes_cover": "It leaves out much of the notes.",
    "heading_cover": "Its sections do not keep to their headings.",
    "stray_sections": "{figure} of its sections have nothing to do with title or notes.",
    "meta": "It talks about itself or about being written.",
    "ends_well": "It breaks off at its end.",
}


def describe_problems(gate: Mapping[str, Any], length: str) -> str:
    """Return the sentences for the checks in `gate["failed"]`.

    Args:
        gate: the measures of a text, with the names of the failed checks.
        length: the length that was requested, such as `800 words`.
    """
    return " ".join(PROBLEMS[name].format(figure=gate[name], length=length) for name in gate["failed"])
