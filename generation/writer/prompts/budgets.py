"""How many tokens each answer may have, and the most that earlier answers take in the prompts that repeat them."""

from __future__ import annotations

from generation.llm.prompt_size import most_tokens
from generation.writer.outline import CLAUSE_LIMIT, FILLERS, HEADING_LIMIT, MOST
from generation.writer.prompts.targets import WORDS

BY_SECTIONS = "long"  # the length whose posts are written in one call a section
MOST_SECTIONS = 6  # of a plan
LENGTH_TOLERANCE = 0.2  # of a plan's sizes together
PLAN_TOKENS = 2000
# Of the longest text in the wordiest languages: about 3 a word, and room for a text that is longer than wanted.
TEXT_TOKENS = {length: 3 * words + 600 for length, words in WORDS.items()}
SECTION_TOKENS = {"a_word": 4, "more": 400}
PROBLEMS_TOKENS = 4000  # of what a repair is to put right
_WIDEST = "\N{GRINNING FACE}"  # no character has more tokens
HEADING_TOKENS = most_tokens(_WIDEST * (HEADING_LIMIT + 3))  # a capital may have three characters for one
HEADING_LINE_TOKENS = HEADING_TOKENS + most_tokens("## \n\n\n\n")  # put over a section whose model left it out
_CODE_OUTLINE_TOKENS = MOST * (most_tokens(_WIDEST * CLAUSE_LIMIT) + HEADING_TOKENS + most_tokens("## \n- \n"))
_FILLER_TOKENS = most_tokens("\n".join(2 * FILLERS) + MOST * "## \n- \n")


def section_tokens(words: int, sections: int = 1) -> int:
    """Return the tokens that so many sections may have, of so many words together."""
    return SECTION_TOKENS["a_word"] * words + SECTION_TOKENS["more"] * sections


MOST_WORDS = int(WORDS[BY_SECTIONS] * (1 + LENGTH_TOLERANCE)) + 1  # of all sections, as their plan may have them
# Of a draft: of one by sections, with their headings. Tidying adds line ends, which are tokens too.
DRAFT_TOKENS = {
    length: tokens * 11 // 10
    for length, tokens in (
        TEXT_TOKENS | {BY_SECTIONS: section_tokens(MOST_WORDS, MOST_SECTIONS) + MOST_SECTIONS * HEADING_LINE_TOKENS}
    ).items()
}


def outline_tokens(notes: int) -> int:
    """Return the most that an outline takes: a model's at most as much as its plan, in JSON, had.

    One that is made in code has each note in a heading and a clause at most, with a mark behind it, both shortened.

    Args:
        notes: tokens of the notes, at most.
    """
    return max(PLAN_TOKENS, min(3 * notes + _FILLER_TOKENS, _CODE_OUTLINE_TOKENS))
