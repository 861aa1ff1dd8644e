"""What happens to posts that other rooms may want to hear of."""

from django.dispatch import Signal

# Sent inside the transaction that changed the post, with `post`, `requested_by` (a user or None) and `urgent`
# (somebody waits for it; False for bulk work). A receiver that raises undoes the whole request.
generation_requested = Signal()
