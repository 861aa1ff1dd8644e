"""Where one note ends and the next begins, in a line of notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Nothing ends inside of these. Each is bounded, so that the work grows with the text only.
_WHOLE = "|".join(
    [
        r"`[^`\n]{1,600}`",
        r"\[[^\[\]\n]{0,300}\]\((?:[^()\s]|\([^()\s]{0,100}\)){1,600}\)",
        r"(?:https?://|www\.)[^\s<>\"]{1,600}",
        r'(?P<quoted>"[^"\n]{1,600}"|“[^”\n]{1,600}”|„[^“”\n]{1,600}[“”]|«[^»\n]{1,600}»|(?<!\w)‘[^’\n]{1,300}’(?!\w))',
        r"\([^()\n]{1,300}\)",
    ]
)
_BOUNDARY = re.compile(
    rf"{_WHOLE}|(?P<semicolon>;+)|(?P<stop>(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s|$)|[。！？]+[”」』）]*)"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(„“\"])(?:e\.g|i\.e|vs|Dr|Mr|Mrs|Ms|Prof|St|approx|ca|cf|fig|incl|excl|min|max|resp|Nr|Str|Tel|bzw|inkl"
    r"|exkl|evtl|ggf|z\. ?B|d\. ?h|u\. ?a|z\. ?T|v\. ?a|[^\W\d_])\.$",
    re.IGNORECASE,
)
# These may end a sentence too: it does if a capital letter follows.
_MAYBE = re.compile(r"(?:^|[\s(])(?:etc|a\.m|p\.m|usw|u\. ?s\. ?w)\.$", re.IGNORECASE)
_ABBREVIATION_MOST = 12  # characters of the longest one, and one before it
_MONTH = re.compile(
    r"\s+(?:Jan|Feb|Mär|Mar|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec|Jänner|Tag|Woche|Jahr|Klasse|Stock|Platz)",
)
_ORDINAL = re.compile(r"(?:^|\s)(?P<before>\w+\s+)?\d{1,2}\.$")
_BEFORE_ORDINAL = frozenset("am der den dem die das des zum zur vom bis im ab jeder jeden jedes und".split())


_MARK = re.compile(r"(?:[-*+•–—]+|#{1,6})[ \t]+")  # of a list or heading, which does not stand in mid-line


def pieces(line: str) -> Iterator[str]:
    """Cut a line at its semicolons and sentence ends; nothing but blanks, semicolons and marks is lost."""
    start = 0
    for found in _BOUNDARY.finditer(line):
        end = _end(line, found)
        if end >= start and (piece := _trimmed(line[start:end])):
            yield piece
        start = max(start, end)
    if piece := _trimmed(line[start:]):
        yield piece


def _trimmed(piece: str) -> str:
    piece = piece.strip(" \t;")
    mark = _MARK.match(piece)
    return piece[mark.end() :] if mark else piece


def _end(line: str, found: re.Match[str]) -> int:
    """Return where the piece before a possible boundary ends, or -1 if it goes on."""
    if found["semicolon"]:
        return found.end()
    if found["stop"]:
        return -1 if _goes_on(line, found.end(), found["stop"]) else found.end()
    after = line[found.end() : found.end() + 2]
    if found["quoted"]:
        # `She said: "It is over." Then she left.` ends with the quotation.
        is_end = found["quoted"][-2] in ".!?…" and after[:1].isspace() and after[1:].isupper()
        return found.end() if is_end else -1
    if found[0].startswith(("http", "www")):
        bare = found[0].rstrip(".,;:!?")
        is_end = len(bare) < len(found[0]) and found[0][len(bare)] in ";.!?"
        return found.end() if is_end and (after[:1].isspace() or not after) else -1
    return -1


def _goes_on(line: str, end: int, stop: str) -> bool:
    if not stop.startswith(".") or len(stop) > 1:
        return False
    tail = line[max(0, end - _ABBREVIATION_MOST) : end]
    following = line[end : end + 12]
    if _ABBREVIATION.search(tail) or (tail.lower().endswith(" no.") and following.lstrip()[:1].isdigit()):
        return True
    if _MAYBE.search(tail):
        return not following.lstrip()[:1].isupper()
    if ordinal := _ORDINAL.search(line[max(0, end - 20) : end]):
        before = (ordinal["before"] or "").strip().lower()
        is_lower = following.lstrip()[:1].islower() and not ordinal["before"]
        return bool(_MONTH.match(following) or before in _BEFORE_ORDINAL or is_lower) and bool(following.strip())
    return False
