"""The measures of a post. Pure: the same text gives the same figures, so saved texts can be scored again.

None of them is called quality by itself: `separation` says which tell what readers keep from what they do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from generation.evaluation.headings import heading_quality
from generation.evaluation.own_words import expansion, own_share, own_share_of
from generation.evaluation.post import Post
from generation.evaluation.stray import is_stray, stray_sentences
from generation.writer.checks.findings import FindingName
from generation.writer.checks.style import machine_phrases, machine_rate

CONTRADICTIONS = (FindingName.CONTRADICTION,)
LOST_FACTS = (FindingName.LOST_FACT,)
INVENTED_FIGURES = (FindingName.INVENTED_FIGURE,)
INVENTED_NAMES = (FindingName.INVENTED_NAME, FindingName.INVENTED_PERSON, FindingName.INVENTED_STUDY)
INVENTED_QUOTATIONS = (FindingName.INVENTED_QUOTATION,)
INVENTED_LINKS = (FindingName.INVENTED_LINK,)
INVENTED_MEMORIES = (FindingName.INVENTED_MEMORY,)
INVENTED = (*INVENTED_FIGURES, *INVENTED_NAMES, *INVENTED_QUOTATIONS, *INVENTED_LINKS, *INVENTED_MEMORIES)

OfPost = Callable[[Post], float | None]
OfSentence = Callable[[Post, str], float]


@dataclass(frozen=True)
class Measure:
    """One figure of a post.

    Args:
        name: as tables and JSON call it.
        of_post: None where the post has nothing to measure.
        of_sentence: likewise for one of its sentences, if that can be said of a sentence.
        finds: the label of the sentences that it is to find (see `labels`).
        high_is_good: whether a higher figure is the better one.
    """

    name: str
    of_post: OfPost
    of_sentence: OfSentence | None = None
    finds: str = "false"
    high_is_good: bool = False


def _found(name: str, names: Iterable[FindingName], *, in_sentences: bool = True) -> Measure:
    names = tuple(names)
    return Measure(
        name, lambda post: post.count(names), (lambda post, one: post.is_found(one, names)) if in_sentences else None
    )


def lost_share(post: Post) -> float | None:
    """Return the share of the notes' facts that a post lost; None if they have none."""
    facts = replace(post, text="").count(LOST_FACTS)  # an empty text loses all of them
    return post.count(LOST_FACTS) / facts if facts else None


MEASURES = (
    _found("claim_check", (*CONTRADICTIONS, *INVENTED)),
    _found("contradictions", CONTRADICTIONS),
    _found("lost_facts", LOST_FACTS, in_sentences=False),
    Measure("lost_share", lost_share),
    _found("lost_notes", (FindingName.LOST_NOTE,), in_sentences=False),
    _found("invented", INVENTED),
    _found("invented_figures", INVENTED_FIGURES),
    _found("invented_names", INVENTED_NAMES),
    _found("invented_quotations", INVENTED_QUOTATIONS),
    _found("invented_links", INVENTED_LINKS),
    _found("invented_memories", INVENTED_MEMORIES),
    Measure("own_share", own_share, own_share_of, finds="keep", high_is_good=True),
    Measure("expansion", expansion),
    Measure(
        "machine_phrases",  # per 1,000 words
        lambda post: machine_rate(post.text) if post.words else None,
        lambda post, sentence: len(machine_phrases(sentence)),
        finds="filler",
    ),
    Measure("heading_quality", heading_quality, high_is_good=True),
    Measure("stray_sentences", stray_sentences, is_stray, finds="stray"),
)


def measure(post: Post) -> dict[str, float | None]:
    """Return all measures of a post by their names."""
    values = ((one.name, one.of_post(post)) for one in MEASURES)
    return {name: None if value is None else round(value, 3) for name, value in values}
