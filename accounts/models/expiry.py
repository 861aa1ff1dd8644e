"""Deletion of what has expired, in pieces."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet


def delete_some(rows: QuerySet[Any], most: int) -> int:
    """Delete up to `most` rows, the first in their order, except those that another transaction holds.

    Returns:
        How many were chosen. If it is `most`, there may be more.
    """
    if not rows.exists():  # as usual; on SQLite the transaction would keep all others from writing
        return 0
    with transaction.atomic():
        keys = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
        rows.model._base_manager.filter(pk__in=keys).delete()
    return len(keys)
