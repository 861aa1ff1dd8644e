"""Clean posts with their briefs, and ways to damage a text that a measure must notice."""

from __future__ import annotations

import re

from generation.evaluation.post import Post

ALLOTMENT = Post(
    "The allotment opens on Sunday",
    "opening on Sunday 3 May at 10:00; 24 plots instead of 18; a plot costs 35 euros a year; dogs are not allowed;"
    ' Edda Brandt keeps the keys; Edda Brandt says: "Bring your own spade."; the map is at https://plots.example/map;'
    " never burn garden waste; the water is free",
    """The allotment opens on Sunday 3 May at 10:00.

## Plots and prices

There are 24 plots instead of 18. A plot costs 35 euros a year. The water is free.

## House rules

Dogs are not allowed. Never burn garden waste.

## Keys and tools

Edda Brandt keeps the keys. "Bring your own spade," says Edda Brandt. The map is at https://plots.example/map.
""",
)
FERRY = Post(
    "The summer timetable of the island ferry",
    "the first boat leaves at 6:40; a crossing takes 50 minutes; bicycles travel free of charge; cars must be booked"
    " two days ahead; the ferry does not sail in fog; Captain Nils Aaberg answers questions on 0555 7788",
    """The summer timetable of the island ferry has a boat for early risers.

## Early boats

The first boat leaves at 6:40. A crossing takes 50 minutes.

## Bicycles and cars

Bicycles travel free of charge. Cars must be booked two days ahead.

## Fog and questions

The ferry does not sail in fog. Captain Nils Aaberg answers questions on 0555 7788.
""",
)
CLEAN = (ALLOTMENT, FERRY)
# What stands in a clean post, and its opposite.
NEGATIONS = {
    "Dogs are not allowed.": "Dogs are allowed.",
    "Never burn garden waste.": "Always burn garden waste.",
    "A plot costs 35 euros a year.": "A plot does not cost 35 euros a year.",
    "Edda Brandt keeps the keys.": "Edda Brandt does not keep the keys.",
    "The ferry does not sail in fog.": "The ferry sails in fog.",
    "Cars must be booked two days ahead.": "Cars need not be booked two days ahead.",
}
ABSURD = (
    "Penguins polish trombones under crimson moonlight.",
    "My uncle's violin tastes of thunder.",
    "Seven wise marmots govern the lunar senate.",
)
CLICHES = (
    "In today's fast-paced world, {} is a testament to the power of community. ",
    "It's not just about {}, it's about unlocking your potential. ",
    "Let's dive in and delve into the rich tapestry of {}. ",
)
PADDING = "This is a good thing for many people, and there are many reasons why it can be a good thing for them. "


def rewritten(post: Post, text: str) -> Post:
    return Post(post.title, post.notes, text)


def replaced(post: Post, old: str, new: str) -> Post:
    assert old in post.text
    return rewritten(post, post.text.replace(old, new))


def with_absurd_sentences(post: Post) -> Post:
    """Put an absurd sentence at the end of each paragraph."""
    paragraphs = post.text.strip().split("\n\n")
    absurd = iter(ABSURD * len(paragraphs))
    return rewritten(
        post, "\n\n".join(one if one.startswith("#") else f"{one} {next(absurd)}" for one in paragraphs) + "\n"
    )


def padded(post: Post) -> Post:
    """Put sentences that say nothing before each paragraph."""
    return rewritten(post, re.sub(r"(?m)^(?=[^#\n])", 3 * PADDING, post.text))


def with_pasted_notes(post: Post) -> Post:
    return rewritten(post, post.notes)


def with_cliches(post: Post) -> Post:
    lines = iter(CLICHES * len(post.text))
    return rewritten(post, re.sub(r"(?m)^(?=[^#\n])", lambda _: next(lines).format(post.title.lower()), post.text))


def with_cut_headings(post: Post) -> Post:
    """Make each heading end in the middle of a phrase."""
    return rewritten(post, re.sub(r"(?m)^(## .+)$", r"\1 and the", post.text))


def with_sentences_for_headings(post: Post) -> Post:
    """Make each heading the sentence that follows it."""
    return rewritten(post, re.sub(r"(?m)^## .+\n\n(.+?\.)(?= |$)", r"## \1\n\n\1", post.text))
