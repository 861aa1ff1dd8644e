"""The review of a whole text: one flaw at a time in a clean one, and nothing else is found."""

import pytest

from generation.writer.checks.findings import FindingName, held_back
from generation.writer.checks.review import PlannedSection, Subject, review

TITLE = "Apple day in the old orchard"
NOTES = (
    "12 October from 10:00 to 16:00; the old orchard behind the mill in Harlow Green; 40 old kinds of apples to taste; "
    'Ada Linfield names the apples that you bring, and says: "Every garden hides an apple nobody remembers."; '
    "juice 3 euros a litre, bring bottles; never eat the seeds; dogs are not allowed; orchard.example/day; "
    "mention the bus from the station; keep it plain"
)
PLAN = (
    PlannedSection("A day among old trees", ("12 October from 10:00 to 16:00", "behind the mill in Harlow Green")),
    PlannedSection(
        "Taste and ask", ("40 old kinds of apples to taste", "Ada Linfield names the apples that you bring")
    ),
    PlannedSection("Juice to take home", ("juice 3 euros a litre, bring bottles",)),
    PlannedSection("Before you come", ("never eat the seeds", "dogs are not allowed", "the bus from the station")),
)
TEXT = """\
Apples ripen quietly, and most people only notice them when the branches hang low. Once a year the old orchard opens
its gate.

## A day among old trees

The apple day is on 12 October from 10:00 to 16:00. You find the old orchard behind the mill in Harlow Green. The grass
is long in places, so sturdy shoes make the walk easier. Wind and rain belong to the season, and a coat does no harm.

## Taste and ask

There are 40 old kinds of apples to taste. Some are sharp, some are sweet, and a few only become good after weeks in a
cellar. If a tree at home puzzles you, pick some of its fruit with the stalk on. Ada Linfield names the apples that you
bring. "Every garden hides an apple nobody remembers," says Ada Linfield.

## Juice to take home

Juice costs 3 euros a litre. It comes straight from the press and is cloudy, as fresh juice should be. Please bring
bottles, and rinse them well beforehand. Juice that is kept cool stays fresh for longer, and it freezes well too.

## Before you come

Never eat the seeds. They are bitter, and they are better left in the core. Dogs are not allowed in the orchard, so
please leave them with a neighbour. The bus from the station stops near the mill. You find a plan of the paths at
orchard.example/day, and you may want to look at it before you set out.
"""


def names_in(text: str, **more: object) -> list[FindingName]:
    subject = Subject(TITLE, NOTES, length="", plan=PLAN)
    return [finding.name for finding in review(text, Subject(**{**vars(subject), **more}))]


def test_nothing_is_found_in_a_clean_text():
    assert review(TEXT, Subject(TITLE, NOTES, length="", plan=PLAN)) == []


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("3 euros a litre", "5 euros a litre", FindingName.INVENTED_FIGURE),
        ("from 10:00 to 16:00", "from 10:00 to 18:00", FindingName.LOST_FACT),
        ("Ada Linfield names", "Professor Edwin Marsh names", FindingName.INVENTED_PERSON),
        ("There are 40", "According to a recent survey, there are 40", FindingName.INVENTED_STUDY),
        ("hides an apple nobody remembers", "keeps an apple that is forgotten", FindingName.INVENTED_QUOTATION),
        ("at\norchard.example/day", "at\norchard.example/plan", FindingName.INVENTED_LINK),
        ("Never eat the seeds.", "Eat the seeds too.", FindingName.CONTRADICTION),
        ("Dogs are not allowed in the orchard, so", "Dogs are allowed in the orchard, but", FindingName.CONTRADICTION),
        ("The bus from the station stops", "Mention the bus from the station. It stops", FindingName.PRINTED_ORDER),
        ("They are bitter", "[insert reason]. They are bitter", FindingName.PLACEHOLDER),
        ("They are bitter", "This section explains why. They are bitter", FindingName.ABOUT_ITSELF),
        ("They are bitter", "I remember that. They are bitter", FindingName.INVENTED_MEMORY),
        ("They are bitter", "<b>They</b> are bitter", FindingName.MARKUP),
        ("before you set out.\n", "before you", FindingName.BREAKS_OFF),
        ("The grass\nis long in places", "In Bramblewick the grass\nis long in places", FindingName.INVENTED_NAME),
        (" Dogs are not allowed in the orchard, so\nplease leave them with a neighbour.", "", FindingName.LOST_NOTE),
        (
            "The bus",
            "Say\nnothing before or after the post, and nothing in it about the post itself. The bus",
            FindingName.REPEATED_PROMPT,
        ),
        (
            "Wind and rain belong to the season",
            "It is a special experience for everyone involved in many ways. Wind and rain belong to the season",
            FindingName.FILLER,
        ),
    ],
)
def test_one_flaw_is_found_for_what_it_is(old, new, name):
    assert old in TEXT

    assert name in names_in(TEXT.replace(old, new))


