import pytest

from generation.writer.orders import order_in

ABOUT = {
    "mention parking on the meadow behind the chapel": "parking on the meadow behind the chapel",
    "please mention backups": "backups",
    "also mention that dogs are welcome": "dogs are welcome",
    "point out that entry is free": "entry is free",
    "say that it thickens overnight": "it thickens overnight",
    "say plainly that swimming is dangerous because of the current": "swimming is dangerous because of the current",
    "say something about the view": "the view",
    "make it clear that we do not ship abroad": "we do not ship abroad",
    "explain that the old key still works": "the old key still works",
    "explain how the pump starts": "how the pump starts",
    "remind readers to bring cups": "bring cups",
    "tell readers that the road is closed": "the road is closed",
    "add a section on upgrades": "upgrades",
    "include a short paragraph about the sponsors": "the sponsors",
    "write about the harbour": "the harbour",
    "tell people where to park": "where to park",
    "include the phone number of the office": "the phone number of the office",
    "auf die Öffnungszeiten hinweisen": "die Öffnungszeiten",
    'quote exactly: "Books for all."': '"Books for all."',
    "mention the lake, and keep it sober": "the lake",
    "Parken auf der Wiese erwähnen": "Parken auf der Wiese",
    "bitte erwähnen, dass der Eintritt frei ist": "der Eintritt frei ist",
    "erwähnen Sie die neue Brücke": "die neue Brücke",
    "weise darauf hin, dass Hunde draußen bleiben": "Hunde draußen bleiben",
    "mentionner le parking": "le parking",
}
OF_MANNER = """
    explain why|write for beginners|keep it sober|Keep it short and friendly, please.|keep the tone light|make it funny
    no nutrition claims please|no jargon|no superlatives or exclamation marks|no politics, please|quote exactly
    friendly, for people who have never sung in a choir|short sentences, and wish everyone a good summer
    families read this|children will read this|first person, fair to the council, invite readers to come
    write in the first person|in the third person|use plain language|avoid clichés|don't exaggerate|keep it light
    do not mention prices
    tone: warm but not sentimental|audience: parents|about 300 words|under 500 words|thank the volunteers
    end with a question|invite readers to come|Leser siezen, freundlich, keine Werbesprüche|bitte sachlich
    no exaggeration|aimed at teachers|make it sound inviting|don't use the word cheap|use the present tense
    a bit of humour is fine|address parents directly|not too long|plain English please|warm tone
    Sie-Form, keine Anglizismen|bitte locker schreiben|nicht zu werblich
    keine Fachbegriffe|kurze Sätze|höchstens 300 Wörter|für Anfänger schreiben|in der Ich-Form|sober
"""
FOR_THE_READER = """
    wash the board|take the handle apart|do not leave the stove|hang cloths outdoors|move your files|keep three copies
    keep it as damp as a sponge|keep it dry|keep it warm until spring|write down what the job really is
    write the recovery codes on paper|write to your landlord|add lemon at the end|add a pinch of salt
    say hello to everybody
    explain the risks to your doctor|mention it to your doctor|tell them early|tell old clients three months ahead
    include a photo of the damage|start with new clients|end with the small plates|focus on your breathing
    thank the driver when you get off|use plain flour|avoid the main road|make it a habit
    invite parents to a planting day
    mention your allergy at the counter|remind your guests of the noise|tell them why you are moving
    write your name on every box|avoid the steep path after rain|point the lamp at the wall|close with a lid
    describe the noise to the mechanic|remember to breathe|quote the order number
"""
STATEMENTS = """
    warm, dry weather gives the best colours|slow|personal|romantic|no dogs|no politics|no tickets at the door|60 seats
    short days and long nights|the tone is warm|families eat first|children read here|simple words help|for beginners
    people read the papers there|14 euros return, children under 6 free|friendly staff|he explains why|we keep it sober
    stress makes it worse|the tone of the bell is low|plain yoghurt|no smoking|erklären hilft wenig
    große Töpfe sind wichtig|keine Parkplätze|kurze Wege|a friendly dog, a warm stove
"""


def listed(lines: str) -> list[str]:
    return [note.strip() for line in lines.strip().splitlines() for note in line.split("|")]


@pytest.mark.parametrize(("note", "about"), ABOUT.items())
def test_an_order_says_what_to_write_about(note: str, about: str) -> None:
    assert order_in(note) == about


@pytest.mark.parametrize("note", listed(OF_MANNER))
def test_an_order_about_the_manner_is_about_nothing(note: str) -> None:
    assert order_in(note) == ""


@pytest.mark.parametrize("note", listed(FOR_THE_READER))
def test_what_the_reader_is_to_do_is_no_order_to_the_writer(note: str) -> None:
    assert order_in(note) is None


@pytest.mark.parametrize("note", listed(STATEMENTS))
def test_a_statement_is_no_order(note: str) -> None:
    assert order_in(note) is None
