"""Writing with a model too small to plan: an outline in code, a paragraph a call, and the best of several answers."""

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
from generation.writer.checks.gate import is_post
from generation.writer.draft import Draft, OnProgress
from generation.writer.editor import Editor
from generation.writer.language import foreign_language
from generation.writer.outline import FEWEST, MOST, outline_from_notes
from generation.writer.prompts.targets import LANGUAGES
from generation.writer.ranking import ScoredAnswer, Subject
from generation.writer.sanitizer import NOTES_LIMIT
from generation.writer.text_thread import in_text_thread

LEAST_WORDS = 20  # of a paragraph that may go into a post
RETRY_ROUNDS = 4  # the first for weak paragraphs, the others only while the gate fails
WORST = 2  # paragraphs retried when the gate fails though none is weak


@dataclass
class Paragraph:
    """One paragraph of the post, and every answer of the model for it."""

    kinds: tuple[str, ...]  # the prompts to try, in this order
    clause: str = ""
    heading: str = ""
    opening: str = ""
    answers: dict[int, str] = field(default_factory=dict)  # by the number of the request
    best: ScoredAnswer = field(init=False)  # of the answers so far

    def prefill(self, kind: str) -> str:
        """Return how the answer to a prompt begins before the model writes anything."""
        return self.opening if kind in prompts.small.OPENED else ""

    def add_answer(self, kind: str, number: int, text: str) -> None:
        """Keep an answer, opened with the author's points where those are sentences or the model continued them."""
        # Some servers return the beginning they were given, others only what comes after it.
        is_opened = text.startswith(self.opening) or not (self.prefill(kind) or self.opening.endswith("."))
        self.answers[number] = text if is_opened or not text.strip() else f"{self.opening} {text}"

    @property
    def answers_in_order(self) -> list[str]:
        """The answers by request: if the first to arrive won a tie, a seed would not reproduce the post."""
        return [self.answers[number] for number in sorted(self.answers)]


async def write(brief: Brief, client: ModelClient, on_progress: OnProgress, paid_answers: PaidAnswers) -> Draft:
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
    on_progress("plan", 0, 1)
    # A long post is beyond this model: it gets the standard one.
    length = "short" if brief.length == "short" else "standard"
    paragraphs = await in_text_thread(_paragraphs, clean, FEWEST if length == "short" else MOST)
    on_progress("plan", 1, 1)
    writer = ParagraphWriter(clean, paragraphs, ModelCalls(client, paid_answers), on_progress, length)
    return await writer.write(authors_title(brief))


def _paragraphs(clean: CleanBrief, most_sections: int) -> list[Paragraph]:
    kinds = ("section", "section_plain", "section_why")
    sections = outline_from_notes(clean.title, clean.notes, most_sections)
    return [
        Paragraph(("introduction", "introduction_plain")),
        *(Paragraph(kinds, section.clause, section.heading, section.opening) for section in sections),
        Paragraph(("conclusion", "conclusion_plain"), heading="Conclusion"),
    ]


class ParagraphWriter:
    """Writes the paragraphs of one post: requests answers, edits the best ones, and retries weak paragraphs."""

    def __init__(
        self,
        brief: CleanBrief,
        paragraphs: list[Paragraph],
        calls: ModelCalls,
        on_progress: OnProgress,
        length: str,
    ) -> None:
        self.brief, self.paragraphs, self.calls, self.on_progress = brief, paragraphs, calls, on_progress
        self.wanted = Wanted(length)
        self.seeds: Iterator[int] = itertools.count(calls.paid_answers.seed)
        self.requested = self.answered = 0

    async def write(self, title: str) -> Draft:
        await self.request(self.paragraphs, again=False)
        content, measures = await self.edited()
        for later in range(RETRY_ROUNDS):
            weak = self.paragraphs_to_retry(measures)
            if not weak or (later and not measures["failed"]):
                break
            await self.request(weak, again=True)
            content, measures = await self.edited()
        measures |= {"dropped_orders": self.brief.dropped}
        provenance = {"sampling": prompts.small.sampling(), "seed": self.calls.paid_answers.seed}
        self.on_progress("check", 1, 1)
        raw = "\n\n".join(answer for paragraph in self.paragraphs for answer in paragraph.answers_in_order)
        made = self.calls.usage, measures, prompts.version("small"), provenance, raw
        return Draft(title, content, *made, is_post=is_post(title, measures))

    def paragraphs_to_retry(self, measures: dict[str, Any]) -> list[Paragraph]:
        weak = [paragraph for paragraph in self.paragraphs if paragraph.best.weak]
        if weak or not measures["failed"]:
            return weak
        return sorted(self.paragraphs[1:-1], key=lambda paragraph: paragraph.best.score)[:WORST]

    async def request(self, paragraphs: Sequence[Paragraph], *, again: bool) -> None:
        """Request one answer from each prompt of each of `paragraphs`, and add them."""
        wanted = [(paragraph, kind) for paragraph in paragraphs for kind in paragraph.kinds]
        requests = [
            prompts.small.paragraph(
                kind,
                self.brief.title,
                paragraph.clause,
                seed=next(self.seeds),
                again=again,
                opening=paragraph.prefill(kind),
            )
            for paragraph, kind in wanted
        ]
        first = self.requested
        self.requested += len(requests)

        def on_answer(number: int, text: str) -> None:
            paragraph, kind = wanted[number]
            paragraph.add_answer(kind, first + number, text)
            self.answered += 1
            self.on_progress("write", self.answered, self.requested, self.text_so_far())

        await self.calls.many(requests, on_answer)

    def text_so_far(self) -> str:
        """Return the paragraphs that have an answer, unedited."""
        texts = [(p.heading, next(iter(p.answers.values()))) for p in self.paragraphs if p.answers]
        return "\n\n".join(f"## {heading}\n\n{text}" if heading else text for heading, text in texts)

    async def edited(self) -> tuple[str, dict[str, Any]]:
        """Edit the post and check it, beside the event loop."""
        self.on_progress("edit", 0, 1)
        post = await in_text_thread(self.edit, raw=self.text_so_far())
        self.on_progress("check", 0, 1)
        return post

    def edit(self) -> tuple[str, dict[str, Any]]:
        """Return the post made of the best answers so far, with its measures."""
        editor = Editor(f"{self.brief.title}\n{self.brief.notes}")
        parts = []
        for paragraph in self.paragraphs:
            editor.add_heading(paragraph.heading)
            paragraph.best = self.best_answer(paragraph, editor)
            if paragraph.best.words >= LEAST_WORDS:
                text = editor.edit(paragraph.best.answer)
                parts.append(f"## {paragraph.heading}\n\n{text}" if paragraph.heading else text)
        content = "\n\n".join(parts)
        return content, assess(self.brief.title, self.brief.notes, content, self.wanted)

    def best_answer(self, paragraph: Paragraph, editor: Editor) -> ScoredAnswer:
        subject = Subject(self.brief.title, self.brief.notes, paragraph.clause, paragraph.opening)
        scored = (subject.score(answer, editor.preview(answer)) for answer in paragraph.answers_in_order)
        return max(scored, key=lambda answer: answer.score)
