"""The review of a text against its brief: every finding of every check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generation.writer.checks import facts, leaks, structure, style
from generation.writer.checks.assess import assess
from generation.writer.checks.findings import Finding, FindingName
from generation.writer.checks.gate import has_meta
from generation.writer.checks.links import MARKUP
from generation.writer.checks.passages import Passages, passages
from generation.writer.checks.polarity import contradictions
from generation.writer.checks.quotations import quotations
from generation.writer.checks.structure import meaning, share
from generation.writer.checks.vocabulary.style import PLACEHOLDER
from generation.writer.language import language_of
from generation.writer.notes import Note, notes_of
from generation.writer.words import ends_well, stems

LONGEST = 40_000  # characters that are read: four times the longest post that can be requested
POINT_LEAST = 0.5  # of a point's stems, in the text that makes it
SHORT_POINT = 3  # stems beside its figures
REPEATS = ("distinct_3", "longest_repeat", "repeated_sentences")
NEAR = [{"da", "nb"}]  # languages


@dataclass(frozen=True)
class PlannedSection:
    """A section as it was planned: its heading, the points it makes, and its words (0: not planned)."""

    heading: str
    points: tuple[str, ...] = ()
    words: int = 0


@dataclass(frozen=True)
class Subject:
    """What a text is reviewed against; a repair of it is reviewed against the same, which is read once.

    Args:
        title: the brief's title, cleaned.
        notes: the brief's notes, cleaned; possibly empty.
        language: a tag of `blogs.options.Language`, or `auto`.
        length: of `blogs.options.Length`; empty where the length follows the notes.
        plan: the sections that the text was to have; empty if it was written without a plan.
        known: what else names and figures may come from, such as the house style.
    """

    title: str
    notes: str
    language: str = "auto"
    length: str = "standard"
    plan: tuple[PlannedSection, ...] = ()
    known: str = ""

    @cached_property
    def brief(self) -> str:
        return f"{self.title}\n{self.notes}"

    @cached_property
    def all_notes(self) -> list[Note]:
        return notes_of(self.notes)

    @cached_property
    def _sources(self) -> dict[str, facts.Source]:
        return {}

    def source(self, language: str) -> facts.Source:
        """Return where the facts of a text may come from, read in the brief's language."""
        if language not in self._sources:
            self._sources[language] = facts.Source(f"{self.brief}\n{self.known}", language)
        return self._sources[language]


def review(content: str, subject: Subject, measures: Mapping[str, Any] | None = None) -> list[Finding]:
    """Return everything that is wrong with a text, what holds it back first.

    Args:
        content: the post, in Markdown with `##` headings.
        subject: the brief, and how the text was planned.
        measures: of `assess`, if the text was measured already.
    """
    is_cut = len(content) > LONGEST
    reviewed = _Review(content[:LONGEST], subject, is_cut, None if is_cut else measures)
    findings = dict.fromkeys(
        finding
        for check in (
            reviewed.contradictions,
            reviewed.inventions,
            reviewed.losses,
            reviewed.leaks,
            reviewed.structure,
            reviewed.style,
        )
        for finding in check()
    )
    return sorted(findings, key=lambda finding: not finding.name.holds_back)


