"""Names in a text: those of the notes that it lost, and those that it has from nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache

from generation.writer.checks.vocabulary.common_names import COMMON
from generation.writer.checks.vocabulary.sources import EAST_ASIAN_PERSON, HONORIFIC, SAYS
from generation.writer.checks.vocabulary.units import UNITS
from generation.writer.words import is_unspaced, words

_INFLECTED = ("e", "en", "er", "es", "em")  # adjectives before a German noun
ROOT = 4  # letters at the beginning that the forms of a name share
LONGEST = 5  # words
NOUNS_ARE_CAPITAL = ("de",)
_JOINTS = frozenset("of de del della van von la le du di da dos &".split())
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?|[^\w\s]+|\d+")
_ACRONYM_MOST = 5


@dataclass(frozen=True)
class Name:
    """A run of capitalised words.

    Args:
        text: to the letter.
        is_person: it is a person's, by its form or what stands beside it.
        begins: it begins a sentence, so that its first word may be an ordinary one.
    """

    text: str
    is_person: bool = False
    begins: bool = False


def names(sentence: str, language: str) -> list[Name]:
    """Return the names in a sentence.

    Args:
        sentence: to the letter; of a word at its beginning it is not known whether it is one.
        language: its tag; where all nouns have capitals, only runs of two words are taken for names.
    """
    found = [Name(match["name"], is_person=True) for match in HONORIFIC.finditer(sentence)]
    if is_unspaced(sentence):
        matches = EAST_ASIAN_PERSON.finditer(sentence)
        return found + [Name(match["name"] or match["korean"], is_person=True) for match in matches]
    known = {word for name in found for word in name.text.split()}
    return found + [name for name in _runs(sentence, language) if not known & set(name.text.split())]


def _runs(sentence: str, language: str) -> Iterator[Name]:
    tokens = _TOKEN.findall(sentence)
    place = 0
    while place < len(tokens):
        run = _run(tokens, place) if is_capitalised(tokens[place]) else []
        if not run:
            place += 1
            continue
        name = _name(tokens, place, run, language)
        if name:
            yield name
        place += len(run)


def _run(tokens: list[str], place: int) -> list[str]:
    """Return the capitalised words from a place on, with the small words between them."""
    end = place
    while end < len(tokens) and end - place < LONGEST and is_capitalised(tokens[end]):
        end += 1
        if end + 1 < len(tokens) and tokens[end] in _JOINTS and is_capitalised(tokens[end + 1]):
            end += 1
    return tokens[place:end]


def is_capitalised(token: str) -> bool:
    return token[:1].isupper() and len(token) > 1


def _name(tokens: list[str], place: int, run: list[str], language: str) -> Name | None:
    first = place == 0 or tokens[place - 1][-1] in ".!?:…\"“”„»«'‘’(-–—"
    # What begins a sentence may have its capital from there: of two words it is left to what stands beside them.
    if first and (len(run) != 2 or run[0].lower() in _STARTERS):
        run, place, first = run[1:], place + 1, False
    proper = [word for word in run if not _is_common(word)]
    if not proper or all(len(word) <= _ACRONYM_MOST and word.isupper() for word in proper):
        return None
    text = " ".join(run).rstrip(".")
    is_pair = sum(is_capitalised(word) for word in proper) >= 2
    neighbours = (*tokens[max(0, place - 3) : place], *tokens[place + len(run) : place + len(run) + 3])
    beside = {word.lower().strip(",.") for word in neighbours}
    is_spoken_of = bool(beside & SAYS)
    if language in NOUNS_ARE_CAPITAL:
        before = tokens[place - 1].lower() if place else ""
        if sum(map(is_capitalised, run)) > 2 and before in _DETERMINERS:  # a title: "im Vorstand Anna Brandt"
            return Name(" ".join(run[1:]), is_person=True)
        is_noun = first or before in _DETERMINERS or before.isdigit() or before.endswith(_INFLECTED)
        return Name(text, is_person=True) if is_pair and (is_spoken_of or not is_noun) else None
    is_place = any(word.lower().rstrip(".") in _ORGANISATIONS for word in run)
    return Name(text, is_person=not is_place and (is_spoken_of or (is_pair and len(run) == 2)), begins=first)


def _is_common(word: str) -> bool:
    bare = re.sub(r"['’]s?$", "", word.rstrip(".")).lower()
    return all(part in COMMON or part in _JOINTS or part in UNITS for part in bare.split("-"))


def is_known(name: Name, vocabulary: Set[str]) -> bool:
    """Whether all words of a name are in a vocabulary of roots, see `roots`."""
    parts = [word for word in words(name.text) if word not in _JOINTS and word not in COMMON]
    return all(root(word) in vocabulary for word in parts[1 if name.begins and len(parts) > 1 else 0 :])


def roots(text: str) -> set[str]:
    """Return the roots of the words of a text, as `is_known` compares them."""
    return {root(word) for word in words(text)}


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    word = word.replace("’", "'").partition("'")[0]
    return word if len(word) <= ROOT else word[: max(ROOT, len(word) - 2)]


_STARTERS = frozenset(
    """leave take call ask see visit follow bring use meet join the a an this that these those in on at by for from
    with without of to and but or so if when while after before our your my his her their its we you i he she they
    it as is are was were be do does did not no yes please thank thanks dear hello every each all both some many
    most other another one two three four five six seven eight nine ten there here then now today tomorrow
    yesterday what who how why where which let have has had can could will would should may might must also only
    even just because since until during about der die das ein eine im am ab zum zur bei mit von für und aber oder
    wenn als nach vor seit bis wer was wie wo unser unsere ihr ihre sie wir ich er es le la les un une des du au
    aux et mais ou si el los las una en con para por il lo gli i nel per con""".split()
)
_DETERMINERS = frozenset(
    """der die das den dem des ein eine einen einem einer eines kein keine keinen mein dein sein ihr unser euer unsere
    ihre seine im am ans ins zum zur vom beim viel viele wenig mehr etwas jede jeder jedes alle beide zwei drei vier
    fünf sechs sieben acht neun zehn""".split()
)
_ORGANISATIONS = frozenset(
    """street road lane avenue square park hall house school church university institute college centre center library
    museum hospital station club association council committee company foundation river lake mountain valley island
    county city town bridge garden market festival award prize award act day week month street's""".split()
)
