"""A post for a brief that says nothing but its title: the questions that its readers will ask, for its author."""

from __future__ import annotations

import re

LEAD = {
    "en": "This is a skeleton for “{title}”, to be filled in:",
    "de": "Dies ist ein Gerüst für „{title}“, das noch zu füllen ist:",
}
UNTITLED = {"en": "This is a skeleton, to be filled in:", "de": "Dies ist ein Gerüst, das noch zu füllen ist:"}
NOTED = {"en": "Noted so far: {notes}.", "de": "Bisher notiert: {notes}."}
# The first pattern that a title matches; `{doing}` and `{topic}` are the title inside a sentence.
_QUESTIONS: dict[str, list[tuple[str, str]]] = {
    "en": [
        (
            r"\b(?:or|vs\.?|versus)\b",
            "What speaks for each of them?|What does each of them cost?|Which have you used yourself, and for how long?"
            "|Who should choose which?",
        ),
        (
            r"^how to\b",
            "What does a reader need before the first step?|Which steps are there, in which order?"
            "|Where do beginners go wrong, and what helps?|How does a reader see that it worked?",
        ),
        (
            r"^why\b",
            "What is the main reason, in one sentence?|Which example shows it best?"
            "|What do people say against it, and what is your answer?|What follows from it for the reader?",
        ),
        (
            r"^(?:what|how)\b",
            "What is the short answer?|How does it work, one step after the other?|Which example makes it plain?"
            "|What is often misunderstood?",
        ),
        (
            r"\d+\.\d|\b(?:release|changelog|update)\b|^(?:new in|introducing|announcing)\b",
            "What can people do now that they could not do before?|What works differently, and what is gone?"
            "|Which faults are fixed?|Who has to do something when they update?",
        ),
        (
            r"\b(?:review|(?:days?|weeks?|months?|years?) (?:with|without))\b",
            "How long did you try it, and for what?|What is good about it?|What is not?"
            "|What does it cost, and for whom is it worth that?",
        ),
        (
            r"\b(?:days?|weekends?|weeks?|hours) in\b|\b(?:trip|travel|travelling|hiking|hopping|visiting)\b",
            "When did you go, and how did you get there?|What should nobody miss?|Where did you eat and sleep?"
            "|What does it cost?|What would you do differently?",
        ),
        (
            r"\b(?:festival|concert|fair|workshop|market|party|meeting|open day|exhibition|café|cafe|race|fête|fete)\b",
            "What happens, when and where?|Who can come, and what does it cost?|Who is behind it?"
            "|What should visitors bring?|Where can they ask questions?",
        ),
        (
            r"^\w{3,}ing\b",
            "Why is {doing} worth the effort?|What does a reader need for it?|What comes first, and what after that?"
            "|Where do beginners go wrong, and what helps?|What have you learnt from it yourself?",
        ),
        (
            r"",
            "What should a reader know first about {topic}?|What have you seen or done yourself?"
            "|Which names, figures or dates belong here?|What is difficult about it?|What can the reader do next?",
        ),
    ],
    "de": [
        (
            r"",
            "Was sollte man zuerst darüber wissen?|Was haben Sie selbst gesehen oder getan?"
            "|Welche Namen, Zahlen oder Daten gehören dazu?|Was ist schwierig daran?|Was kann man als Nächstes tun?",
        ),
    ],
}
_NO_TITLE = re.compile(r"[?!:]|^\W*$")


def skeleton(title: str, notes: str, language: str = "en") -> str:
    """Return a skeleton that says that it is one.

    Args:
        title: the author's.
        notes: a word or two, or nothing.
        language: `en` or `de`.
    """
    name = title.replace("“", "'").replace("”", "'").replace('"', "'")
    questions = "\n".join(f"- {question}" for question in _questions(title, language))
    parts = [(LEAD if title else UNTITLED)[language].format(title=name), questions]
    if notes:
        parts.append(NOTED[language].format(notes=notes))
    return "\n\n".join(parts)


def _questions(title: str, language: str) -> list[str]:
    listed = next(listed for pattern, listed in _QUESTIONS[language] if re.search(pattern, title, re.IGNORECASE))
    if not title:
        listed = listed.split("|", 1)[1]  # the first is about the title
    inside = f"“{title}”" if _NO_TITLE.search(title) else _inside(title)
    return [question.replace("{doing}", inside).replace("{topic}", inside) for question in listed.split("|")]


def _inside(title: str) -> str:
    """Return a title as it stands inside a sentence: quoted if it may be a name."""
    first, _, rest = title.partition(" ")
    is_plain = first[1:].islower() and (first.lower().endswith("ing") or first.lower() in _PLAIN or _is_plural(first))
    return f"{first.lower()} {rest}".rstrip() if is_plain else f"“{title}”"


def _is_plural(word: str) -> bool:
    return len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is"))


_PLAIN = frozenset("a an the our my your some first living small big old new good free in".split())
