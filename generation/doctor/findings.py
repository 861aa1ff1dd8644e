"""What an examination found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    FINE = "fine"
    ODD = "odd"  # works, but will surprise somebody
    BROKEN = "broken"  # posts are not written, are lost, or are shown to strangers


@dataclass(frozen=True)
class Finding:
    """Args:
    subject: what was looked at, in a word.
    state: how it is.
    sentence: what was found; never a secret.
    mend: what to do about it; empty if it is fine.
    """

    subject: str
    state: State
    sentence: str
    mend: str = ""


def fine(subject: str, sentence: str) -> Finding:
    return Finding(subject, State.FINE, sentence)


def odd(subject: str, sentence: str, mend: str) -> Finding:
    return Finding(subject, State.ODD, sentence, mend)


def broken(subject: str, sentence: str, mend: str) -> Finding:
    return Finding(subject, State.BROKEN, sentence, mend)


def examine(subject: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Yield what `look` finds; an examination that breaks is a finding too, and the others go on."""
    try:
        yield from look()
    except Exception as error:
        why = f"It could not be examined: {type(error).__name__}: {error}"
        yield broken(subject, " ".join(why.split()), "Mend what is broken above, then look again.")
