"""Signals of posts, for other apps to receive."""

from django.dispatch import Signal

# Sent inside the transaction that changed the post, with `post`, `requested_by` (a user or None), `urgent` (False for
# bulk work, which others overtake), `economy` (True if nobody waits, and half the price
# counts) and `proposes_only` (True if the text must not go live by itself). A receiver that raises, such as
# one of `blogs/refusals.py`, rolls the whole request back.
generation_requested = Signal()

# Sent in the transaction that makes posts nobody's, or deletes them, with `posts` (a queryset), whose rows are locked.
before_posts_abandoned = Signal()

# Sent before the API accepts a request that starts a generation, with `user`. A receiver may refuse it.
before_generation_requested = Signal()

# Asked with `post`, whose row is locked: how many bytes of texts that are no revisions a receiver keeps for it, and
# the numbers of the revisions that it still needs.
texts_beside_asked = Signal()
needed_revisions_asked = Signal()

# Sent in the transaction that deletes some revisions of a post, with `revisions` (a queryset); its row is locked.
before_revisions_deleted = Signal()
