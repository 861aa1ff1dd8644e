"""Signals of users, for other apps to receive."""

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True)
class Belongings:
    """What becomes of the things that deleted users own.

    Args:
        keep: whether they are kept.
        heir: the key of the user who gets them; nobody does without one.
    """

    keep: bool = True
    heir: int | None = None


KEPT = Belongings()

# Sent in the transaction that deletes users, with `users` (a queryset) and `belongings`, before Django collects what
# goes with them: a row that is added after that is in nobody's list, and its foreign key fails. Receivers lock what
# others may be adding to, and the users' rows.
before_users_deleted = Signal()

# Sent before that and in no transaction, with the same, if there may be much to do: receivers do it in pieces. They
# stop at `ends_at`, by the monotonic clock in seconds, and return whether they have done everything.
users_leaving = Signal()

# Asks other apps what users may own. Receivers return a queryset of all such things, of a model with an `owner`.
belongings_asked = Signal()

# Sent when a saved user is no longer active and that is committed, with `user`. A queryset's update sends nothing: a
# receiver must not rely on it alone.
user_deactivated = Signal()
