"""Tidying: a model's post without what models put around one, and with its headings as we write them.

Nothing of the post itself is changed. Each pass removes one kind of wrapping; they run until none finds anything, since
models nest them: a fence after a preamble, a title in the fence, an offer after it.
"""

from __future__ import annotations

import re

from generation.llm.thoughts import without_thoughts
from generation.writer.words import words
from generation.writer.wrappings import (
    ABOUT_THE_TEXT,
    BOLD_LINE,
    CONTENTS,
    CONTROL_TOKEN,
    CONTROL_TOKENS_AT_START,
    FENCE,
    FENCE_AT_START,
    GLUED_HEADING,
    HEADING,
    MADE_BY_MACHINE,
    OFFER,
    PREAMBLE,
    ROLE_AT_START,
    RULE,
    RULE_AT_START,
    TITLE_LABEL,
    TO_CHANGE_IT,
    UNDERLINE,
    WORD_COUNT,
)

LONGEST_PREAMBLE = 400  # characters
LONGEST_LINE = 100  # characters
PASSES = 10  # rounds; each removes something, or is the last


def tidy(text: str, title: str = "") -> str:
    """Return a model's post without what models put around one.

    Args:
        text: as the model sent it.
        title: of the post, which is no part of its text.
    """
    for _ in range(PASSES):
        before = text
        text = without_control_tokens(without_thoughts(text)).strip()
        text = without_preamble(without_fence(text))
        text = without_title(CONTENTS.sub("", RULE_AT_START.sub("", text)).strip(), title)
        text = without_closing(text)
        if text == before:
            break
    return with_headings(text)


def without_control_tokens(text: str) -> str:
    """Return the text up to the first token that ends a turn; those at its beginning are dropped."""
    text = ROLE_AT_START.sub("", text.lstrip())
    text = CONTROL_TOKENS_AT_START.sub("", text)
    marks, seen_to = 0, 0
    for found in CONTROL_TOKEN.finditer(text):
        marks, seen_to = marks + text.count("`", seen_to, found.start()), found.start()
        if marks % 2 == 0:  # in code it is what the post is about
            return text[: found.start()]
    return text


def without_fence(text: str) -> str:
    """Return what a fence holds, if it holds most of the text; what is around it goes."""
    fence = FENCE_AT_START.match(text) or FENCE.search(text)
    if not fence:
        return text
    inside = text[fence.end() :]
    closing = inside.rfind(f"\n{fence[1]}")
    ends = closing >= 0 and not inside[closing + 1 + len(fence[1]) :].split("\n", 1)[0].strip()
    if not ends:
        is_open = fence.start() == 0 and closing < 0  # the answer ended before its fence
        return inside.strip() if is_open and FENCE.match(text) else text
    held = inside[:closing]
    return held.strip() if 2 * len(held) > len(text) else text


def without_preamble(text: str) -> str:
    """Return the text without a first paragraph that speaks of it."""
    first, _, rest = text.partition("\n")
    is_short = len(first) <= LONGEST_PREAMBLE and not first.startswith("#")
    if is_short and rest.strip() and PREAMBLE.match(first.lstrip("*_ ")) and ABOUT_THE_TEXT.search(first):
        return rest.strip()
    return text


def without_title(text: str, title: str = "") -> str:
    """Return the text without a title before it: the post has one already."""
    first, _, rest = text.partition("\n")
    if not rest.strip() or len(first) > 3 * LONGEST_LINE:
        return text
    under, _, rest_of_it = rest.partition("\n")
    if UNDERLINE.fullmatch(under) and rest_of_it.strip():
        return rest_of_it.strip()
    said = TITLE_LABEL.sub("", first.strip("*_# \t"))
    is_named = said != first.strip("*_# \t")
    is_title = bool(words(title)) and words(said) == words(title)
    if re.match(r"#[ \t]", first) or BOLD_LINE.fullmatch(first.strip()) or is_named or is_title:
        return rest.strip()
    return text


def without_closing(text: str) -> str:
    """Return the text without what is said to whoever asked for it after its end."""
    text = text.rstrip()
    end = max(0, len(text) - LONGEST_PREAMBLE)  # searched from where it may begin: the patterns are not for whole posts
    text = without_rule(text[:end] + MADE_BY_MACHINE.sub("", text[end:]))
    before, _, last = text.rpartition("\n\n")
    after_line, _, last_line = text.rpartition("\n")
    if before and is_closing(last):
        return without_rule(before)
    if after_line and is_closing(last_line):
        return without_rule(after_line)
    return text


def without_rule(text: str) -> str:
    """Return the text without a line across the page at its end."""
    before, _, last = text.rstrip().rpartition("\n")
    return before.rstrip() if RULE.fullmatch(last) else text.rstrip()


def is_closing(paragraph: str) -> bool:
    """Whether a paragraph offers to change the text or counts its words."""
    is_short = len(paragraph) <= LONGEST_PREAMBLE and not paragraph.startswith("#")
    return is_short and bool(OFFER.match(paragraph.replace("’", "'")) and TO_CHANGE_IT.search(paragraph))


def with_headings(text: str) -> str:
    """Return the text with every heading as a line that begins with `## `, without word counts."""
    lines, is_code = GLUED_HEADING.sub(r"\1\n\n\2\n", text).split("\n"), False
    is_flat = not re.search(r"^##[ \t]", text, re.MULTILINE)  # then other lines may stand for headings
    found: list[str] = []
    for number, line in enumerate(lines):
        is_code ^= line.startswith(("```", "~~~"))
        after = lines[number + 1] if number + 1 < len(lines) else ""
        before = lines[number - 1] if number else ""
        if is_code:
            found.append(line)
        elif heading := heading_in(line, before, is_flat=is_flat):
            found.append(f"## {WORD_COUNT.sub('', heading).strip()}")
        elif is_underline(line, before, lines[number - 2] if number > 1 else ""):
            found[-1] = f"## {WORD_COUNT.sub('', before).strip()}"
            if after.strip():
                found.append("")
        else:
            found.append(line)
    return "\n".join(found).strip()


def heading_in(line: str, before: str, *, is_flat: bool) -> str:
    """Return the text of a line that is a heading, empty if it is none.

    Args:
        line: the line.
        before: the one before it.
        is_flat: the text has no headings of the right kind.
    """
    if re.match(r"##?[ \t]", line) or (is_flat and re.match(r"#{3,6}[ \t]", line)):
        found = HEADING.fullmatch(line)
        return found["text"].strip("*_ ") if found else ""
    bold = BOLD_LINE.fullmatch(line.strip()) if is_flat and not before.strip() else None
    is_heading = bold and len(bold["text"]) <= LONGEST_LINE and not re.search(r"[.!]$", bold["text"].strip())
    return bold["text"] if bold and is_heading else ""


def is_underline(line: str, before: str, above: str) -> bool:
    """Whether a line makes the one before it a heading, as it does under a line of its own."""
    is_line = bool(UNDERLINE.fullmatch(line)) and bool(before.strip()) and not above.strip()
    return is_line and len(before) <= LONGEST_LINE and not re.match(r"[#>|*+-]|\d+[.)]\s|.*[.!?:]$", before.strip())


def json_in(text: str) -> str:
    """Return the object in a model's answer, whatever stands around it."""
    text = without_thoughts(text)
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text