@dataclass
class _Review:
    content: str
    subject: Subject
    is_cut: bool
    measures: Mapping[str, Any] | None
    post: Passages = field(init=False)

    def __post_init__(self) -> None:
        self.post = passages(self.content)
        self.brief = self.subject.brief
        self.sentences = [sentence.text for sentence in self.post.sentences]
        self.text = "\n".join(self.sentences)

    @cached_property
    def notes_language(self) -> str:
        return language_of(self.brief, likely=self.language) or self.language

    @cached_property
    def language(self) -> str:
        return language_of(self.text)

    @cached_property
    def is_translated(self) -> bool:
        return self.is_other_language(self.notes_language)

    def is_other_language(self, tag: str) -> bool:
        """Whether the text is in another language than this one; of those that are alike it cannot be said."""
        languages = {tag, self.language}
        return bool(self.language and tag) and len(languages) > 1 and not any(languages <= near for near in NEAR)

    @cached_property
    def notes(self) -> list[Note]:
        """The notes that are for readers, and what orders to the writer want the text to say."""
        kept = [note for note in self.subject.all_notes if note.about or not note.is_order]
        return [Note(note.about) if note.is_order else note for note in kept]

    def contradictions(self) -> Iterator[Finding]:
        if self.is_translated:
            return
        claims = [note.text for note in self.notes]
        for note, sentence in contradictions(self.subject.title, claims, self.sentences, self.language or "en"):
            yield Finding(FindingName.CONTRADICTION, sentence, note=note)

    def inventions(self) -> Iterator[Finding]:
        source = self.subject.source(self.notes_language or "en")
        for sentence in (*self.sentences, *self.post.headings):
            yield from source.invented(sentence, self.language or "en", is_translated=self.is_translated)
        if self.is_translated:
            quoted = [(quotation, sentence) for sentence in self.sentences for quotation in quotations(sentence)]
            for quotation, sentence in quoted[len(source.quoted) :]:  # more than there are to translate
                yield Finding(FindingName.INVENTED_QUOTATION, sentence, quotation)
        if not style.speaks_of_itself(self.brief, self.notes_language):
            for sentence in self.sentences:
                if style.speaks_of_itself(sentence, self.language) and not self.is_quoted(sentence):
                    yield Finding(FindingName.INVENTED_MEMORY, sentence)

    def is_quoted(self, sentence: str) -> bool:
        return any(mark in sentence for mark in '"“„«')

    def losses(self) -> Iterator[Finding]:
        text = facts.Said(self.text, self.language or "en", self.content)
        for note in self.notes:
            yield from text.lost(note.text, self.notes_language or "en", is_translated=self.is_translated)
        if self.is_translated:
            return
        said = meaning(self.text, self.language)
        for point in self.points:
            wanted = meaning(point, self.language)
            has_figures = any(map(str.isdigit, point))  # which are facts, and checked as such
            if share(wanted, said) < (POINT_LEAST / 2 if has_figures else POINT_LEAST) and not (
                has_figures and len(wanted) <= SHORT_POINT
            ):
                yield Finding(FindingName.LOST_NOTE, note=point)

    @property
    def points(self) -> list[str]:
        """The points that the text is to make: as planned, or else the notes."""
        planned = [point for section in self.subject.plan for point in section.points]
        return planned or [note.text for note in self.notes]

    def leaks(self) -> Iterator[Finding]:
        orders = [note.text for note in self.subject.all_notes if note.is_order]
        for sentence in self.sentences:
            if order := leaks.prints_order(sentence, orders):
                yield Finding(FindingName.PRINTED_ORDER, sentence, note=order)
            if leaks.repeats_prompt(sentence, self.brief):
                yield Finding(FindingName.REPEATED_PROMPT, sentence)
            if (found := PLACEHOLDER.search(sentence)) and found.group() not in self.brief:
                yield Finding(FindingName.PLACEHOLDER, sentence, found.group())
            if has_meta(sentence, self.brief):
                yield Finding(FindingName.ABOUT_ITSELF, sentence)
            if (found := MARKUP.search(sentence)) and found.group() not in self.brief:
                yield Finding(FindingName.MARKUP, sentence, found.group())

    def structure(self) -> Iterator[Finding]:
        wanted = self.subject.language
        if self.is_other_language(self.notes_language if wanted == "auto" else wanted):
            yield Finding(FindingName.WRONG_LANGUAGE, detail=self.language)
        plan = self.subject.plan
        if not self.is_translated:
            headings = [section.heading for section in plan]
            for heading in structure.missing(headings, self.post.headings, self.language):
                yield Finding(FindingName.MISSING_SECTION, detail=heading)
            points = [section.points for section in plan]
            out_of_place = structure.swapped(headings, points, self.post, self.language)
            if len(out_of_place) > 1:
                yield Finding(FindingName.SWAPPED_SECTIONS, detail="; ".join(out_of_place))
        if structure.is_list(self.post, self.subject.notes):
            yield Finding(FindingName.NO_PROSE)
        if self.is_cut:
            yield Finding(FindingName.TOO_LONG)
        elif self.subject.length:
            relative = structure.relative_length(self.post, self.subject.length)
            if not structure.SHORTEST <= relative <= structure.LONGEST:
                yield Finding(FindingName.TOO_LONG if relative > 1 else FindingName.TOO_SHORT)

    def style(self) -> Iterator[Finding]:
        measures = self.measures or assess(self.subject.title, self.subject.notes, self.content)
        if any(name in measures["failed"] for name in REPEATS):
            yield Finding(FindingName.REPETITION)
        last = self.post.sentences[-1] if self.post.sentences else None
        if last and not last.is_item and not self.is_cut and not ends_well(self.content):
            yield Finding(FindingName.BREAKS_OFF, last.text)
        subject = stems(self.brief)
        for sentence in self.sentences:
            if style.is_filler(sentence, subject):
                yield Finding(FindingName.FILLER, sentence)
        if style.machine_rate(self.text) > style.MACHINE_MOST:
            phrases = dict.fromkeys(phrase.lower() for phrase in style.machine_phrases(self.text))
            yield Finding(FindingName.MACHINE_PHRASES, detail=", ".join(phrases))
