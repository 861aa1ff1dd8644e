"""What a post of its author's words is made of: the points of the notes, with what each of them is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from generation.failures import FailureCode, GenerationFailed
from generation.writer.brief import CleanBrief
from generation.writer.composition import Point, compose
from generation.writer.language import foreign_language
from generation.writer.notes import Note, NoteKind, notes_of
from generation.writer.points import PointKind, capitalised, enumerated, kinds_of
from generation.writer.prompts.targets import LANGUAGES
from generation.writer.skeleton import LEAD, skeleton
from generation.writer.words import is_unspaced, words

# Fewer words of notes make a skeleton; of mere things it takes more to make a post.
LEAST_WORDS, LEAST_WORDS_OF_THINGS = 3, 6
MOST_CALLS = 14  # of about 45 tokens each; what is unclear beyond them counts as a sentence
OTHER_LANGUAGE = "The embedded model cannot translate: the brief seems to be in {found}, and asks for {wanted}."
NO_SKELETON = "The brief has a title only, in {found}, and the embedded model asks its questions in English and German."
_QUESTION = re.compile(
    r"(?:why|how|what|which|who|whom|whose|when|where|whether|if|warum|wie|was|wer|wann|wo|ob)\b", re.IGNORECASE
)
_QUOTATION = re.compile(r"[\"“„«‘'].+[\"”“»’'][.!?]?")
_PLACE = re.compile(
    r"(?P<what>[^\W\d_]+(?: [^\W\d_]+)?) (?=(?:on|at|in|behind|near|from|until|by|opposite) (?:the |a |our |\d|[A-Z])"
    r"|(?:auf|an|in|hinter|neben|vor|bei) (?:der |dem |den |einer |einem |unserer )|(?:am|im|beim|ab|bis) )"
)
_ASKS = re.compile(r"(?:please )?(?:explain|describe)\b|(?:bitte )?erklär", re.IGNORECASE)  # what only the author knows


@dataclass(frozen=True)
class Extract:
    """What a post is made of.

    Args:
        title: the author's; may be empty.
        points: in the order of the notes.
        orders: the notes that are said to the writer.
        unused: those of them that ask for something which only the author can say.
        language: a tag, or empty if there is none for it.
    """

    title: str
    points: tuple[Point, ...]
    orders: tuple[str, ...]
    unused: tuple[str, ...]
    language: str

    @property
    def unclear(self) -> list[int]:
        """The places of the points that the model is asked about."""
        return [at for at, point in enumerate(self.points) if point.kind == PointKind.UNSURE][:MOST_CALLS]

    @property
    def is_empty(self) -> bool:
        """Whether there is too little to make a post of."""
        if any(point.note.kind in (NoteKind.CODE, NoteKind.TABLE) for point in self.points):
            return False
        are_things = all(point.kind == PointKind.FRAGMENT and not point.lead for point in self.points)
        least = LEAST_WORDS_OF_THINGS if are_things and self.language == "en" else LEAST_WORDS
        return sum(len(words(point.text)) for point in self.points) < least

    def content(self, answers: dict[int, bool] | None = None) -> str:
        """Return the post.

        Args:
            answers: by their places, which unclear points are sentences; the others count as such.
        """
        language = self.language or "other"
        if self.is_empty:
            return skeleton(self.title, ", ".join(point.text.strip(" .") for point in self.points), language)
        return compose(self.title, self._decided(answers or {}), language=language)

    def _decided(self, answers: dict[int, bool]) -> list[Point]:
        kinds = {True: PointKind.SENTENCE, False: PointKind.FRAGMENT}
        return [
            replace(point, kind=kinds[answers.get(at, True)]) if point.kind == PointKind.UNSURE else point
            for at, point in enumerate(self.points)
        ]


def extract(wanted: str, title: str, clean: CleanBrief) -> Extract:
    """Take a brief apart.

    Args:
        wanted: the tag of the language that is asked for, or `auto`.
        title: as the text may show it, or empty.
        clean: the brief.

    Raises:
        GenerationFailed: it asks for another language than its own.
    """
    notes = notes_of(clean.notes)
    found = foreign_language(clean.notes if any(not note.is_order for note in notes) else clean.title)
    language = _tag(found, wanted)
    points, unused = _points(notes, language)
    orders = tuple(note.text for note in notes if note.is_order)
    made = Extract(title, tuple(points), orders, tuple(unused), language)
    if made.is_empty and language not in LEAD:
        raise GenerationFailed(FailureCode.UNSUPPORTED_LANGUAGE, NO_SKELETON.format(found=found))
    return made


def _tag(found: str | None, wanted: str) -> str:
    """Return the tag of a language that was found; empty if it has none.

    Raises:
        GenerationFailed: another one is wanted.
    """
    tags = {name: tag for tag, name in LANGUAGES.items()}
    language = tags.get(found, "") if found else "en"
    if wanted not in ("auto", language):
        problem = OTHER_LANGUAGE.format(found=found or "English", wanted=LANGUAGES[wanted])
        raise GenerationFailed(FailureCode.UNSUPPORTED_LANGUAGE, problem)
    return language


def _points(notes: Sequence[Note], language: str) -> tuple[list[Point], list[str]]:
    """Return the points of the notes, and the orders that none could be made of."""
    made: list[Point] = []
    unused = []
    for note in notes:
        if point := _ordered(note, language) if note.is_order else Point(note.text, _first_kind(note), note):
            made.append(point)
        elif note.about or _ASKS.match(note.text):
            unused.append(note.text)
    if language == "en" and len(made) == 1 and made[0].kind == PointKind.UNSURE and (parts := enumerated(made[0].text)):
        return [Point(text, kind, made[0].note) for text, kind in parts], unused
    unsure = [at for at, point in enumerate(made) if point.kind == PointKind.UNSURE]
    texts = [made[at].text for at in unsure]
    kinds = kinds_of(texts) if language == "en" else [_foreign_kind(text) for text in texts]
    for at, kind in zip(unsure, kinds, strict=True):
        made[at] = replace(made[at], kind=kind)
    return made, unused


def _first_kind(note: Note) -> PointKind:
    is_text = note.kind in (NoteKind.POINT, NoteKind.ITEM, NoteKind.STEP) and not note.text.endswith(":")
    return PointKind.UNSURE if is_text else PointKind.SENTENCE


def _ordered(note: Note, language: str) -> Point | None:
    """Return what an order has the post say, if it can be said in the order's own words."""
    about = note.about
    if _QUOTATION.fullmatch(about):
        return Point(about, PointKind.SENTENCE, note)
    if not about or _QUESTION.match(about):
        return None
    if re.search(rf"\bthat\s+{re.escape(about)}", note.text):
        return Point(about, PointKind.SENTENCE, note)
    if place := _PLACE.match(about):
        return Point(about[place.end() :], PointKind.FRAGMENT, note, capitalised(place["what"]))
    [kind] = kinds_of([about]) if language == "en" else [_foreign_kind(about)]
    return Point(about, kind, note) if kind in (PointKind.SENTENCE, PointKind.INSTRUCTION) else None


def _foreign_kind(text: str) -> PointKind:
    """What a point in another language is: only its author knows, but a sentence shows its end."""
    is_sentence = text.rstrip().endswith((".", "!", "?", "…", "。", "！", "？")) or (
        is_unspaced(text) and len(text) > 12
    )
    return PointKind.SENTENCE if is_sentence else PointKind.FRAGMENT
