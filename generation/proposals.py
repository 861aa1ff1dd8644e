"""Proposals: finished texts that did not land, for a person to accept or discard."""

from accounts.models import User
from blogs.models import BlogPost, Revision
from generation.models import Generation


class NotProposed(Exception):
    """This generation is not a proposal, or was already accepted or discarded."""


def accept(post: BlogPost, number: int, *, by: User) -> Revision:
    """Make a proposal the live text of the post. The post's row must be locked.

    Args:
        number: of the generation.

    Raises:
        Generation.DoesNotExist, NotProposed: nothing is changed.
    """
    proposal = proposed(post, number)
    revision = post.add_revision(proposal.title, proposal.content, source=Revision.Source.AI, author=by, is_named=True)
    decide(proposal, Generation.Landing.ACCEPTED, revision)
    return revision


def discard(post: BlogPost, number: int) -> None:
    """Discard a proposal; it stays readable. The post's row must be locked.

    Args:
        number: of the generation.

    Raises:
        Generation.DoesNotExist, NotProposed: nothing is changed.
    """
    decide(proposed(post, number), Generation.Landing.DISCARDED)
    post.save(update_fields=["version"])  # whoever read the draft has seen a proposal that is gone


def proposed(post: BlogPost, number: int) -> Generation:
    generation = post.generations.select_for_update().get(number=number)
    if generation.landing != Generation.Landing.PROPOSED:
        raise NotProposed
    return generation


def decide(proposal: Generation, landing: Generation.Landing, revision: Revision | None = None) -> None:
    proposal.landing, proposal.revision = landing, revision
    proposal.save(update_fields=["landing", "revision"])
