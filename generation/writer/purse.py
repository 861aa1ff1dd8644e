"""The purse that a post is written from: it may forbid a call before it is made."""

from __future__ import annotations

from typing import Protocol

from generation.costs import Usage


class Purse(Protocol):
    """Pays for the calls of one post."""

    async def reserve(self, most: Usage) -> None:
        """Make sure that a call may use so much, before it is made. If it raises, nothing is reserved.

        Raises:
            GenerationFailed: (`quota_exceeded`) no budget allows it.
            asyncio.CancelledError: the post is not to be written any more.
        """

    def release(self, most: Usage) -> None:
        """The call is over; what it used is among the paid answers already."""


class OpenPurse:
    """Pays for everything."""

    async def reserve(self, most: Usage) -> None:
        """Reserve nothing."""

    def release(self, most: Usage) -> None:
        """Release nothing."""


OPEN_PURSE = OpenPurse()
