"""Writing with a model too small to plan: plan in code, a paragraph a call, several tries, and the best is kept."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from generation.failures import FailureCode, GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.writer import prompts
from generation.writer.brief import Brief, CleanBrief, authors_title
from generation.writer.calls import ModelCalls
from generation.writer.checks.assess import Wanted, assess
from generation.writer.draft import Draft, Report
from generation.writer.editing import Editor
from generation.writer.language import foreign_language
from generation.writer.outline import FEWEST, MOST, plan
from generation.writer.prompts.targets import LANGUAGES
from generation.writer.ranking import Choice, Subject
from generation.writer.sanitizer import NOTES_LIMIT

LEAST_WORDS = 20  # of a paragraph that may stand in a post
MORE_ROUNDS = 4  # of further tries: the first for weak paragraphs, the others only while the gate fails
WORST = 2  # paragraphs tried again when the gate fails though none is weak


@dataclass
class Slot:
    """One paragraph of the post to be, and everything the model wrote for it."""

    kinds: tuple[str, ...]  # the prompts to try, in turn
    clause: str = ""
    heading: str = ""
    opening: str = ""
    answers: dict[int, str] = field(default_factory=dict)  # by the number of the call that asked for it
    choice: Choice = field(init=False)  # the best of the answers so far

    def begun(self, kind: str) -> str:
        """Return how the answer to a prompt begins before the model says anything."""
        return self.opening if kind in prompts.small.OPENED else ""

    def take(self, kind: str, call: int, text: str) -> None:
        """Keep an answer, opened with the author's points where those are sentences or the model went on with them."""
        # Some servers send the beginning they were given, some only what comes after it.
        opened = text.startswith(self.opening) or not (self.begun(kind) or self.opening.endswith("."))
        self.answers[call] = text if opened or not text.strip() else f"{self.opening} {text}"

    @property
    def in_order(self) -> list[str]:
        """The answers as they were asked for: which of equals came first must not decide, or a seed says nothing."""
        return [self.answers[call] for call in sorted(self.answers)]


async def write(brief: Brief, client: ModelClient, report: Report, paid_answers: PaidAnswers) -> Draft:
    """Write a post of about 600 words, in some sixteen calls of a paragraph each.

    Raises:
        GenerationFailed: the brief is not in English, or no call succeeded.
    """
    clean = CleanBrief.of(brief, NOTES_LIMIT)
    if brief.language not in ("auto", "en"):
        problem = f"The embedded model writes only English, and this brief asks for {LANGUAGES[brief.language]}."
        raise GenerationFailed(FailureCode.UNSUPPORTED_LANGUAGE, problem)
    if language := foreign_language(f"{clean.title}\n{clean.notes}"):
        problem = f"The brief seems to be in {language}, and the embedded model writes only English."
        raise GenerationFailed(FailureCode.UNSUPPORTED_LANGUAGE, problem)
    report("plan", 0, 1)
    # A long post is beyond this model: it gets the standard one.
    length = "short" if brief.length == "short" else "standard"
    slots = _slots(clean, FEWEST if length == "short" else MOST)
    report("plan", 1, 1)
    return await _Room(clean, slots, ModelCalls(client, paid_answers), report, length).write(authors_title(brief))


def _slots(clean: CleanBrief, most: int) -> list[Slot]:
    kinds = ("section", "section_plain", "section_why")
    sections = [Slot(kinds, s.clause, s.heading, s.opening) for s in plan(clean.title, clean.notes, most)]
    return [
        Slot(("introduction", "introduction_plain")),
        *sections,
        Slot(("conclusion", "conclusion_plain"), heading="Conclusion"),
    ]


class _Room:
    def __init__(self, brief: CleanBrief, slots: list[Slot], calls: ModelCalls, report: Report, length: str) -> None:
        self.brief, self.slots, self.calls, self.report, self.wanted = brief, slots, calls, report, Wanted(length)
        self.seeds: Iterator[int] = itertools.count(calls.paid_answers.seed)
        self.asked = self.answered = 0

    async def write(self, title: str) -> Draft:
        await self.ask(self.slots, again=False)
        content, figures = self.edit()
        for later in range(MORE_ROUNDS):
            weak = self.worth_another_try(figures)
            if not weak or (later and not figures["failed"]):
                break
            await self.ask(weak, again=True)
            content, figures = self.edit()
        figures |= {"dropped_orders": self.brief.dropped}
        provenance = {"sampling": prompts.small.sampling(), "seed": self.calls.paid_answers.seed}
        self.report("check", 1, 1)
        raw = "\n\n".join(answer for slot in self.slots for answer in slot.in_order)
        return Draft(title, content, self.calls.usage, figures, prompts.version("small"), provenance, raw)

    def worth_another_try(self, figures: dict[str, Any]) -> list[Slot]:
        weak = [slot for slot in self.slots if slot.choice.weak]
        if weak or not figures["failed"]:
            return weak
        return sorted(self.slots[1:-1], key=lambda slot: slot.choice.score)[:WORST]

    async def ask(self, slots: Sequence[Slot], *, again: bool) -> None:
        wanted = [(slot, kind) for slot in slots for kind in slot.kinds]
        asks = [
            prompts.small.paragraph(
                kind, self.brief.title, slot.clause, seed=next(self.seeds), again=again, opening=slot.begun(kind)
            )
            for slot, kind in wanted
        ]
        before = self.asked
        self.asked += len(asks)

        def told(number: int, text: str) -> None:
            slot, kind = wanted[number]
            slot.take(kind, before + number, text)
            self.answered += 1
            self.report("write", self.answered, self.asked, self.so_far())

        await self.calls.many(asks, told)

    def so_far(self) -> str:
        """Return what is there of the post, unedited."""
        heard = [(slot.heading, next(iter(slot.answers.values()))) for slot in self.slots if slot.answers]
        return "\n\n".join(f"## {heading}\n\n{text}" if heading else text for heading, text in heard)

    def edit(self) -> tuple[str, dict[str, Any]]:
        """Return the post from the best answers so far, with the gate's figures."""
        editor = Editor(f"{self.brief.title}\n{self.brief.notes}")
        parts = []
        for done, slot in enumerate(self.slots):
            self.report("edit", done, len(self.slots))
            editor.heading(slot.heading)
            slot.choice = self.choose(slot, editor)
            if slot.choice.words >= LEAST_WORDS:
                text = editor.edit(slot.choice.answer)
                parts.append(f"## {slot.heading}\n\n{text}" if slot.heading else text)
        content = "\n\n".join(parts)
        self.report("check", 0, 1)
        return content, assess(self.brief.title, self.brief.notes, content, self.wanted)

    def choose(self, slot: Slot, editor: Editor) -> Choice:
        subject = Subject(self.brief.title, self.brief.notes, slot.clause, slot.opening)
        return max((subject.judge(answer, editor.trial(answer)) for answer in slot.in_order), key=lambda c: c.score)
