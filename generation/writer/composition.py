"""A post made of its author's words: points become sentences, paragraphs and lists, in the order of the notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from generation.writer.leads import IS_CLOSED, is_about_doing, lead
from generation.writer.notes import Note, NoteKind
from generation.writer.points import PointKind, item, sentence
from generation.writer.words import ends_well, words

LEAST_OF_A_LIST = 3  # instructions; fewer read better as sentences
MOST_JOINED = 3  # things that share a sentence
MOST_EXPANSION = 2.5  # words of a post for each word of its notes
_WORDS_OF_A_LEAD = 3  # besides the title
_MARKS = ("- ", "1. ")
MOST_SENTENCES, MOST_WORDS = 4, 90  # of a paragraph, unless the notes end it


@dataclass(frozen=True)
class Point:
    """One point as the post makes it.

    Args:
        text: the author's words.
        kind: what they are, grammatically.
        note: where they come from.
        lead: what stands in bold in front of them.
        follows: they belong to the step before them.
    """

    text: str
    kind: PointKind
    note: Note
    lead: str = ""
    follows: bool = False

    @property
    def sentence(self) -> str:
        return f"**{self.lead}:** {sentence(self.text, capital=False)}" if self.lead else sentence(self.text)

    @property
    def form(self) -> str:
        """What the points around it must be too for one block of text."""
        if self.note.kind != NoteKind.POINT:
            return self.note.kind.value
        if self.follows:
            return PointKind.INSTRUCTION
        if self.text.endswith(":"):
            return "label"
        return self.kind.value


def compose(title: str, points: Sequence[Point], *, language: str = "en") -> str:
    """Return the post in Markdown.

    Args:
        title: the author's.
        points: at least one.
        language: `en`, or any other; what is put in front of a list is in English, or nothing but the title.
    """
    runs = [list(run) for _, run in groupby(_with_followers(points), key=lambda point: point.form)]
    if language == "en" and len(runs) == 1 and _may_share_a_sentence(runs[0]):
        return _joined(title, runs[0])
    blocks: list[str] = []
    for blocks_of, run in _in_forms(runs):
        blocks += (_apart(blocks, block) for block in blocks_of(title, run))
    if not blocks or not blocks[0].startswith(_MARKS):
        return "\n\n".join(blocks)
    if not _has_room_for(title, points):
        return "\n\n".join(blocks)
    counts = language == "en" and len(blocks) == 1 and runs[0][0].form != PointKind.FRAGMENT
    return "\n\n".join([lead(title, blocks[0].count("\n") + 1 if counts else 0, language=language), *blocks])


def _has_room_for(title: str, points: Sequence[Point]) -> bool:
    """Whether the post stays in proportion to its notes with the title, and a few words, in front of them."""
    count = sum(len(words(point.text)) for point in points)
    return len(words(title)) + _WORDS_OF_A_LEAD <= (MOST_EXPANSION - 1) * count


def _with_followers(points: Sequence[Point]) -> list[Point]:
    """Mark what is said between two steps as part of the first, where most of a post is steps."""
    forms = [point.form for point in points]
    steps = forms.count(PointKind.INSTRUCTION)
    if steps < LEAST_OF_A_LIST or 2 * steps <= len(forms):
        return list(points)
    around = zip(["", *forms], [*forms[1:], ""], strict=False)
    return [
        replace(point, follows=point.form == PointKind.SENTENCE and before == after == PointKind.INSTRUCTION)
        for point, (before, after) in zip(points, around, strict=True)
    ]


def _apart(before: list[str], block: str) -> str:
    """Give a list other marks than the list before it has, with which it would be one."""
    if not (before and before[-1].startswith("- ") and block.startswith("- ")):
        return block
    return "\n".join(f"{number}. {line[2:]}" for number, line in enumerate(block.split("\n"), 1))


def _in_forms(runs: list[list[Point]]) -> Iterator[tuple[Callable[[str, list[Point]], Iterator[str]], list[Point]]]:
    """Find how each run of points is printed; neighbours that all become sentences share their paragraphs."""
    for is_prose, group in groupby(runs, key=_is_prose):
        if is_prose:
            yield _paragraphs, [point for run in group for point in run]
        else:
            yield from ((_BLOCKS.get(run[0].form, _list), run) for run in group)


def _is_prose(run: list[Point]) -> bool:
    form, count = run[0].form, len(run)
    return (
        form == PointKind.SENTENCE
        or (form == PointKind.INSTRUCTION and count < LEAST_OF_A_LIST)
        or (form == PointKind.FRAGMENT and count == 1)
    )


def _may_share_a_sentence(points: list[Point]) -> bool:
    return (
        points[0].form == PointKind.FRAGMENT
        and not any(point.lead for point in points)
        and 2 <= len(points) <= MOST_JOINED
        and not any("," in point.text or ends_well(point.text) or len(point.text) > 60 for point in points)
    )


def _joined(title: str, points: list[Point]) -> str:
    *first, last = [point.text.strip() for point in points]
    is_alone = IS_CLOSED.search(title) or not _has_room_for(title, points)
    text = f"{', '.join(first)} and {last}."
    return sentence(text) if is_alone else f"{title}: {text}"


def _paragraphs(title: str, points: list[Point]) -> Iterator[str]:
    for _, group in groupby(points, key=lambda point: point.note.paragraph):
        texts = [point.sentence for point in group]
        for part in _balanced(texts):
            yield " ".join(part)


def _balanced(texts: list[str]) -> Iterator[list[str]]:
    """Cut a long paragraph into parts of about the same length."""
    length = sum(len(words(text)) for text in texts)
    count = max(-(-len(texts) // MOST_SENTENCES), min(len(texts), -(-length // MOST_WORDS)))
    bounds = [-(-part * len(texts) // count) for part in range(count + 1)]
    return (texts[begin:end] for begin, end in pairwise(bounds))


def _list(title: str, points: list[Point]) -> Iterator[str]:
    """A list: with numbers if the notes have them, or if it says how to do what the title names."""
    is_numbered = points[0].form == NoteKind.STEP or (points[0].form == PointKind.INSTRUCTION and is_about_doing(title))
    items = _items(points)
    is_mere = all(len(group) == 1 and group[0].kind == PointKind.FRAGMENT for group in items)
    texts = [_item(group, is_mere=is_mere) for group in items]
    marks = (f"{number}." if is_numbered else "-" for number in range(1, len(texts) + 1))
    yield "\n".join(f"{mark} {text}" for mark, text in zip(marks, texts, strict=True))


def _items(points: list[Point]) -> list[list[Point]]:
    """Group points by items: the sentences of one item of a list in the notes stay one item."""
    items: list[list[Point]] = []
    for point in points:
        is_listed = point.note.kind in (NoteKind.ITEM, NoteKind.STEP)
        if items and (point.follows or (is_listed and items[-1][0].note.line == point.note.line)):
            items[-1].append(point)
        else:
            items.append([point])
    return items


def _item(points: list[Point], *, is_mere: bool) -> str:
    if is_mere:
        [point] = points
        return f"**{point.lead}:** {item(point.text, capital=False)}" if point.lead else item(point.text)
    return " ".join(point.sentence for point in points)


def _headings(title: str, points: list[Point]) -> Iterator[str]:
    yield from (f"## {point.text}" for point in points if words(point.text) != words(title))


def _as_they_are(title: str, points: list[Point]) -> Iterator[str]:
    yield from (point.text for point in points)


def _quotation(title: str, points: list[Point]) -> Iterator[str]:
    lines = groupby(points, key=lambda point: point.note.line)
    yield "\n".join("> " + " ".join(point.text for point in line) for _, line in lines)


_BLOCKS: dict[str, Callable[[str, list[Point]], Iterator[str]]] = {
    NoteKind.HEADING: _headings,
    NoteKind.CODE: _as_they_are,
    NoteKind.TABLE: _as_they_are,
    NoteKind.QUOTE: _quotation,
    "label": _as_they_are,
}
