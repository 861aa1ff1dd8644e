"""Notes that a text turns round."""

import pytest

from generation.writer.checks.polarity import contradictions
from generation.writer.language import language_of

TURNED = [
    ("Support staff cannot read your messages.", "A policy requires support staff to read your messages."),
    ("Never use water on burning wax.", "Pour water over the burning wax."),
    ("Do not leave the stove.", "You may leave the stove for a moment."),
    ("The library stays open in the breaks.", "In the breaks pupils do without the library."),
    ("Dogs are allowed in the garden.", "Dogs are not allowed in the garden."),
    ("The hall is open on Sundays in winter.", "The hall is closed on Sundays in winter."),
    ("Entry to the tower is free for members.", "Entry to the tower is paid for members."),
    ("Take the tablets before breakfast with water.", "Take the tablets after breakfast with water."),
    ("Hunde sind im Garten nicht erlaubt.", "Hunde sind im Garten erlaubt."),
    ("Das Lager ist am Montag geöffnet.", "Das Lager ist am Montag geschlossen."),
    ("Niemals Wasser auf das brennende Wachs gießen.", "Gießen Sie Wasser auf das brennende Wachs."),
    ("Hunde sind im Garten erlaubt.", "Hunde sind im Garten nicht erlaubt."),
]


@pytest.mark.parametrize(("note", "sentence"), TURNED)
def test_a_note_that_is_turned_round_is_found(note, sentence):
    found = contradictions("A title", [note], ["Something else first.", sentence], language_of(note) or "en")

    assert list(found) == [(note, sentence)]


@pytest.mark.parametrize(
    ("note", "sentence"),
    [(note, note) for note, _ in TURNED]
    + [
        ("No cars on the island.", "The island is free of cars."),
        ("No dogs in the hall.", "Dogs are banned from the hall."),
        ("Do not brown the leeks.", "Soften the leeks, but avoid browning the leeks."),
        ("The café is open on Sundays.", "The café is open on Sundays, so nobody goes hungry."),
        ("Take water with you.", "Take water with you. There is no tap."),
        ("Die Werkstatt bleibt geöffnet.", "Die Werkstatt bleibt geöffnet, und niemand muss warten."),
        ("How to oil a board", "A board that is never oiled cracks."),
    ],
)
def test_a_note_that_is_said_in_other_words_is_not(note, sentence):
    notes = [] if note.startswith("How") else [note]

    assert list(contradictions(note, notes, [sentence], language_of(note) or "en")) == []


def test_a_denial_is_enough_wherever_it_stands():
    said = ["Pour water over the wax? Never use water on burning wax.", "Burning wax and water are a bad pair."]

    assert list(contradictions("Candles", ["never use water on burning wax"], said)) == []