def test_what_the_house_style_names_is_not_invented():
    text = TEXT.replace("They are bitter", "They are bitter, as every reader of the Larkwell Post knows")

    assert names_in(text) == [FindingName.INVENTED_PERSON]
    assert names_in(text, known="The site is called Larkwell Post.") == []


def test_what_is_said_falsely_holds_a_text_back_and_the_rest_warns():
    findings = review(TEXT.replace("Never eat", "Always eat").replace("3 euros", "4 euros"), Subject(TITLE, NOTES))

    assert [finding.name for finding in held_back(findings)] == [findings[0].name] == [FindingName.CONTRADICTION]
    assert findings[0].sentence == "Always eat the seeds."
    assert findings[0].note == "never eat the seeds"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (TEXT[: TEXT.index("## Before")], FindingName.MISSING_SECTION),
        (TEXT.replace(". ", ".\n- ").replace("\n\n", "\n\n- ").replace("- ##", "##"), FindingName.NO_PROSE),
        (TEXT + "\n" + TEXT[TEXT.index("Never") :], FindingName.REPETITION),
    ],
)
def test_how_a_text_is_built_is_reviewed(text, name):
    assert name in names_in(text)


def test_sections_under_each_others_headings_are_found():
    parts = TEXT.split("## ")
    headings = [part.split("\n", 1)[0] for part in parts[1:]]
    bodies = [part.split("\n", 1)[1] for part in parts[1:]]
    text = parts[0] + "".join(f"## {h}\n{b}" for h, b in zip(headings, bodies[2:] + bodies[:2], strict=True))

    assert names_in(text) == [FindingName.SWAPPED_SECTIONS]


@pytest.mark.parametrize(("length", "name"), [("long", FindingName.TOO_SHORT), ("standard", FindingName.TOO_SHORT)])
def test_a_short_text_is_a_warning(length, name):
    assert names_in(TEXT, length=length) == [name]
    assert not name.is_repaired


def test_a_long_text_is_repaired():
    more = "Apples keep for weeks on a shelf where the air is cool and dry, as long as they do not touch each other. "
    text = TEXT + "".join(
        more.replace("weeks", f"{word} weeks") for word in "many some long short hard soft".split() * 6
    )

    assert FindingName.TOO_LONG in names_in(text, length="short")


def test_a_text_in_another_language_than_its_brief_is_found():
    text = "Die Äpfel sind reif und der Garten ist offen. Wir haben die Bäume nicht geschnitten, aber das ist gut."

    assert FindingName.WRONG_LANGUAGE in names_in(text)
    assert FindingName.WRONG_LANGUAGE not in names_in(text, language="de")


def test_machine_phrases_count_by_their_rate():
    text = TEXT.replace("Wind and rain", "In today's fast-paced world, wind and rain").replace(
        "They are", "It's important to note that they play a crucial role and are"
    )

    assert FindingName.MACHINE_PHRASES in names_in(text)
