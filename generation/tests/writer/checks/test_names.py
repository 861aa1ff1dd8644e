"""Names in sentences."""

import pytest

from generation.writer.checks.names import Name, is_known, names, roots


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The coordinator Helen Marsh was there.", Name("Helen Marsh", is_person=True)),
        ("A retired watchmaker, Mr. Edmund Pryce, taught them.", Name("Edmund Pryce", is_person=True)),
        ("Helen Marsh said so.", Name("Helen Marsh", is_person=True, begins=True)),
        ("He worked in Clerkenwell for years.", Name("Clerkenwell")),
        ("It is at Saint Mark's Hall.", Name("Saint Mark's Hall")),
        ("We thank Dr. Okafor for it.", Name("Okafor", is_person=True)),
    ],
)
def test_a_name_is_found_with_what_it_is(sentence, found):
    assert names(sentence, "en") == [found]


@pytest.mark.parametrize(
    "sentence",
    [
        "On Monday the French club meets in June.",
        "Bring a USB stick and a PDF.",
        "I think that I know.",
        '"Bees forgive a lot," she says. Everybody laughs.',
        "What you need: Flour, and time.",
    ],
)
def test_a_capital_alone_is_no_name(sentence):
    assert names(sentence, "en") == []


@pytest.mark.parametrize(
    "sentence",
    ["Wir haben Lampen und Toaster repariert.", "Eine Tasse Tee am Montag Morgen hilft.", "Der Verein lädt ein."],
)
def test_german_nouns_are_no_names(sentence):
    assert names(sentence, "de") == []


def test_german_names_are():
    assert names("Am Ende sprach Anna Brandt mit Frau Keller.", "de") == [
        Name("Keller", is_person=True),
        Name("Anna Brandt", is_person=True),
    ]


def test_a_japanese_person_is_found_by_what_follows_the_name():
    assert names("昨日、田中さんが来ました。", "ja")[0].is_person


def test_a_name_is_known_in_other_forms():
    known = roots("Thank Oda Brekke, who lives in Talbrück")

    assert is_known(Name("Oda Brekke's"), known)
    assert not is_known(Name("Oda Brekkestad"), known)
    assert not is_known(Name("Ada Brekke"), known)
