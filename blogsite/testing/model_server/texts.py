"""What the loopback model writes by default: deterministic from the request, sane, and different for every request.

They stand in for a good model: they use the words of the brief, repeat nothing, and contain no number, no first person
and nothing about themselves.
"""

import hashlib
import json
import random
import re
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
    steady gentle practical simple careful local quiet bright patient useful modest lively warm shared plain
    sturdy small thoughtful calm fresh tidy deep clever slow generous familiar curious
""")
NOUNS = each("""
    habit routine effort result season evening method detail choice lesson moment balance corner purpose pattern
    decision morning conversation project journey mistake reason change surface process idea skill tool story
    workshop question path rhythm answer material weekend foundation surprise texture
""")
TAILS = ("over time", "with some patience", "step by step", "at any age", "before long", "in most places", "for years",
         "without much fuss", "on a quiet day", "under pressure", "once again", "day after day")  # fmt: skip
SHAPES = (
    "{opener}, {word} {verb} the {adjective} {noun} that {people} {act} {tail}.",
    "{people} {act} {word} because a {adjective} {noun} {verb} another {noun2}.",
    "When {people} {act} {word}, each {adjective} {noun} {verb} their {noun2}.",
    "A {adjective} {noun} around {word} {verb} {people} who {act} the {noun2} {tail}.",
    "{opener} the {noun} behind {word} {verb} {adjective2} {people}.",
    "Without {word}, {people} would {act} another {adjective} {noun} {tail}.",
    "{word} {verb} both {adjective} {noun} and {adjective2} {noun2}.",
)
PLACES = ("Starting with", "Living with", "Looking after", "Getting better at", "Sharing", "Beyond")
DEFAULT_TARGET = 450
TITLE = re.compile(r"(?im)<title>\s*(.+?)\s*</title>|\btitled? ?:? *[\"“](.+?)[\"”]|^title: *(.+?)$")


@dataclass(frozen=True)
class Request:
    """The parts of a chat request that its answer depends on."""

    title: str
    clauses: tuple[str, ...]
    target: int  # words
    seed: int


def read_request(body: dict[str, Any]) -> Request:
    """Find title, notes and wanted length in the user's messages of a chat request's `body`."""
    messages = [message for message in body.get("messages") or [] if message.get("role") == "user"]
    prompt = "\n".join(str(message.get("content", "")) for message in messages)
    notes = re.search(r"<notes>(.*?)</notes>", prompt, re.DOTALL)
    material = notes[1] if notes and subject_words(notes[1]) else prompt
    named = TITLE.search(prompt)
    title = next(filter(None, named.groups()), "") if named else ""
    clauses = [c for c in re.split(r"[\n;]+|(?<=[.!?])\s+", material) if subject_words(c)]
    lengths = [int(n) for n in re.findall(r"\b(\d{3,4})[ -]words?\b", json.dumps(messages))]
    digest = hashlib.sha256(json.dumps([body.get("messages"), body.get("seed")], sort_keys=True).encode()).digest()
    return Request(
        title=title or " ".join(subject_words(prompt)[:5]).capitalize() or "Small Things",
        clauses=tuple(clauses) or ("small things",),
        target=min(1200, max([*lengths, 320])) if lengths else DEFAULT_TARGET,
        seed=int.from_bytes(digest[:8], "big"),
    )


def subject_words(text: str) -> list[str]:
    """Return the words of `text` that name its subject, without repeats, in order."""
    words = re.findall(r"[^\W\d_]{3,}", text)
    return list(dict.fromkeys(word for word in words if word.lower() not in PROMPT_WORDS))


def plan(request: Request) -> dict[str, Any]:
    """Return an outline `{title, sections: [{heading, points, words}]}` of 3 to 6 sections that use all the notes."""
    count = min(6, max(3, len(request.clauses)))
    clauses = [clause.strip(" .,-*") for clause in request.clauses]
    groups = [clauses[i * len(clauses) // count : (i + 1) * len(clauses) // count] for i in range(count)]
    sections = [
        {
            "heading": heading(place, " ".join(points) or request.title),
            "points": points or [request.title],
            "words": request.target // count,
        }
        for place, points in zip(PLACES, groups, strict=False)
    ]
    return {"title": f"{request.title[:200]} in Practice", "sections": sections}


def heading(place: str, text: str) -> str:
    return f"{place} {' '.join(subject_words(text)[:3]).title()}".strip()


def post(request: Request) -> str:
    """Return a whole post in Markdown: an introduction and the sections of `plan`, in about the wanted words."""
    rng = random.Random(request.seed)
    about = subject_words(request.title) or ["life"]
    outline = plan(request)["sections"]
    share = max(60, request.target // (len(outline) + 1))
    parts = [prose(rng, [*about, "practice"], share)]
    for section in outline:
        words = [*subject_words(" ".join(section["points"])), *rng.sample(about, min(2, len(about)))]
        parts.append(f"## {section['heading']}\n\n{prose(rng, words, share)}")
    return "\n\n".join(parts)


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
    """Return the default answer to a chat request: a plan for a JSON schema, a post, or for few tokens a paragraph."""
    if (body.get("response_format") or {}).get("type") == "json_schema":
        return json.dumps(plan(read_request(body)))
    allowed = body.get("max_completion_tokens") or body.get("max_tokens")
    return post(read_request(body)) if allowed is None or allowed >= 400 else paragraph(body)
