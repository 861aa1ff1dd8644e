"""What a text repeats of what was said to the model: prompts, and the notes' orders to whoever writes."""

from __future__ import annotations

from functools import lru_cache

from generation.writer.checks.vocabulary.style import ORDER_TO_WRITER
from generation.writer.prompts import large
from generation.writer.words import Gram, grams, stems, words

RUN = 6  # words in a row that a text shares with a prompt by no chance
MOST_OF_A_NOTE = 0.8  # of its stems, in a sentence that prints it


@lru_cache(maxsize=1)
def _prompt_runs() -> frozenset[Gram]:
    return frozenset(gram for text in large.TEXTS.values() for gram in grams(words(text), RUN))


def repeats_prompt(sentence: str, brief: str) -> bool:
    """Whether a sentence has a run of words of a prompt that the brief has not."""
    own = _prompt_runs().intersection(grams(words(sentence), RUN))
    return bool(own) and not own <= frozenset(grams(words(brief), RUN))


def prints_order(sentence: str, notes: list[str]) -> str:
    """Return the note to whoever writes that a sentence prints, empty if it prints none."""
    if not ORDER_TO_WRITER.match(sentence):
        return ""
    said = stems(sentence)
    first = words(sentence)[:1]
    for note in notes:
        wanted = stems(note)
        if wanted and words(note)[:1] == first and len(wanted & said) >= MOST_OF_A_NOTE * len(wanted):
            return note
    return ""
