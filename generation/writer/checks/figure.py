"""One figure of a text and what it may mean, and an index of many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from generation.writer.checks.clock import HOUR
from generation.writer.checks.vocabulary.units import EXACT

Reading = tuple[Decimal, str]


@dataclass(frozen=True)
class Figure:
    """A figure of a text.

    Args:
        text: to the letter.
        readings: what it may mean: numbers, each with a unit (empty for a bare count). `7:30` has two, in minutes
            since midnight, and `7.30` a third.
        is_word: it is written in words.
        after: the word after it, in lower case; empty if there is none or it is the unit.
    """

    text: str
    readings: frozenset[Reading]
    is_word: bool = False
    after: str = ""

    @property
    def units(self) -> set[str]:
        return {unit for _, unit in self.readings}

    @property
    def is_one(self) -> bool:
        """Whether it is one of something, which is said by an article, or by no word at all."""
        is_one_of = all(value == 1 and not unit.startswith(("month", "weekday")) for value, unit in self.readings)
        return is_one_of or any(unit == "time" and value in (HOUR, 13 * HOUR) for value, unit in self.readings)

    def vouches_for(self, said: Figure) -> bool:
        """Whether a figure of the notes may be one of a text.

        One without a unit may be any count, but no price or percentage; a full hour may be said as a bare number.
        """
        return any(
            _agree(value, unit, number, its_unit, is_counted=bool(self.after))
            for value, unit in self.readings
            for number, its_unit in said.readings
        )


def _agree(value: Decimal, unit: str, number: Decimal, its_unit: str, *, is_counted: bool) -> bool:
    if value == number and (unit == its_unit or ("" in (unit, its_unit) and not {unit, its_unit} & EXACT)):
        return True
    if unit == "time" and its_unit in ("", "hour"):
        return value % HOUR == 0 and number in (value // HOUR, value // HOUR - 12, value // HOUR + 12)
    if its_unit == "time" and unit in ("", "hour") and not is_counted:
        return number % HOUR == 0 and value in (number // HOUR, number // HOUR - 12)
    return False


class FigureIndex:
    """Figures that can be looked up by what they may be."""

    def __init__(self, known: Iterable[Figure]) -> None:
        self._by_value: dict[Decimal, list[Figure]] = {}
        for figure in dict.fromkeys(known):
            for key in {key for value, unit in figure.readings for key in _keys(value, unit)}:
                self._by_value.setdefault(key, []).append(figure)

    def unknown(self, said: Iterable[Figure]) -> list[Figure]:
        """Return the figures of a text that none of these, of the notes, vouches for."""
        return [figure for figure in said if not any(one.vouches_for(figure) for one in self._near(figure))]

    def unsaid(self, source: Iterable[Figure]) -> list[Figure]:
        """Return the figures of the notes that vouch for none of these, of a text."""
        return [figure for figure in source if not any(figure.vouches_for(one) for one in self._near(figure))]

    def _near(self, figure: Figure) -> list[Figure]:
        values = {key for value, unit in figure.readings for key in _keys(value, unit)}
        return [one for value in values for one in self._by_value.get(value, ())]


def _keys(value: Decimal, unit: str) -> list[Decimal]:
    """Return what a figure is looked up by: full hours by their number too, before and after noon."""
    return [value, (value // HOUR) % 12] if unit == "time" and value % HOUR == 0 else [value, value % 12]
