"""What a check may find in a text: its name, the sentence it is in, and what becomes of the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class FindingName(StrEnum):
    """What is wrong with a text, as API, admin and `write` name it."""

    CONTRADICTION = "contradiction"
    INVENTED_QUOTATION = "invented_quotation"
    INVENTED_PERSON = "invented_person"
    INVENTED_STUDY = "invented_study"
    INVENTED_LINK = "invented_link"
    INVENTED_FIGURE = "invented_figure"
    INVENTED_NAME = "invented_name"
    INVENTED_MEMORY = "invented_memory"
    UNSUPPORTED = "unsupported_claim"
    LOST_FACT = "lost_fact"
    LOST_NOTE = "lost_note"
    PRINTED_ORDER = "printed_order"
    REPEATED_PROMPT = "repeated_prompt"
    PLACEHOLDER = "placeholder"
    ABOUT_ITSELF = "about_itself"
    WRONG_LANGUAGE = "wrong_language"
    MISSING_SECTION = "missing_section"
    SWAPPED_SECTIONS = "swapped_sections"
    NO_PROSE = "no_prose"
    MARKUP = "markup"
    FILLER = "filler"
    REPETITION = "repetition"
    MACHINE_PHRASES = "machine_phrases"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    BREAKS_OFF = "breaks_off"

    @property
    def holds_back(self) -> bool:
        """Whether a text with this goes live only if a person decides so."""
        return self in _HOLD_BACK

    @property
    def is_repaired(self) -> bool:
        """Whether a repair is worth a call; a short text is no reason to pad it."""
        return self != FindingName.TOO_SHORT

    @property
    def summary(self) -> str:
        """A sentence for the text's author."""
        return _SUMMARIES[self]


_HOLD_BACK = {
    FindingName.CONTRADICTION,
    FindingName.INVENTED_QUOTATION,
    FindingName.INVENTED_PERSON,
    FindingName.INVENTED_STUDY,
    FindingName.INVENTED_LINK,
}
_SUMMARIES = {
    FindingName.CONTRADICTION: "It says the opposite of the notes.",
    FindingName.INVENTED_QUOTATION: "It quotes what is not quoted so in the notes.",
    FindingName.INVENTED_PERSON: "It names a person who is not in the notes.",
    FindingName.INVENTED_STUDY: "It refers to a study or source that is not in the notes.",
    FindingName.INVENTED_LINK: "It has a link or address that is not in the notes.",
    FindingName.INVENTED_FIGURE: "It has a figure that is not in the notes.",
    FindingName.INVENTED_NAME: "It has a name that is not in the notes.",
    FindingName.INVENTED_MEMORY: "It speaks in the first person of what is not in the notes.",
    FindingName.UNSUPPORTED: "It states a fact that is not in the notes.",
    FindingName.LOST_FACT: "It leaves out a fact of the notes.",
    FindingName.LOST_NOTE: "It leaves out a point of the notes.",
    FindingName.PRINTED_ORDER: "It prints what the notes ask of the writer.",
    FindingName.REPEATED_PROMPT: "It repeats its instructions.",
    FindingName.PLACEHOLDER: "It has a placeholder.",
    FindingName.ABOUT_ITSELF: "It talks about itself or about being written.",
    FindingName.WRONG_LANGUAGE: "It is not in the requested language.",
    FindingName.MISSING_SECTION: "A section of the outline is missing.",
    FindingName.SWAPPED_SECTIONS: "Its sections do not keep to their headings.",
    FindingName.NO_PROSE: "It has bullets instead of prose.",
    FindingName.MARKUP: "It has markup that a post may not have.",
    FindingName.FILLER: "It has sentences that say nothing.",
    FindingName.REPETITION: "It says the same more than once.",
    FindingName.MACHINE_PHRASES: "It has many phrases that are typical of machines.",
    FindingName.TOO_LONG: "It is much longer than requested.",
    FindingName.TOO_SHORT: "It is much shorter than requested.",
    FindingName.BREAKS_OFF: "It breaks off at its end.",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a text.

    Args:
        name: what kind of thing.
        sentence: of the text, to the letter; empty if it is about something that is not there.
        detail: the figure, name, link or phrase in question; empty if it is the whole sentence.
        note: the part of the notes it is about, to the letter; empty if there is none.
    """

    name: FindingName
    sentence: str = ""
    detail: str = ""
    note: str = ""

    @property
    def message(self) -> str:
        """One line for a person or a model: what is wrong, where, and what the notes say."""
        parts = [self.name.summary]
        if self.detail and self.detail != self.sentence:
            parts.append(f"Found: {self.detail}.")
        if self.sentence:
            parts.append(f"Sentence: “{self.sentence}”")
        if self.note:
            parts.append(f"The notes: “{self.note}”")
        return " ".join(parts)

    def as_json(self) -> dict[str, str]:
        return {"name": self.name.value, "sentence": self.sentence, "detail": self.detail, "note": self.note}


def held_back(findings: Iterable[Finding]) -> list[Finding]:
    """Return those with which a text does not go live by itself."""
    return [finding for finding in findings if finding.name.holds_back]
