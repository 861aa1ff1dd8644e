"""An executor's way to the database: the thread that called it, which does one piece of work at a time."""

import asyncio
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from generation.queue.log import logger

Args = ParamSpec("Args")
Result = TypeVar("Result")


async def database(function: Callable[Args, Result], *args: Args.args, **kwargs: Args.kwargs) -> Result:
    """Run `function` in the database's thread, and try again for as long as a lease lasts if the database is away.

    A text that was paid for is not lost because a server restarts.

    Raises:
        OperationalError: the database was still away when the lease ended.
    """
    give_up = time.monotonic() + settings.GENERATION_LEASE
    while True:
        try:
            return await sync_to_async(function)(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            if time.monotonic() > give_up:
                raise
            logger.warning("database unavailable, retrying: %s", error)
            await sync_to_async(reconnect)()
            await asyncio.sleep(1)


def reconnect() -> None:
    connection.close_if_unusable_or_obsolete()  # looked up here: connections belong to threads
