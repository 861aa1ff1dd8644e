"""Whether a text is a text at all: it does not repeat itself, and it ends. That does not make it a good one."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from generation.evaluation.post import Post
from generation.writer.words import distinct, ends_well, longest_repeat, words

REPEATED_MOST = 0.03  # of all sentences
REPEAT_LONGEST = 9  # words
DISTINCT_LEAST = 0.85


@dataclass(frozen=True)
class Sanity:
    """What shows that a model got stuck or broke off, whatever the length of its text.

    Args:
        words: below the headings.
        repeated_sentences: the share of sentences that were said before.
        longest_repeat: in words, the longest run that occurs twice below the headings.
        distinct_3: the share of different ones among the runs of three words.
        breaks_off: it does not end where a sentence does.
    """

    words: int
    repeated_sentences: float
    longest_repeat: int
    distinct_3: float
    breaks_off: bool

    @classmethod
    def of(cls, post: Post) -> Sanity:
        sequence = [word for sentence in post.sentences for word in words(sentence)]
        counts = Counter(tuple(words(sentence)) for sentence in post.sentences)
        return cls(
            words=len(sequence),
            repeated_sentences=round(1 - len(counts) / (counts.total() or 1), 3),
            longest_repeat=longest_repeat(sequence),
            distinct_3=round(distinct(sequence, 3), 3),
            breaks_off=not ends_well(post.text),
        )

    @property
    def is_sane(self) -> bool:
        return (
            self.words > 0
            and self.repeated_sentences <= REPEATED_MOST
            and self.longest_repeat <= REPEAT_LONGEST
            and self.distinct_3 >= DISTINCT_LEAST
            and not self.breaks_off
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"sane": self.is_sane}
