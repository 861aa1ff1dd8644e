"""A text as it was reviewed: tidied, measured, and with everything that was found wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generation.writer.checks.assess import Wanted, assess
from generation.writer.checks.findings import Finding, FindingName, held_back
from generation.writer.checks.review import Subject, review
from generation.writer.text_thread import in_text_thread
from generation.writer.tidy import tidy
from generation.writer.verification import with_claims

LEAST_WORDS = 50  # of a post; what is shorter is an answer to the prompt, or a question


@dataclass(frozen=True)
class Reviewed:
    """A tidied text, its findings, the worst first, and its measures."""

    content: str
    findings: tuple[Finding, ...]
    measures: Mapping[str, Any]

    @property
    def is_post(self) -> bool:
        """Whether it is long enough to be one."""
        return bool(self.measures["words"] >= LEAST_WORDS)

    @property
    def to_repair(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.name.is_repaired]

    def with_claims(self, claims: Sequence[Finding]) -> Reviewed:
        """Return it with what a verification found in it."""
        return replace(self, findings=tuple(with_claims(self.findings, claims, self.content)))

    def is_better_than(self, other: Reviewed) -> bool:
        """Whether this repair of `other` has fewer findings that hold it back, or else fewer of all.

        One that lost more than half of the text is none, unless there was too much of it.
        """
        was_long = any(finding.name == FindingName.TOO_LONG for finding in other.findings)
        lost_much = not was_long and 2 * self.measures["words"] < other.measures["words"]
        return not lost_much and self._rank < other._rank

    @property
    def _rank(self) -> tuple[bool, int, int]:
        return not self.is_post, len(held_back(self.findings)), len(self.findings)


class Reviewer:
    """Reviews the texts of one brief beside the event loop.

    Args:
        subject: what they are reviewed against.
        wanted: what they are measured against.
    """

    def __init__(self, subject: Subject, wanted: Wanted) -> None:
        self.subject, self.wanted = subject, wanted

    async def review(self, text: str, claims: Sequence[Finding] = ()) -> Reviewed:
        """Return a text as reviewed.

        Args:
            text: as a model sent it.
            claims: what a verification found in an earlier form of it.

        Raises:
            GenerationFailed: it took too long.
        """
        return await in_text_thread(self._review, text, claims, raw=text)

    def _review(self, text: str, claims: Sequence[Finding]) -> Reviewed:
        content = tidy(text, self.subject.title)
        measures = assess(self.subject.title, self.subject.notes, content, self.wanted)
        findings = review(content, self.subject, measures)
        return Reviewed(content, tuple(findings), measures).with_claims(claims)
