"""Numbers that are spelled out: words of one number put together, and those of scripts without spaces as digits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from generation.writer.checks.phrases import Phrases
from generation.writer.checks.vocabulary.numbers import AND, HALVES_AND_QUARTERS, NUMBER_WORDS, ONE
from generation.writer.checks.vocabulary.units import MONTHS

HUNDRED, THOUSAND = 100, 1000
NEAR = 4  # words between an hour and what is added to it
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_HOUR = re.compile(r" (?:past|to|nach|vor) (\w+)\b", re.IGNORECASE)
_PAST = re.compile(r"\b(\w+(?:-five)?)(?: minutes| Minuten)? (past|to|nach|vor) (\w+)\b", re.IGNORECASE)
_NOON = Phrases(r"\b(?:noon|midday|midnight|mittags?|mitternacht|midi|minuit|mediodía|mezzogiorno|meio-dia)\b")
EAST_ASIAN = "\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af"
_EAST_ASIAN = re.compile(f"[{EAST_ASIAN}]")
_COUNTERS = "月日時时点點分円元個个人名年週周回本匹冊枚歳岁间場场种種组組席位次米公克斤票件章倍割"
_HAN_NUMBER = re.compile(rf"[〇零一二三四五六七八九十百千万两兩]+(?=[{_COUNTERS}])")
_MULTIPLIED = re.compile(r"(\d[\d,.]*)?\s?([百千万천만백])\s?(?=[원円元명人名권年个個개])")
_HALF_OF_DAY = {"午前": 0, "오전": 0, "上午": 0, "早上": 0, "午後": 12, "오후": 12, "下午": 12, "晚上": 12}
_TIME = re.compile(
    rf"({'|'.join(_HALF_OF_DAY)})?\s?(\d{{1,2}})\s?[時时点點시](?![間间刻])\s?(?:(\d{{1,2}})\s?[分분]|(半|반))?"
)
_DATE = re.compile(r"(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]")
_UNIT = re.compile(
    r"(\d[\d.,]*)\s?(円|元|원|엔|ドル|달러|美元|ユーロ|유로|欧元|ポンド|分钟|小时|時間|시간|分間|週間|か月|ヶ月|개월|个月|年間|日間|公里|公斤"
    r"|キロ|メートル|米|パーセント|퍼센트|年|년|天|日|일|分|분|歳|岁|살|人|名|명)"
)
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_TENS = {"十": 10, "百": 100, "千": 1000, "백": 100, "천": 1000, "万": 10_000, "만": 10_000}
_HALVES_AND_QUARTERS = tuple(HALVES_AND_QUARTERS)
_BEGINNINGS = frozenset(part[:3] for part in HALVES_AND_QUARTERS)
_MONTH_NAMES = {number: name for name, number in reversed(MONTHS.items()) if name.isascii()}


@dataclass(frozen=True)
class Spelled:
    """A number in words: its place in the text and its value."""

    start: int
    end: int
    value: int


def spelled(text: str, language: str) -> Iterator[Spelled]:
    """Return the numbers that are spelled out in a text, in the words of a language."""
    table = NUMBER_WORDS.get(language, {})
    if table.keys().isdisjoint(letter_words(text)):
        return
    tokens = list(_WORD.finditer(text))
    values = [table.get(token.group().lower().replace("’", "'"), 0) for token in tokens]
    place = 0
    while place < len(tokens):
        if values[place]:
            length, value = _longest(tokens[place : place + 8], values[place : place + 8], text, language)
            yield Spelled(tokens[place].start(), tokens[place + length - 1].end(), value)
            place += length
        else:
            place += 1


@lru_cache(maxsize=64)
def letter_words(text: str) -> frozenset[str]:
    """Return the words of a text that are letters, in lower case: which of them it has, to look no further if none."""
    return frozenset(word.lower().replace("’", "'") for word in _WORD.findall(text))


def _longest(tokens: Sequence[re.Match[str]], values: Sequence[int], text: str, language: str) -> tuple[int, int]:
    """Return how many words from the first on are one number, and its value."""
    total, current, length = 0, values[0], 1
    if current == THOUSAND:
        total, current = current, 0
    place = 1
    while place < len(tokens):
        word = tokens[place].group().lower()
        if text[tokens[place - 1].end() : tokens[place].start()] not in (" ", "-", "\u00a0"):
            break
        if word == AND.get(language) and place + 1 < len(tokens) and values[place + 1]:
            place += 1
            if values[place] >= (current or THOUSAND):
                break
            word = tokens[place].group().lower()
        value = values[place] or (
            1 if word == ONE.get(language) and current >= (10 if language == "tr" else 20) and current % 10 == 0 else 0
        )
        joined = _joined(total, current, value, language)
        if joined is None:
            break
        total, current = joined
        place += 1
        length = place
    return length, total + current


def _joined(total: int, current: int, value: int, language: str) -> tuple[int, int] | None:
    """Return thousands and rest of a number with one more word, None if it is another number."""
    if not value:
        return None
    if value == THOUSAND and current < THOUSAND:
        return (max(current, 1) * THOUSAND, 0) if not total else None
    if value == HUNDRED and 1 < current < 10:
        return total, current * HUNDRED
    if language == "id" and value == 10 and 1 < current < 10:  # tens
        return total, current * 10
    if language == "fr" and current == 4 and value == 20:
        return total, 80
    is_round = current % HUNDRED == 0 and value < HUNDRED
    is_tens = current % HUNDRED >= 10 and current % 10 == 0 and value < (20 if language == "fr" else 10)
    return (total, current + value) if is_round or is_tens else None


def near_halves(text: str, language: str) -> Iterator[int]:
    """Return the numbers near a word for a half or a quarter: `half past six`, `two and a half`."""
    if not any(map(_is_part, letter_words(text))):
        return
    numbers = [(number.start, number.value) for number in spelled(text, language)]
    numbers += [(match.start(), int(match.group())) for match in re.finditer(r"(?<!\d)\d{1,2}(?!\d)", text)]
    for match in _WORD.finditer(text):
        word = match.group().lower()
        if _is_part(word):
            yield from (value for start, value in numbers if abs(start - match.start()) <= NEAR * 6)
            for name, value in NUMBER_WORDS.get(language, {}).items():
                if word == f"{name}einhalb":
                    yield value


def _is_part(word: str) -> bool:
    """Whether a word is about a half or a quarter."""
    is_one = word[:3] in _BEGINNINGS and word.startswith(_HALVES_AND_QUARTERS)
    return is_one or word.endswith(("einhalb", "halv", "viertel"))


def spoken_times(text: str, language: str) -> Iterator[int]:
    """Return the times that are said by the minutes before or after an hour, or by noon: minutes since midnight."""
    values = NUMBER_WORDS.get(language, {}) | {"one": 1}
    has_hour = any(hour.lower() in values for hour in _HOUR.findall(text))
    for match in _PAST.finditer(text) if has_hour else ():
        minutes, hour = values.get(match[1].lower(), 0), values.get(match[3].lower(), 0)
        if minutes and hour:
            yield (hour * 60 + (minutes if match[2].lower() in ("past", "nach") else -minutes)) % 720
    if _NOON.search(text):
        yield 0


def with_digits(text: str) -> str:
    """Return a text of a script without spaces with its numbers, times, dates and units as others write them."""
    if not _EAST_ASIAN.search(text):
        return text
    # A single one is an article.
    text = _HAN_NUMBER.sub(lambda match: match[0] if match[0] == "一" else str(_han(match[0])), text)
    text = _MULTIPLIED.sub(_multiplied, text)
    text = _TIME.sub(_time, text)
    text = _DATE.sub(lambda match: f" {match[2]} {_MONTH_NAMES.get(int(match[1]), '')} ", text)
    return _UNIT.sub(r" \1 \2 ", text)


def _han(number: str) -> int:
    total, current = 0, 0
    for character in number:
        if character in _DIGITS:
            current = current * 10 + _DIGITS[character] if number.isdecimal() else _DIGITS[character]
        elif character == "万":
            total, current = (total + current) * 10_000, 0
        else:
            total, current = total + max(current, 1) * _TENS[character], 0
    if not set(number) & _TENS.keys():
        return int("".join(str(_DIGITS[character]) for character in number))
    return total + current


def _multiplied(match: re.Match[str]) -> str:
    number = (match[1] or "1").replace(",", "").rstrip(".")
    return f"{float(number) * _TENS[match[2]]:.0f}" if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", number) else match.group()


def _time(match: re.Match[str]) -> str:
    hours = int(match[2])
    hours += _HALF_OF_DAY.get(match[1] or "", 0) if hours < 12 else 0
    minutes = 30 if match[4] else int(match[3] or 0)
    return f" {hours}:{minutes:02} "
