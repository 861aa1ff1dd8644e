"""How a text is written: machine phrases, filler, placeholders, and a writer who speaks of himself."""

from __future__ import annotations

import re

from generation.writer.checks.vocabulary.style import FILLER, MACHINE_PHRASE
from generation.writer.words import stems, words

PER = 1000  # words
MACHINE_MOST = 12  # machine phrases per 1,000 words that are no warning
SHORT = 150  # words; in fewer, some phrases are a high rate by chance
_DASHES = re.compile(r"\w ?— ?\w")
_FIRST_PERSON_BY = {
    "en": re.compile(r"\b(?:I|I['’]m|I['’]ve|I['’]d|I['’]ll|my|myself|mine)\b"),
    "de": re.compile(r"\b(?:ich|Ich|mein\w{0,2}|Mein\w{0,2}|mich|mir)\b"),
    "fr": re.compile(r"\b(?:[Jj]e|[Jj]['’]ai|[Mm]on|[Mm]es)\b"),
    "es": re.compile(r"\b(?:[Yy]o|[Mm]is?)\b"),
    "it": re.compile(r"\b(?:[Ii]o|[Mm]io|[Mm]ia|[Mm]iei)\b"),
    "pt": re.compile(r"\b(?:[Ee]u|[Mm]eu|[Mm]inha)\b"),
    "nl": re.compile(r"\b(?:[Ii]k|[Mm]ijn)\b"),
}


def machine_phrases(text: str) -> list[str]:
    """Return the machine phrases of a text, to the letter; two dashes in a chain count as one."""
    found = [match.group() for match in MACHINE_PHRASE.finditer(text.replace("’", "'"))]
    dashes = _DASHES.findall(text) if "—" in text else []
    return found + ["—"] * (len(dashes) // 2)


def machine_rate(text: str) -> float:
    """Return the machine phrases per 1,000 words."""
    return len(machine_phrases(text)) * PER / max(len(words(text)), SHORT)


def is_filler(sentence: str, subject: frozenset[str]) -> bool:
    """Whether a sentence says nothing: a stock phrase, and hardly a word of the subject.

    Args:
        sentence: of the text.
        subject: the stems of title and notes.
    """
    found = FILLER.search(sentence.replace("’", "'"))
    return bool(found) and len(stems(sentence) & subject) < 2


def speaks_of_itself(text: str, language: str) -> bool:
    """Whether the writer of a text says `I`, where the language has a word for it that is checked."""
    pattern = _FIRST_PERSON_BY.get(language)
    return bool(pattern and pattern.search(text))
