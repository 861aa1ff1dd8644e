"""The facts of the notes in a text: what it lost of them, and what it has from nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generation.writer.checks.figure import Figure, FigureIndex
from generation.writer.checks.figures import figures, with_fractions
from generation.writer.checks.findings import Finding, FindingName
from generation.writer.checks.links import comparable, links, without_links
from generation.writer.checks.names import is_known, names, roots
from generation.writer.checks.phrases import Phrases
from generation.writer.checks.quotations import normalised, quotations
from generation.writer.checks.vocabulary.sources import STUDY, STUDY_IN_NOTES
from generation.writer.checks.vocabulary.units import MONTHS
from generation.writer.words import stem, words

COUNTED_LEAST = 13  # a number in words from which on it is a figure, whatever it counts
ORDINAL_HOURS = ("pl", "cs", "uk", "el", "tr")
OTHER_SCRIPTS = ("ja", "ko", "zh", "uk", "el")
_NUMBER = "(?:one|two|three|four|five|six|seven|eight|nine|ten|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|\\d+)"
_RATE = Phrases(rf"\b{_NUMBER} (?:out of|in every|von) (?:every )?{_NUMBER}\b|\b(?:one|1) in {_NUMBER}\b")
_CODE = re.compile(r"```[^\n`]{0,40}\n(.*?)```|`([^`\n]{2,200})`", re.DOTALL)


class Source:
    """Where the facts of a text may come from: title and notes.

    Args:
        text: title and notes.
        language: the tag of their language, or empty.
    """

    def __init__(self, text: str, language: str) -> None:
        bare = without_links(text)
        known = figures(bare, language, is_source=True)
        self.index = FigureIndex(known)
        self.units = {unit for figure in known for unit in figure.units} - {""}
        # What is counted: the stem of the word after each figure.
        self.counted = {stem(figure.after) for figure in known if figure.after and figure.units == {""}}
        self.roots = roots(text)
        self.said = f" {normalised(text)} "
        self.quoted = quotations(text)
        self.links = {comparable(link) for link in links(text)}
        self.has_study = bool(STUDY_IN_NOTES.search(text))

    def invented(self, sentence: str, language: str, *, is_translated: bool = False) -> Iterator[Finding]:
        """Return what a sentence states as a fact and the notes do not.

        Args:
            sentence: of the text, to the letter.
            language: the tag of its language.
            is_translated: the notes are in another one, so that quotations differ.
        """
        bare = without_links(sentence)
        found = figures(bare, language)
        for figure in self.index.unknown(found):
            if self._counts(figure, with_others=len(found) > 1):
                yield Finding(FindingName.INVENTED_FIGURE, sentence, figure.text)
        if language in ("en", "de") and (rate := _RATE.search(sentence)) and normalised(rate.group()) not in self.said:
            yield Finding(FindingName.INVENTED_FIGURE, sentence, rate.group())
        for quotation in quotations(sentence):
            if not is_translated and f" {normalised(quotation)} " not in self.said:
                yield Finding(FindingName.INVENTED_QUOTATION, sentence, quotation)
        for name in names(bare, language):
            if not is_known(name, self.roots) and not (is_translated and may_be_transcribed(name.text, language)):
                kind = FindingName.INVENTED_PERSON if name.is_person else FindingName.INVENTED_NAME
                yield Finding(kind, sentence, name.text)
        for link in links(sentence):
            if comparable(link) not in self.links:
                yield Finding(FindingName.INVENTED_LINK, sentence, link)
        if not self.has_study and (study := STUDY.search(sentence)):
            yield Finding(FindingName.INVENTED_STUDY, sentence, study.group())

    def _counts(self, figure: Figure, *, with_others: bool) -> bool:
        """Whether a figure that the notes do not have is one: small numbers in words count only what they count."""
        if figure.units == {"weekday"}:
            return "weekday" in self.units and with_others
        values = {value for value, _ in figure.readings}
        if figure.is_word and max(values) < COUNTED_LEAST and figure.units != {""}:
            return not figure.units.isdisjoint(self.units)  # "two days" is a way of speaking, beside "3 days" it is not
        if not figure.is_word or figure.units != {""}:
            return not (figure.is_one and figure.units <= {"", "time"})
        return max(values) >= COUNTED_LEAST or stem(figure.after) in self.counted


class Said:
    """The facts that a text states.

    Args:
        text: all its sentences.
        language: the tag of its language.
        content: the whole of it, with its code.
    """

    def __init__(self, text: str, language: str, content: str = "") -> None:
        self.content, self.language = content or text, language
        self.months = {f"month {MONTHS[word]}" for word in words(text) if word in MONTHS}
        bare = without_links(text)
        self.index = FigureIndex([*figures(bare, language), *with_fractions(bare, language)])
        self.roots = roots(text)
        self.said = f" {normalised(text)} "
        self.quoted = f" {normalised(' '.join(quotations(text)))} "
        self.links = {comparable(link) for link in links(text)}

    def lost(self, note: str, language: str, *, is_translated: bool = False) -> Iterator[Finding]:
        """Return the facts of a note that the text does not state.

        Args:
            note: to the letter.
            language: the tag of its language.
            is_translated: the text is in another one, so that quotations differ and names may.
        """
        bare = without_links(note)
        unsaid = self.index.unsaid(figures(bare, language, is_source=True))
        details = [figure.text for figure in unsaid if not (figure.is_one or self._may_say(figure))]
        details += [link for link in links(note) if comparable(link) not in self.links]
        details += [code.group() for code in _CODE.finditer(note) if (code[1] or code[2]).strip() not in self.content]
        if not is_translated:
            details += [quotation for quotation in quotations(note) if not self.quotes(quotation)]
            details += [name.text for name in names(bare, language) if not is_known(name, self.roots)]
        for detail in dict.fromkeys(details):
            yield Finding(FindingName.LOST_FACT, detail=detail, note=note)

    def _may_say(self, figure: Figure) -> bool:
        """Whether a figure may be in the text as an ordinal: hours in some languages, the first of a month in all."""
        is_hour = figure.units <= {"time", ""} and "time" in figure.units and self.language in ORDINAL_HOURS
        is_first = any(value == 1 and unit in self.months for value, unit in figure.readings)
        return is_hour or is_first

    def quotes(self, quotation: str) -> bool:
        """Whether the text has a quotation, in one piece or with its speaker in the middle."""
        wanted = f" {normalised(quotation)} "
        return wanted in self.said or wanted in self.quoted


def may_be_transcribed(name: str, language: str) -> bool:
    """Whether a name in a translation may be one of the notes in another script."""
    return language in OTHER_SCRIPTS and (language != "ja" or not re.search("[\u4e00-\u9fff]", name))
