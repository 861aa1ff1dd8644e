"""Whether anything of a title or a brief can be seen: a link that is invisible cannot be clicked."""

import re
import unicodedata

from accounts.refusals import Refusal

NO_VISIBLE_TITLE = "A title needs at least one character that can be seen."
INVISIBLE_BRIEF = "These notes have no character that can be seen. Write some, or leave them empty."

# Separators, controls, what only formats, halves of surrogates, and marks without a width: those need a letter.
UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Mn", "Me"}
# Blank although letters or symbols, or to be ignored by who does not know them. Whatever else is not assigned may be of
# a newer Unicode than Python's, and a private character of a script that has no other place.
BLANK = re.compile(
    "[\u115f\u1160\u3164\uffa0"  # fillers of Hangul
    "\u2800"  # a pattern of Braille without dots
    "\U0001d159"  # a note without a head
    "\U00013441\U00013442"  # blanks among hieroglyphs
    "\u2065\ufff0-\ufff8\U000e0000-\U000e0fff"  # reserved for what is ignored
    "\ufdd0-\ufdef\ufffe\uffff]"  # no characters at all
)


class InvisibleTitle(Refusal):
    """A revision from a time when any title would do."""

    status = 409
    problem = "state-conflict"
    detail = "The title of this revision has no character that can be seen. Save its text under another title."


def has_visible(text: str) -> bool:
    return any(unicodedata.category(character) not in UNSEEN and not BLANK.match(character) for character in text)


def is_invisible_brief(brief: str) -> bool:
    """Whether a brief looks empty, but is neither that nor white space."""
    return bool(brief.strip()) and not has_visible(brief)
