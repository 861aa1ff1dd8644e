"""What the loopback model writes by default: deterministic from the request, sane, and different for every request.

They stand in for a good model: they use the words of the brief, repeat and deny nothing, and contain no number, no
name, no first person and nothing about themselves.
"""

import hashlib
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


def each(words: str) -> list[str]:
    return words.split()


# Words of prompts rather than of briefs; a text with them would be about itself.
PROMPT_WORDS = frozenset(
    each("""
    about above all also and answer any are article audience avoid based beginning been being below between blog
    but called can cannot clear common conclusion content could cover create describe does draft each editor end
    ending every exactly fact facts few first five following for four from full given good had has have heading
    headings helpful her here his how https image instructions into introduction invented its json just keep
    knowledge label language large last least like list make markdown material may me model more most must name
    names never new not notes number numbers one only or other our outline own page paragraph per plan points
    post posts prompt quote quotes reader readers request role rules schema section sections sentence sentences
    she short should six some start such system task tell text than that the their them then there these they
    this those three title titled topic two under use using very was were what when where which while who why
    will with within without word words would write writer writing you your
""")
)

OPENERS = each("""
    Often Usually Gradually Together Meanwhile Quietly Sometimes Naturally Eventually Carefully Suddenly Nearby
    Afterwards Likewise Still Instead Overall Typically Surprisingly Thankfully Ideally Clearly Elsewhere Early
    Later
""")
PEOPLE = each("""
    beginners neighbours families teachers visitors craftsmen parents students friends owners planners makers
    volunteers gardeners travellers engineers walkers managers listeners colleagues experts
""")
VERBS = each("""
    shapes improves supports guides changes rewards protects simplifies explains strengthens balances connects
    brightens steadies sharpens welcomes follows reveals softens deepens carries lifts frames holds invites
""")
ACTS = each("""
    notice enjoy explore compare gather measure repeat trust share test remember discuss choose adapt polish
    examine collect observe question refine revisit borrow practise welcome combine
""")
ADJECTIVES = each("""
    steady gentle practical simple careful local quiet bright patient useful modest lively warm mild plain
    sturdy small thoughtful calm fresh tidy deep clever slow generous familiar curious
""")
NOUNS = each("""
    habit routine effort result season evening method detail choice lesson moment balance corner purpose pattern
    decision morning conversation project winter mistake reason change surface process idea skill tool story
    workshop question path rhythm answer material weekend foundation surprise texture
""")
TAILS = ("over time", "with some patience", "step by step", "at any age", "before long", "in most places", "for years",
         "on most days", "on a quiet day", "under pressure", "once again", "day after day")  # fmt: skip
SHAPES = (
    "{opener}, {word} {verb} the {adjective} {noun} that {people} {act} {tail}.",
    "{people} {act} {word} because a {adjective} {noun} {verb} another {noun2}.",
    "When {people} {act} {word}, each {adjective} {noun} {verb} their {noun2}.",
    "A {adjective} {noun} around {word} {verb} {people} who {act} the {noun2} {tail}.",
    "{opener} the {noun} behind {word} {verb} {adjective2} {people}.",
    "Around {word}, {people} {act} another {adjective} {noun} {tail}.",
    "{word} {verb} both {adjective} {noun} and {adjective2} {noun2}.",
)
PLACES = ("Starting with", "Living with", "Looking after", "Getting better at", "Sharing", "Beyond")
DEFAULT_TARGET = 450
TITLE = re.compile(r"(?im)<title>\s*(.+?)\s*</title>|\btitled? ?:? *[\"“](.+?)[\"”]|^title: *(.+?)$")


OUTLINE = re.compile(r"<outline>\n(.*?)\n</outline>", re.DOTALL)
NEXT_SECTION = re.compile(r"the section “(.+?)”, about (\d+) ")
ANSWERS: dict[str, dict[str, Any]] = {
    "edits": {"edits": []},
    "claims": {"claims": []},
}  # to schemas with such a property: nothing is wrong


@dataclass(frozen=True)
class Request:
    """The parts of a chat request that its answer depends on."""

    title: str
    clauses: tuple[str, ...]
    target: int  # words
    seed: int
    outline: tuple[tuple[str, tuple[str, ...]], ...] = ()  # heading and points of each section
    last: str = ""  # what the user said last


def read_request(body: dict[str, Any]) -> Request:
    """Find title, notes, outline and wanted length in the user's messages of a chat request's `body`."""
    messages = [message for message in body.get("messages") or [] if message.get("role") == "user"]
    prompt = "\n".join(str(message.get("content", "")) for message in messages)
    named = TITLE.search(prompt)
    title = next(filter(None, named.groups()), "") if named else ""
    lengths = [int(n) for n in re.findall(r"\b(\d{3,4})[ -]words?\b", json.dumps(messages))]
    digest = hashlib.sha256(json.dumps([body.get("messages"), body.get("seed")], sort_keys=True).encode()).digest()
    outline = OUTLINE.search(prompt)
    return Request(
        title=title or " ".join(subject_words(prompt)[:5]).capitalize() or "Small Things",
        clauses=tuple(clauses_in(prompt, title)) or ("small things",),
        target=min(1200, max([*lengths, 320])) if lengths else DEFAULT_TARGET,
        seed=int.from_bytes(digest[:8], "big"),
        outline=tuple(sections_in(outline[1])) if outline else (),
        last=str(messages[-1].get("content", "")) if messages else "",
    )


