"""What other apps may listen to."""

from django.dispatch import Signal

# Sent in the transaction that deletes users, before anything is collected or locked. Arguments: `pks`.
before_users_deleted = Signal()
