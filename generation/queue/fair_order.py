"""Where a new request stands in line, so that no owner's many posts keep another's waiting.

Start-time fair queueing (Goyal, Vin and Cheng 1996) with posts of one size: a request takes its place right after the
last that is being written, or a post's size after its owner's own last one. Urgent requests and others stand in two
lines.
"""

from typing import NamedTuple

from django.db import connection

# A post's size in turns. Whoever waits for nothing yet goes before the next post of those who have one being written;
# the places between keep a stream of such newcomers from holding these up for ever: of so many one is theirs.
SIZE = 2

# One statement, each part of it answered by an index, by its own order and expressions: every POST waits for this, and
# PostgreSQL, while it has not counted those that wait, reads them all for anything less. Of the generations of a post
# only the newest can be unfinished.
LINE = """
SELECT
  (SELECT finished_at IS NULL FROM generation_generation WHERE post_id = %(post)s ORDER BY number DESC LIMIT 1),
  (SELECT MAX(number) FROM generation_generation WHERE post_id = %(post)s),
  (SELECT turn FROM generation_generation
    WHERE owner_id = %(owner)s AND urgent = %(urgent)s AND post_id <> %(post)s
      AND CASE WHEN finished_at IS NULL THEN turn ELSE NULL END >= 0
    ORDER BY CASE WHEN finished_at IS NULL THEN turn ELSE NULL END DESC LIMIT 1),
  (SELECT MAX(turn) FROM generation_generation WHERE urgent = %(urgent)s AND lease_until IS NOT NULL),
  (SELECT turn FROM generation_generation
    WHERE urgent = %(urgent)s AND finished_at IS NULL ORDER BY finished_at, urgent DESC, turn, id LIMIT 1)
"""


class Place(NamedTuple):
    """Whether it takes the place of an unfinished one, the post's next number, and the turn: lower ones go first."""

    supersedes: bool
    number: int
    turn: int


def place_of(*, post_id: int, owner_id: int, urgent: bool) -> Place:
    """Return the place of a new request; the post's row must be locked, or new."""
    with connection.cursor() as cursor:
        cursor.execute(LINE, {"post": post_id, "owner": owner_id, "urgent": urgent})
        unfinished, number, own, present, first = cursor.fetchone()
    if present is None:
        present = -1 if first is None else first - 1
    turn = present + 1 if own is None else max(present + 1, own + SIZE)
    return Place(bool(unfinished), (number or 0) + 1, turn)
