"""The site's house style, as an executor knows it."""

import time

from django.conf import settings

from generation.models import HouseStyle
from generation.worker.database_thread import database


class HouseStyleCache:
    """The house style, at the most as old as a lease's renewal."""

    def __init__(self) -> None:
        self._text, self._fresh_until = "", 0.0

    async def current(self) -> str:
        if time.monotonic() > self._fresh_until:
            self._text = await database(HouseStyle.current)
            self._fresh_until = time.monotonic() + settings.GENERATION_RENEW_EVERY
        return self._text
