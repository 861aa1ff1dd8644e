"""Writing a long post section by section: each is a paid answer, so that a crash between two buys nothing again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import overload

from generation.writer import prompts
from generation.writer.calls import ModelCalls
from generation.writer.draft import OnProgress
from generation.writer.plan import Plan
from generation.writer.prompts.large import Material
from generation.writer.refusals import raise_if_refused
from generation.writer.text_thread import in_text_thread
from generation.writer.tidy import tidy
from generation.writer.words import words


class TextSoFar(Sequence[str]):
    """The sections that are written, and the pieces of the next one as they arrive."""

    def __init__(self, written: Sequence[str], pieces: list[str]) -> None:
        self._before = "".join(f"{section}\n\n" for section in written)
        self._pieces = pieces

    def __len__(self) -> int:
        return 1 + len(self._pieces)

    def __iter__(self) -> Iterator[str]:
        yield self._before
        yield from self._pieces

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        return list(self)[place]


async def write_sections(material: Material, plan: Plan, calls: ModelCalls, on_progress: OnProgress) -> str:
    """Return a whole post, in one call for each section of the plan.

    Raises:
        GenerationFailed: a call failed; the sections before it are among the paid answers.
    """
    outline, planned = plan.outline(material.unit), _sizes(plan, material)
    written: list[str] = []
    for number, (heading, _) in enumerate(planned, 1):
        pieces: list[str] = []
        on_progress("write", len(written), len(planned), TextSoFar(written, pieces))
        request = prompts.large.section(material, outline, written, planned[:number])
        answer = await calls.one(request, pieces=pieces)
        raise_if_refused(answer)
        written.append(await in_text_thread(partial(own_part, with_introduction=number == 1), answer, heading))
    return "\n\n".join(written)


def own_part(answer: str, heading: str, *, with_introduction: bool = False) -> str:
    """Return the section that was asked for: no title, no further sections, and its heading as planned.

    Args:
        answer: the model's.
        heading: of the section.
        with_introduction: text before its heading belongs to the post.
    """
    before, *rest = (part.strip() for part in f"\n{tidy(answer)}".split("\n## "))
    own = next((part for part in rest if words(part.partition("\n")[0]) == words(heading)), None)
    if own is None and rest and (with_introduction or not before):
        own = rest[0]  # under a heading of its own making
    if own is not None:
        text = own.partition("\n")[2]
    elif with_introduction:
        before, _, text = before.partition("\n\n")
    else:
        text = before
    section = f"## {heading}\n\n{text.strip()}".strip()
    return f"{before}\n\n{section}" if with_introduction and before else section


def _sizes(plan: Plan, material: Material) -> list[tuple[str, int]]:
    """Return the headings and sizes; equal ones unless all are planned, so that together they are never too long."""
    share = material.words // len(plan.sections)
    is_planned = all(section.size for section in plan.sections)
    return [(section.heading, section.size if is_planned else share) for section in plan.sections]
