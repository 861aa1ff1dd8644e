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
    end_wait(post, proposal, Generation.Landing.ACCEPTED)
    proposal.revision = post.add_revision(
        proposal.title, proposal.content, source=Revision.Source.AI, author=by, is_named=True
    )
    proposal.save(update_fields=["revision"])
    return proposal.revision


def discard(post: BlogPost, number: int) -> None:
    """Discard a proposal; it stays readable. The post's row must be locked.

    Args:
        number: of the generation.

    Raises:
        Generation.DoesNotExist, NotProposed: nothing is changed.
    """
    end_wait(post, proposed(post, number), Generation.Landing.DISCARDED)
    post.save(update_fields=["version"])  # whoever read the draft has seen a proposal that is gone


def proposed(post: BlogPost, number: int) -> Generation:
    generation = post.generations.select_for_update().get(number=number)
    if generation.landing != Generation.Landing.PROPOSED:
        raise NotProposed
    return generation


def end_wait(post: BlogPost, proposal: Generation, landing: Generation.Landing) -> None:
    proposal.landing = landing
    proposal.save(update_fields=["landing"])
    post.count_proposal(proposal.title, proposal.content, waits=False)