def clauses_in(prompt: str, title: str) -> list[str]:
    """Return the notes in a prompt, without their numbers; its title if it has none, and all of it without both."""
    notes = re.search(r"<notes>(.*?)</notes>", prompt, re.DOTALL)
    held = re.sub(r"(?m)^\d+\. ", "", notes[1]).strip() if notes else ""
    material = held if subject_words(held) and not held.startswith("(none") else title if notes else prompt
    return [clause for clause in re.split(r"[\n;]+|(?<=[.!?])\s+", material) if subject_words(clause)]


def sections_in(outline: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return the heading and the points of each section of an outline."""
    for section in re.split(r"(?m)^## ", outline)[1:]:
        heading, *points = section.strip().split("\n")
        yield re.sub(r" \(\d+ \w+\)$", "", heading), tuple(point.removeprefix("- ") for point in points)


def subject_words(text: str) -> list[str]:
    """Return the words of `text` that name its subject, without repeats, in order."""
    words = re.findall(r"[^\W\d_]{3,}", text)
    return list(dict.fromkeys(word for word in words if word.lower() not in PROMPT_WORDS))


def plan(request: Request) -> dict[str, Any]:
    """Return a title and an outline of 3 to 6 sections that use all the notes."""
    count = min(6, max(3, len(request.clauses)))
    points: list[dict[str, Any]] = [
        {"text": clause.strip(" .,-*"), "note": note} for note, clause in enumerate(request.clauses, 1)
    ]
    groups = [points[i * len(points) // count : (i + 1) * len(points) // count] for i in range(count)]
    sections = [
        {
            "heading": heading(place, " ".join(point["text"] for point in group) or request.title),
            "points": group or [{"text": request.title, "note": 0}],
            "words": request.target // count,
        }
        for place, group in zip(PLACES, groups, strict=False)
    ]
    return {"title": f"{request.title[:200]} in practice", "sections": sections}


def heading(place: str, text: str) -> str:
    return f"{place} {' '.join(subject_words(text)[:3]).lower()}".strip()


def outline_of(request: Request) -> list[tuple[str, str]]:
    """Return the heading and the points of each section to write: of the outline, else of a plan."""
    if request.outline:
        return [(heading, " ".join(points)) for heading, points in request.outline]
    return [(s["heading"], " ".join(point["text"] for point in s["points"])) for s in plan(request)["sections"]]


def post(request: Request) -> str:
    """Return a whole post in Markdown, in about the wanted words: an introduction and the sections of its outline."""
    rng = random.Random(request.seed)
    outline = outline_of(request)
    share = max(60, request.target // (len(outline) + 1))
    parts = [prose(rng, [*about(request), "practice"], share)]
    return "\n\n".join(parts + [section(rng, request, heading, points, share) for heading, points in outline])


def next_section(request: Request, heading: str, length: int) -> str:
    """Return one section of a post, with the introduction before the first."""
    rng = random.Random(request.seed)
    points = dict(outline_of(request)).get(heading, heading)
    introduction = f"{prose(rng, about(request), 40)}\n\n" if "introduction" in request.last else ""
    return introduction + section(rng, request, heading, points, length)


def section(rng: random.Random, request: Request, heading: str, points: str, length: int) -> str:
    subject = about(request)
    words = [*subject_words(points), *rng.sample(subject, min(2, len(subject)))]
    return f"## {heading}\n\n{prose(rng, words, length)}"


def about(request: Request) -> list[str]:
    return subject_words(request.title) or ["life"]


def paragraph(body: dict[str, Any]) -> str:
    """Return one paragraph of 45 to 80 words about the subject of a chat request's `body`."""
    request = read_request(body)
    words = subject_words(" ".join([*request.clauses, request.title]))
    words.reverse()  # prompts name the subject last
    return prose(random.Random(request.seed), words or ["life"], 45)


def prose(rng: random.Random, words: list[str], length: int) -> str:
    """Return whole sentences of at least `length` words together; each is about the next of `words`."""
    written: list[str] = []
    while sum(len(sentence.split()) for sentence in written) < length:
        written.append(sentence_about(rng, words[len(written) % len(words)]))
    return " ".join(written)


def sentence_about(rng: random.Random, word: str) -> str:
    adjective, adjective2 = rng.sample(ADJECTIVES, 2)
    noun, noun2 = rng.sample(NOUNS, 2)
    sentence = rng.choice(SHAPES).format(
        word=word.lower(), adjective=adjective, adjective2=adjective2, noun=noun, noun2=noun2,
        opener=rng.choice(OPENERS), people=rng.choice(PEOPLE), verb=rng.choice(VERBS), act=rng.choice(ACTS),
        tail=rng.choice(TAILS),
    )  # fmt: skip
    return sentence[0].upper() + sentence[1:]


def chat_text(body: dict[str, Any]) -> str:
    """Return the default answer to a chat request: data for a JSON schema, a post, or for few tokens a paragraph."""
    request = read_request(body)
    asked = body.get("response_format") or {}
    if asked.get("type") == "json_schema":
        properties = asked.get("json_schema", {}).get("schema", {}).get("properties", {})
        answer = next((ANSWERS[name] for name in properties if name in ANSWERS), None)
        return json.dumps(answer or plan(request))
    if wanted := NEXT_SECTION.search(request.last):
        return next_section(request, wanted[1], int(wanted[2]))
    allowed = body.get("max_completion_tokens") or body.get("max_tokens")
    return post(request) if allowed is None or allowed >= 400 else paragraph(body)
