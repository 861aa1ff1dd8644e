"""Signals of users, for other apps to receive."""

from django.dispatch import Signal

# Sent in the transaction that deletes users, with `users` (a queryset), before Django collects what goes with them: a
# row that is added after that is in nobody's list, and its foreign key fails. Receivers lock what others may be adding
# to, and the users' rows.
before_users_deleted = Signal()

# Asks other apps what users own. Receivers return a condition for a queryset of users: that they own some of it.
what_users_own = Signal()
