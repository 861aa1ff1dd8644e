"""Posts whose every sentence readers labelled, without knowing who wrote them.

`labelled.json` has the posts, their briefs and their sentences; `labels.json` two readings, as they came.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.evaluation.post import Post

LABELS = ("keep", "filler", "false", "stray")
READINGS = ("first", "second")
UNLIKE_ITS_POSTS = "The {name} reading of {file} does not have one label for each sentence of {post}."
_FOLDER = Path(__file__).resolve().parents[1] / "briefs"
POSTS_FILE, READINGS_FILE = _FOLDER / "labelled.json", _FOLDER / "labels.json"


@dataclass(frozen=True)
class LabelledPost:
    """A post that was read.

    Args:
        id: short name.
        source: `small` (the embedded model, one paragraph a call), `sentences` (the author's alone), or `large` (in the
            manner of a large model). The readers did not see it.
        sentences: as the readers saw them, numbered.
        post: the text beside its brief.
    """

    id: str
    source: str
    sentences: tuple[str, ...]
    post: Post


@dataclass(frozen=True)
class PostLabels:
    """What a reader said of one post: a label of `LABELS` for each sentence, and whether it is kept as a draft."""

    labels: tuple[str, ...]
    is_kept: bool


Reading = Mapping[str, PostLabels]


def load_posts(path: Path = POSTS_FILE) -> list[LabelledPost]:
    """Return the posts in their order."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        LabelledPost(row["id"], row["source"], tuple(row["sentences"]), Post(row["title"], row["notes"], row["text"]))
        for row in rows
    ]


def load_readings(posts: list[LabelledPost], path: Path = READINGS_FILE) -> dict[str, Reading]:
    """Return what both readers said, by the names of `READINGS`.

    Raises:
        ValueError: a reading does not fit the posts.
        OSError: the file cannot be read.
    """
    saved = json.loads(path.read_text(encoding="utf-8"))
    return {name: _reading(name, saved[name], posts, path) for name in READINGS}


def _reading(name: str, saved: dict[str, Any], posts: list[LabelledPost], path: Path) -> Reading:
    for post in posts:
        labels = saved.get(post.id, {}).get("labels", ())
        if len(labels) != len(post.sentences) or not set(labels) <= set(LABELS):
            raise ValueError(UNLIKE_ITS_POSTS.format(name=name, file=path.name, post=post.id))
    return {post.id: PostLabels(tuple(saved[post.id]["labels"]), saved[post.id]["keep_as_draft"]) for post in posts}
