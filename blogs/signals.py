"""What happens to posts that other rooms may want to hear of."""

from django.dispatch import Signal

# Sent inside the transaction that changed the post, with `post`, `requested_by` (a user or None) and `urgent`
# (somebody waits for it; False for bulk work). A receiver that raises undoes the whole request.
generation_requested = Signal()

# Sent before the API takes a request to write, with `user`. A receiver that raises refuses it; QueueFull says why.
generation_wanted = Signal()


class QueueFull(Exception):
    """So much waits already that another request would wait too long.

    Args:
        retry_after: seconds after which asking again makes sense.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many posts are waiting to be written. Try again later.")
        self.retry_after = retry_after
