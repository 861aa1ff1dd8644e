"""A post beside its brief, as the measures read it. Pure: no Django, no network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from generation.writer.checks.findings import Finding, FindingName
from generation.writer.checks.passages import Passages, passages
from generation.writer.checks.review import Subject, review
from generation.writer.words import words


@dataclass(frozen=True)
class Post:
    """A text and the brief it was written for.

    Args:
        title: the brief's, cleaned.
        notes: the brief's, cleaned; possibly empty.
        text: in Markdown.
    """

    title: str
    notes: str
    text: str

    @cached_property
    def passages(self) -> Passages:
        return passages(self.text)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Its sentences in their order; headings and code are none."""
        return tuple(sentence.text for sentence in self.passages.sentences)

    @cached_property
    def words(self) -> int:
        """How many words it has below its headings."""
        return sum(len(words(sentence)) for sentence in self.sentences)

    @cached_property
    def findings(self) -> list[Finding]:
        """What the writer's own checks find in it. Its length follows the notes."""
        return review(self.text, Subject(self.title, self.notes, length=""))

    def count(self, names: Iterable[FindingName]) -> int:
        """Return how many findings have one of these names."""
        wanted = set(names)
        return sum(finding.name in wanted for finding in self.findings)

    def is_found(self, sentence: str, names: Iterable[FindingName]) -> bool:
        """Whether a finding with one of these names quotes the sentence, or a part of it."""
        wanted = set(names)
        return any(
            finding.name in wanted and finding.sentence and _overlap(sentence, finding.sentence)
            for finding in self.findings
        )


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one
