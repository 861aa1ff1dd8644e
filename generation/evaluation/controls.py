"""Texts that stand beside the writer's in every comparison, and cost no call: the notes, and the author's sentences."""

from __future__ import annotations

from generation.writer.brief import CleanBrief
from generation.writer.notes import notes_of
from generation.writer.words import ends_well


def pasted_notes(brief: CleanBrief) -> str:
    """Return the notes as they are."""
    return brief.notes


def authors_sentences(brief: CleanBrief) -> str:
    """Return the notes as sentences below each other: with a capital and an end, without orders to the writer."""
    return "\n\n".join(_sentence(note.text) for note in notes_of(brief.notes) if not note.is_order)


def _sentence(text: str) -> str:
    text = text.strip(" ,;:-–—")
    return text[:1].upper() + text[1:] + ("" if ends_well(text) else ".")
