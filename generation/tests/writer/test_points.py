import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.writer.points import PointKind, enumerated, item, kind_of, kinds_of, sentence

INSTRUCTIONS = """
    turn off the water under the sink|take the handle apart|do not leave the stove|don't rush|first soak the beans
    water in the morning|water the roots|test the soil|note what people ask for|price everything in round numbers
    rest in the garden of the palace|switch on the second factor|never swim alone|please bring cups|hang cloths outdoors
"""
SENTENCES = """
    38 visitors came|24 things were mended, most of them lamps|we need more people who can sew|it moves heat
    yellow pigments were there all summer|old snow isn't quiet|Rain comes sideways.|fixed: the sidebar forgot its width
    a retired watchmaker taught two teenagers|everybody wins or loses together|the next date is 14 November
"""
FRAGMENTS = (
    "big pots|60 seats|cheap|14 euros return, children under 6 free|$5 a head|without sugar|patience before cutting"
)
UNSURE = "a lively starter with honey|bees follow maps|water from the old roof|shade at noon|the brain replays the day"


def listed(lines: str) -> list[str]:
    return [text.strip() for line in lines.strip().splitlines() for text in line.split("|")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, PointKind.INSTRUCTION) for text in listed(INSTRUCTIONS)),
        *((text, PointKind.SENTENCE) for text in listed(SENTENCES)),
        *((text, PointKind.FRAGMENT) for text in listed(FRAGMENTS)),
        *((text, PointKind.UNSURE) for text in listed(UNSURE)),
    ],
)
def test_what_a_point_is(text: str, kind: PointKind) -> None:
    assert kind_of(text) == kind


def test_points_around_an_unsure_one_say_what_it_is() -> None:
    assert kinds_of(["test the soil", "plant herbs for quick success"]) == [PointKind.INSTRUCTION] * 2
    assert kinds_of(["big pots", "morning water", "shade at noon"]) == [PointKind.FRAGMENT] * 3
    assert kinds_of(["it rains", "shade at noon"])[1] == PointKind.UNSURE


def test_things_and_instructions_are_enumerated_with_commas() -> None:
    things = enumerated("a lively starter, coarse rye flour, a long rest, and a hot oven with steam")
    assert [text for text, _ in things] == [
        "a lively starter",
        "coarse rye flour",
        "a long rest",
        "a hot oven with steam",
    ]
    assert {kind for _, kind in things} == {PointKind.FRAGMENT}
    steps = enumerated("tell old clients early, explain what they get, start with new clients")
    assert {kind for _, kind in steps} == {PointKind.INSTRUCTION}
    assert enumerated("wool is warm, down is light, both are dear") == []
    assert enumerated("Then we left, tired, wet, and happy.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rain comes sideways", "Rain comes sideways."),
        ("Why not?", "Why not?"),
        ('she said "No."', 'She said "No."'),
        ("iPhone owners wait", "iPhone owners wait."),
        ("`git push` comes last", "`git push` comes last."),
        ("pip.conf is read first", "pip.conf is read first."),
        ("über Nacht ruhen lassen", "Über Nacht ruhen lassen."),
        ("ends here, ", "Ends here."),
    ],
)
def test_a_sentence_gets_its_capital_and_its_end(text: str, expected: str) -> None:
    assert sentence(text) == expected


def test_an_item_of_things_has_no_stop() -> None:
    assert item("big pots.") == "Big pots"


@given(st.text(max_size=60))
def test_a_sentence_holds_its_point_to_the_letter_but_for_capital_and_end(text: str) -> None:
    kept = text.strip().rstrip(" \t,;:–—-")
    assert sentence(text)[1:].startswith(kept[1:]) or len(kept[:1].upper()) > 1
    assert len(sentence(text)) <= len(kept) + 2
