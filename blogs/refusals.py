"""Refusals of requests for a text: raised by who writes it, and named by the views that request one."""

from accounts.refusals import Refusal

QUEUE_FULL = "Too many generations are queued. Try again later."


class BudgetExhausted(Refusal):
    """Members: `limit`, `spent` and `reserved` of who requested, in US dollars, and `resets_at`."""

    status = 402
    problem = "budget-exhausted"
    detail = "A budget has no room for another post: yours, or the site's, of the day or of the month."


class PostsExhausted(Refusal):
    status = 429
    problem = "posts-exhausted"
    detail = "You have requested as many posts today as you may. The count starts again at midnight, UTC."


class QueueShareFull(Refusal):
    status = 429
    problem = "queue-share-full"
    detail = "As many of your posts are queued as one user may have. Send the request again when some are finished."


class QueueFull(Refusal):
    status = 503
    problem = "queue-full"
    detail = QUEUE_FULL


class OwnerDeactivated(Refusal):
    status = 409
    problem = "owner-deactivated"
    detail = "The account of the post's owner is deactivated: nothing is written for it. Activate it, or edit the text."


TOO_MANY = f"{PostsExhausted.detail} {QueueShareFull.detail}"
