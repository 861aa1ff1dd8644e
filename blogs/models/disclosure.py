"""What part a machine has in a text, and whether a person released it knowingly: a pure function of its history."""

import re
from collections.abc import Iterable
from hashlib import blake2b

from django.db import models

SENTENCE_ENDS = re.compile(r"[.!?\n\r\u2028\u3002\uff01\uff1f]+")
HASH_BYTES = 8


class Disclosure(models.TextChoices):
    HUMAN_ONLY = "human-only", "typed by a person"
    AI_ASSISTED = "ai-assisted", "a machine's text, released by a person who named this revision"
    AI_AUTONOMOUS = "ai-autonomous", "a machine's text, and nobody said that they read it"


def disclosure(*, has_machine_text: bool, is_named: bool) -> Disclosure:
    """Return what readers are to know.

    Args:
        has_machine_text: whether a machine wrote the text, or a sentence that a person kept in it.
        is_named: whether a person released it who said which revision they mean.
    """
    if not has_machine_text:
        return Disclosure.HUMAN_ONLY
    return Disclosure.AI_ASSISTED if is_named else Disclosure.AI_AUTONOMOUS


def keeps_a_sentence(text: str, others: Iterable[str]) -> bool:
    """Return whether a text has a whole sentence or line in common with one of the others."""
    own = sentences(text)
    return any(not own.isdisjoint(sentences(other)) for other in others)


def sentences(text: str) -> set[str]:
    return {words for part in SENTENCE_ENDS.split(text) if (words := " ".join(part.split()))}


def sentence_hashes(text: str) -> set[bytes]:
    return {blake2b(sentence.encode(), digest_size=HASH_BYTES).digest() for sentence in sentences(text)}
