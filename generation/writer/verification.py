"""Verification: what a model says of a draft's sentences that no check in code can see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from generation.writer.answers import objects_in, string
from generation.writer.checks.findings import Finding, FindingName
from generation.writer.places import Places
from generation.writer.words import cover, stems

NAMES = {"contradicted": FindingName.CONTRADICTION, "not_in_notes": FindingName.UNSUPPORTED}
MOST = 40  # claims of one text
LEAST_WORDS = 2  # of a sentence
LEAST_COVER = 0.6  # of the words of a note that is not given to the letter
_INVENTED = {name for name in FindingName if name.value.startswith("invented_")}


def read_claims(answer: str, content: str, title: str, notes: Sequence[str]) -> list[Finding]:
    """Return what a verification found; what is not in the text, or contradicts no note, is ignored.

    Args:
        answer: the model's.
        content: the draft that it was shown.
        title: of the brief.
        notes: as they were numbered for the model, from 1.

    Raises:
        UnusableAnswer: it is not JSON of the schema.
    """
    places = Places(content)
    found = [_finding(claim, places, title, notes) for claim in objects_in(answer, "claims")[:MOST]]
    return list(dict.fromkeys(finding for finding in found if finding))


def _finding(claim: dict[str, Any], places: Places, title: str, notes: Sequence[str]) -> Finding | None:
    sentence, name = places.first(string(claim, "sentence")), NAMES.get(string(claim, "problem"))
    if name is None or (len(sentence.split()) < LEAST_WORDS and sentence.isascii()):
        return None
    if name == FindingName.UNSUPPORTED:
        return Finding(name, sentence)
    note = _note(claim.get("note"), title, notes)
    return Finding(name, sentence, note=note) if note else None


def _note(said: object, title: str, notes: Sequence[str]) -> str:
    """Return the note that a model names by its number or quotes; empty if there is none such."""
    if isinstance(said, str) and said.strip(" .").isdecimal() and len(said) < 6:
        said = int(said.strip(" ."))
    if isinstance(said, int):
        return [title, *notes][said] if 0 <= said <= len(notes) else ""
    if not isinstance(said, str) or not (wanted := stems(said)):
        return ""
    best = max([title, *notes], key=lambda note: cover(wanted, note))
    return best if cover(wanted, best) >= LEAST_COVER else ""


def with_claims(findings: Iterable[Finding], claims: Iterable[Finding], content: str) -> list[Finding]:
    """Return the findings of the checks and the claims about sentences that still stand in a text, the worst first.

    Args:
        findings: of `review`.
        claims: of `read_claims`.
        content: the text, which may have been changed since they were made.
    """
    found, claims = list(findings), list(claims)
    places = Places(content if claims else "")
    known = {(finding.sentence, finding.name) for finding in found}
    invented = {finding.sentence for finding in found if finding.name in _INVENTED}
    new = [
        claim
        for claim in claims
        if claim.sentence in places
        and (claim.sentence, claim.name) not in known
        and not (claim.name == FindingName.UNSUPPORTED and claim.sentence in invented)
    ]
    return sorted([*new, *found], key=lambda finding: not finding.name.holds_back)
