"""Figures of a text: numbers with their units, prices, dates and times, in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from generation.writer.checks.clock import HALF_DAY, HOUR, times
from generation.writer.checks.figure import Figure, Reading
from generation.writer.checks.phrases import Phrases
from generation.writer.checks.spelled import EAST_ASIAN, letter_words, near_halves, spelled, spoken_times, with_digits
from generation.writer.checks.vocabulary.units import CURRENCIES, MONTHS, UNITS, WEEKDAYS

DAY_DIGITS = 2
PHONE_DIGITS = 7  # at least

# Without the first of these a text has no figures but words, as most sentences, and without the others none of a kind.
_SIGN = re.compile(rf"[\d½¼¾⅓⅔{EAST_ASIAN}]")
_FRACTION_SIGN, _HOUR_SIGN, _DATE_SIGN = re.compile("[/½¼¾⅓⅔]"), re.compile(r"\d\s?[huU]"), re.compile(r"\d[-./]\d")
_PHONE = re.compile(r"\+?\d[\d ()/–-]{5,28}\d")
_YEARS = re.compile(r"\d{4} ?[–/-] ?\d{4}")
_FRACTION = re.compile(r"(?<![\d/])\d/\d(?![\d/])|[½¼¾⅓⅔]")
_DATE = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
    r"|(?P<first>\d{1,2})[./](?P<middle>\d{1,2})[./](?P<last>\d{4}|\d{2}))(?!\d)"
)
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(
    r"(?P<currency>[€$£¥₴₺]|\bRp\.?)?\s?"
    r"(?P<number>\d{1,3}(?:[ \u00a0\u202f]\d{3}(?!\d))+|\d+(?:[.,'’]\d{3}(?!\d))*(?:[.,:]\d+)?)"
    r"(?P<ordinal>(?:st|nd|rd|th|er|η|º|ª)\b|\.(?=\s+[^\W\d_]))?"
    r"(?:[ \u00a0\u202f-]?(?:of |de )?(?P<unit>%|°[CF]?|[€$£¥₴₺](?!\d)|per cent|o'clock|m²|[^\W\d_]+\.?[^\W\d_]?\.?))?"
)
_BEFORE_DIGITS = 4  # characters of a currency and a blank
_HOURS_AND_MINUTES = re.compile(r"(?<!\d)(\d{1,2})\s?(?:h|u|uur|Uhr)\s?(\d{2})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BEFORE = re.compile(r"(?<!\d )(?<![\w])(?P<word>[^\W\d_]+)\.?[ \u00a0]$")
_RANGE = re.compile(
    r"\s*(?:[–-]|to|and|until|bis|und|à|a|e|et|y|al|tot|en|till|til|og|och|do|až|по|до|ile|και|~|から|부터|到|至)\s*"
)
_AM_PM = re.compile(r"\s?(?P<half>[ap])\.?\s?m\b\.?", re.IGNORECASE)


_EAST_ASIAN_DAYS = ("月火水木金土日", "월화수목금토일", "一二三四五六日")
_EAST_ASIAN_WEEKDAY = re.compile("([月火水木金土日])曜|([월화수목금토일])요일|(?:星期|周|礼拜)([一二三四五六日])")
_PLURALS = ("", "'s", "’s", "s", "e", "en", "ar", "er", "isin")  # and other endings of weekdays
# Of a form that is one with two endings, the days of the first.
_WEEKDAYS = {form + ending: days for ending in reversed(_PLURALS) for form, days in WEEKDAYS.items()}
_WEEKDAY_STARTS = frozenset(form.partition("-")[0] for form in _WEEKDAYS)  # the words of `letter_words` in them
_HALF_AN_HOUR = Phrases(
    r"half an hour|half-hour|halbe[nr]? stunde|demi-heure|media hora|mezz'ora|meia hora|half uur|halvtimme|halv time"
    r"|puoli tuntia|pół godziny|půl hodiny|пів години|yarım saat|μισή ώρα|setengah jam"
)
_QUARTER_OF_AN_HOUR = Phrases(
    r"quarters? of an hour|viertelstunde|quart d'heure|cuarto de hora|quarto d'ora|quarto de hora|kwartier|kvart"
)
HALF_TO = ("de", "nl", "sv", "da", "nb", "fi", "cs", "pl", "uk")


def figures(text: str, language: str = "en", *, is_source: bool = False) -> list[Figure]:
    """Return the figures of a text, in their order.

    Args:
        text: without links, whose digits are no figures.
        language: the tag of the language whose number words count.
        is_source: these are the notes: their `11:00` is in the morning, where a text's may be at night.
    """
    if not _SIGN.search(text):
        return [*_in_words(text, language, is_source=is_source), *_weekdays(text)]
    text = with_digits(_FRACTION.sub(" ", text) if _FRACTION_SIGN.search(text) else text)
    text = _HOURS_AND_MINUTES.sub(r" \1:\2 ", text) if _HOUR_SIGN.search(text) else text
    dates, text = _dates(text)
    phones, rest = _phones(text)
    words = _in_words(rest, language, is_source=is_source)
    return [*dates, *phones, *_in_digits(rest, is_source=is_source), *words, *_weekdays(text)]


def with_fractions(text: str, language: str) -> list[Figure]:
    """Return the figures that a text may mean by words for halves, quarters, noon, and minutes before an hour."""
    numbers = set(near_halves(text, language))
    half = -2 if language in HALF_TO else 2  # "halb sieben" is half past six
    of_day = {number + Decimal(part) / 4 for number in numbers for part in (half, -1, 1, 3)}
    moments = {value * HOUR % HALF_DAY for value in of_day} | {
        Decimal(moment) for moment in spoken_times(text, language)
    }
    readings = {((number + Decimal("0.5")).normalize(), "") for number in numbers}
    readings |= {(moment + noon, "time") for moment in moments for noon in (0, HALF_DAY)}
    readings |= {(Decimal(30), "minute"), (Decimal("0.5"), "hour")} if _HALF_AN_HOUR.search(text) else set()
    readings |= {(Decimal(15), "minute"), (Decimal(45), "minute")} if _QUARTER_OF_AN_HOUR.search(text) else set()
    return [Figure(text="", readings=frozenset(readings), is_word=True)]


def _dates(text: str) -> tuple[list[Figure], str]:
    """Return the dates that are written in digits alone, and the text without them."""
    found: list[Figure] = []
    if not _DATE_SIGN.search(text):
        return found, text
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


def _weekdays(text: str) -> Iterator[Figure]:
    if not _WEEKDAY_STARTS.isdisjoint(letter_words(text)):
        for word in _WORD.findall(text):
            if days := _WEEKDAYS.get(word.lower()):
                yield Figure(word, frozenset((Decimal(day), "weekday") for day in days), is_word=True)
    for match in _EAST_ASIAN_WEEKDAY.finditer(text):
        days = frozenset(sign.find(match[1] or match[2] or match[3]) for sign in _EAST_ASIAN_DAYS) - {-1}
        yield Figure(match.group(), frozenset((Decimal(day), "weekday") for day in days), is_word=True)


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
    tokens = list(_tokens(text))
    units = [_unit_of(token, text) for token in tokens]
    halves = [_half_of_day(token, text) for token in tokens]
    for place in reversed(range(len(tokens) - 1)):  # "9 to 18 Uhr", "24. bis 28. Februar": the unit is the second's
        between = text[tokens[place].end() : tokens[place + 1].start()]
        own = text[tokens[place].end("number") : tokens[place].end()].lstrip(".")
        joined = _RANGE.fullmatch(between) or (_RANGE.fullmatch(own + between) if not units[place] else None)
        if joined and not units[place]:
            units[place], halves[place] = units[place + 1], halves[place] or halves[place + 1]
    for token, unit, half in zip(tokens, units, halves, strict=True):
        if readings := _readings(token["number"], unit, half, is_source=is_source):
            end = token.end() if _own_unit(token) else token.end("number")
            yield Figure(text[token.start() : end].strip(" ."), readings, after=_word_at(text, end))


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """Return the numbers of a text with what stands beside them, searched for from their first digit on."""
    place = 0
    while digit := _DIGIT.search(text, place):
        token = _TOKEN.search(text, max(place, digit.start() - _BEFORE_DIGITS))
        if token is None:
            return
        yield token
        place = token.end()


def _half_of_day(token: re.Match[str], text: str) -> str:
    found = _AM_PM.match(text, token.end("number"))
    return found["half"].lower() if found else ""


def _own_unit(token: re.Match[str]) -> str:
    return _unit_named(token["unit"] or "")


def _unit_of(token: re.Match[str], text: str) -> str:
    if token["currency"]:
        return UNITS[token["currency"].lower().rstrip(".")]
    if unit := _own_unit(token):
        return unit
    before = _BEFORE.search(text[max(0, token.start("number") - 24) : token.start("number")])
    if before and (unit := UNITS.get(before["word"].lower(), "")) in CURRENCIES:  # "EUR 14"
        return unit
    month = MONTHS.get(before["word"].lower()) if before and len(token["number"]) <= DAY_DIGITS else None
    return f"month {month}" if month and "." not in token["number"] and ":" not in token["number"] else ""


def _readings(number: str, unit: str, half: str, *, is_source: bool) -> frozenset[Reading]:
    minutes = re.search(r"\.(\d\d)$", number)
    is_time = bool(half) or unit == "o'clock" or ":" in number or bool(minutes and unit in ("", "hour"))
    moments = times(number, is_time=is_time, half=half, is_source=is_source)
    if ":" in number or half or unit == "o'clock":
        return moments
    return moments | {(_value(number), unit)}


def _value(number: str) -> Decimal:
    """Return the value of a number: three digits after a mark are thousands, others are a fraction."""
    plain = re.sub(r"['’ \u00a0\u202f]", "", number)
    whole, mark, fraction = plain, "", ""
    if found := re.search(r"[.,](\d+)$", plain):
        is_thousands = len(found[1]) == 3 and not plain.startswith("0") and len(set(re.findall(r"[.,]", plain))) == 1
        if not is_thousands:
            whole, mark, fraction = plain[: found.start()], ".", found[1]
    return Decimal(re.sub(r"[.,]", "", whole) + mark + fraction).normalize()


def _in_words(text: str, language: str, *, is_source: bool) -> Iterator[Figure]:
    for number in spelled(text, language):
        after = "per cent" if text.startswith(" per cent", number.end) else _word_at(text, number.end)
        unit = _unit_named(after)
        end = number.end + 1 + len(after) if unit else number.end
        readings = {(Decimal(number.value), unit)}
        if unit == "o'clock":
            readings = set(times(str(number.value), is_time=True, half="", is_source=is_source))
        if readings:
            counted = _word_at(text, end)
            yield Figure(text[number.start : end], frozenset(readings), is_word=True, after=counted)


def _word_at(text: str, place: int) -> str:
    found = _WORD.match(text, place + 1) if text[place : place + 1] in (" ", "-", "\u00a0") else None
    return found.group().lower() if found else ""


def _unit_named(word: str) -> str:
    word = word.lower().rstrip(".")
    return UNITS.get(word, "") or (f"month {MONTHS[word]}" if word in MONTHS else "")
