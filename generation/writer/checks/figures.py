"""Figures of a text: numbers with their units, prices, dates and times, in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from generation.writer.checks.vocabulary.numbers import HAN_DIGITS, number_of
from generation.writer.checks.vocabulary.units import CURRENCIES, EXACT, MONTHS, UNITS

HOUR = 60  # minutes
HALF_DAY = 12 * HOUR
PHONE_DIGITS = 7  # at least
Reading = tuple[Decimal, str]

_PHONE = re.compile(r"\+?\d[\d ()/–-]{5,28}\d")
_YEARS = re.compile(r"\d{4} ?[–/-] ?\d{4}")
_DATE = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
    r"|(?P<first>\d{1,2})[./](?P<middle>\d{1,2})[./](?P<last>\d{4}|\d{2}))(?!\d)"
)
_TOKEN = re.compile(
    r"(?P<currency>[€$£¥₴₺])?\s?"
    r"(?P<number>\d+(?:[.,'’\u00a0\u202f]\d{3}(?!\d))*(?:[.,:]\d+)?)"
    r"(?P<ordinal>(?:st|nd|rd|th|er|º|ª)\b|\.(?=\s+[^\W\d_]))?"
    r"(?:[\s\u00a0-]?(?:of\s|de\s)?(?P<unit>%|°[CF]?|[€$£¥₴₺]|per cent|o'clock|[^\W\d_]+\.?[^\W\d_]?\.?))?"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BEFORE = re.compile(r"(?P<month>[^\W\d_]+)\.?\s+$")
_RANGE = re.compile(r"\s*(?:[–-]|to|and|until|bis|und|à|a|e|et|y|al|tot|en|till|til|og|och|do|až|по|до|ile|~|から)\s*")
_AM_PM = re.compile(r"\s?(?P<half>[ap])\.?\s?m\b\.?", re.IGNORECASE)
_HAN = re.compile(
    r"(?P<number>[〇一二三四五六七八九十两兩]{1,3}|\d+)\s?(?P<counter>[月日時点點分円元個个人名年週周回本匹冊枚歳岁명개월일시분])"
)


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

    def agrees(self, other: Figure) -> bool:
        """Whether the two may be the same figure; one without a unit may be any count, but no price or percentage."""
        return any(
            value == number and (unit == its_unit or ("" in (unit, its_unit) and not {unit, its_unit} & EXACT))
            for value, unit in self.readings
            for number, its_unit in other.readings
        )


def figures(text: str, language: str = "en", *, is_source: bool = False) -> list[Figure]:
    """Return the figures of a text, in their order.

    Args:
        text: without links, whose digits are no figures.
        language: the tag of the language whose number words count.
        is_source: these are the notes: their `11:00` is in the morning, where a text's may be at night.
    """
    dates, text = _dates(text)
    phones, rest = _phones(text)
    return [*dates, *phones, *_in_digits(rest, is_source=is_source), *_in_words(rest, language), *_with_counters(rest)]


def unknown(found: Iterable[Figure], known: Iterable[Figure]) -> list[Figure]:
    """Return the figures that agree with none of the known ones."""
    by_value: dict[Decimal, list[Figure]] = {}
    for figure in known:
        for value, _ in figure.readings:
            by_value.setdefault(value, []).append(figure)
    return [
        figure
        for figure in found
        if not any(figure.agrees(other) for value, _ in figure.readings for other in by_value.get(value, ()))
    ]


def _dates(text: str) -> tuple[list[Figure], str]:
    """Return the dates that are written in digits alone, and the text without them."""
    found = []
    for match in _DATE.finditer(text):
        year, month, day = (
            match["year"] or match["last"],
            match["month"] or match["middle"],
            match["day"] or match["first"],
        )
        readings = {(Decimal(int(day)), f"month {int(month)}"), (Decimal(int(year)), "")}
        if int(day) <= 12 and "/" in match.group():  # American
            readings.add((Decimal(int(month)), f"month {int(day)}"))
        found.append(Figure(match.group(), frozenset(readings)))
    return found, _DATE.sub(" ", text)


def _is_phone(text: str) -> bool:
    digits = sum(character.isdigit() for character in text)
    return digits >= PHONE_DIGITS and not _YEARS.fullmatch(text) and not re.fullmatch(r"\d{1,3}(?:[ ,.]\d{3})+", text)


def _phones(text: str) -> tuple[list[Figure], str]:
    """Return the telephone numbers of a text, and the text without them."""
    found = []

    def take(match: re.Match[str]) -> str:
        if not _is_phone(match.group()):
            return match.group()
        digits = "".join(character for character in match.group() if character.isdigit())
        found.append(Figure(match.group(), frozenset({(Decimal(digits), "phone")})))
        return " " * len(match.group())

    rest = _PHONE.sub(take, text)
    return found, rest


def _in_digits(text: str, *, is_source: bool) -> Iterator[Figure]:
    tokens = list(_TOKEN.finditer(text))
    units = [_unit_of(token, text) for token in tokens]
    for place in reversed(range(len(tokens) - 1)):  # "9 to 18 Uhr", "24. bis 28. Februar": the unit is the second's
        between = text[tokens[place].end() : tokens[place + 1].start()]
        own = text[tokens[place].end("number") : tokens[place].end()].lstrip(".")
        joined = _RANGE.fullmatch(between) or (_RANGE.fullmatch(own + between) if not units[place] else None)
        if joined and not units[place] and units[place + 1]:
            units[place] = units[place + 1]
    for token, unit in zip(tokens, units, strict=True):
        if readings := _readings(token, unit, text, is_source=is_source):
            end = token.end() if _own_unit(token) else token.end("number")
            yield Figure(text[token.start() : end].strip(), readings, after=_word_at(text, end))


def _own_unit(token: re.Match[str]) -> str:
    return _unit_named(token["unit"] or "")


def _unit_of(token: re.Match[str], text: str) -> str:
    if token["currency"]:
        return UNITS[token["currency"]]
    if unit := _own_unit(token):
        return unit
    before = _BEFORE.search(text[max(0, token.start("number") - 24) : token.start("number")])
    if before and (unit := UNITS.get(before["month"].lower(), "")) in CURRENCIES:  # "EUR 14"
        return unit
    month = MONTHS.get(before["month"].lower()) if before else None
    return f"month {month}" if month and "." not in token["number"] and ":" not in token["number"] else ""


def _readings(token: re.Match[str], unit: str, text: str, *, is_source: bool) -> frozenset[Reading]:
    number = token["number"]
    half = _AM_PM.match(text, token.end("number"))
    times = _times(number, unit, half["half"].lower() if half else "", is_source=is_source)
    if ":" in number:
        return times
    values = _values(number)
    if half or unit == "o'clock":
        return times
    return frozenset((value, unit) for value in values) | times


def _values(number: str) -> set[Decimal]:
    """Return the values of a number: three digits after a mark are thousands, others are a fraction."""
    plain = re.sub(r"['’\u00a0\u202f]", "", number)
    whole, mark, fraction = plain, "", ""
    if found := re.search(r"[.,](\d+)$", plain):
        is_thousands = len(found[1]) == 3 and not plain.startswith("0") and len(set(re.findall(r"[.,]", plain))) == 1
        if not is_thousands:
            whole, mark, fraction = plain[: found.start()], ".", found[1]
    return {Decimal(re.sub(r"[.,]", "", whole) + mark + fraction).normalize()}


def _times(number: str, unit: str, half: str, *, is_source: bool) -> frozenset[Reading]:
    """Return what a number may mean as a time of day."""
    hours, _, minutes = number.replace(".", ":").partition(":")
    is_time = bool(half) or unit == "o'clock" or ":" in number or (not unit and len(minutes) == 2 and "." in number)
    if not (is_time and len(hours) <= 2 and int(hours) <= 24 and len(minutes) in (0, 2) and int(minutes or 0) < HOUR):
        return frozenset()
    at = int(hours) % 12 * HOUR + int(minutes or 0)
    if half:
        moments = {at + (HALF_DAY if half == "p" else 0)}
    elif int(hours) > 12 or int(hours) == 0:
        moments = {int(hours) * HOUR % (2 * HALF_DAY) + int(minutes or 0)}
    else:
        moments = {at % HALF_DAY if int(hours) < 12 else HALF_DAY + at} if is_source else {at, at + HALF_DAY}
    return frozenset((Decimal(moment), "time") for moment in moments)


def _in_words(text: str, language: str) -> Iterator[Figure]:
    tokens = list(_WORD.finditer(text))
    for token, after in zip_longest(tokens, tokens[1:]):
        value = number_of(token.group().lower().replace("’", "'"), language)
        if not value:
            continue
        is_near = after is not None and text[token.end() : after.start()] in (" ", "-")
        unit = _unit_named(after.group()) if after is not None and is_near else ""
        end = after.end() if after is not None and unit else token.end()
        counted = _word_at(text, end)
        yield Figure(text[token.start() : end], frozenset({(Decimal(value), unit)}), is_word=True, after=counted)


def _word_at(text: str, place: int) -> str:
    found = _WORD.match(text, place + 1) if text[place : place + 1] in (" ", "-", "\u00a0") else None
    return found.group().lower() if found else ""


def _unit_named(word: str) -> str:
    word = word.lower().rstrip(".")
    return UNITS.get(word, "") or (f"month {MONTHS[word]}" if word in MONTHS else "")


def _with_counters(text: str) -> Iterator[Figure]:
    """Return the figures of scripts that write counters after numbers, and numbers as characters."""
    for found in _HAN.finditer(text):
        number = found["number"]
        if not number.isascii():
            yield Figure(found.group(), frozenset({(Decimal(_han(number)), "")}), is_word=True)


def _han(number: str) -> int:
    tens, ten, ones = number.partition("十")
    if not ten:
        return int("".join(str(HAN_DIGITS[character]) for character in number))
    return 10 * (HAN_DIGITS.get(tens, 1) if tens else 1) + (HAN_DIGITS.get(ones, 0) if ones else 0)
