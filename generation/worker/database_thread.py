"""An executor's way to the database: the thread that called it, which does one piece of work at a time."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import Error, connection

from blogs.database.file import refuse_replaced_file
from blogs.database.outages import outage_of
from generation.queue.locks import RowsHeld
from generation.queue.log import logger
from generation.worker.shutdown import stopping_for

RETRY_EVERY = 1.0  # seconds
Args = ParamSpec("Args")
Result = TypeVar("Result")


class NotNow(Exception):
    """The database cannot do it at the moment.

    Args:
        error: what it said.
    """

    def __init__(self, error: Error) -> None:
        super().__init__(str(error))
        self.error = error


async def database(function: Callable[Args, Result], *args: Args.args, **kwargs: Args.kwargs) -> Result:
    """Run `function` in the database's thread, and try again for as long as this process lives.

    A text that was paid for is not lost because a server restarts, fails over or is full: it lands as soon as it can.
    Whether it still may is decided by the token of its lease.

    Raises:
        Error: the database's, if waiting does not end it; or if the worker was asked to stop GENERATION_GRACE ago.
    """
    is_logged = False
    while True:
        try:
            return await sync_to_async(now_or_later)(function, *args, **kwargs)
        except NotNow as later:
            if stopping_for() > settings.GENERATION_GRACE:
                raise later.error from None
            if not is_logged and not isinstance(later.error, RowsHeld):
                logger.warning("database unavailable, retrying: %s", later)
                is_logged = True
            await asyncio.sleep(RETRY_EVERY)


def now_or_later(function: Callable[Args, Result], *args: Args.args, **kwargs: Args.kwargs) -> Result:
    """Run `function` in this thread.

    Raises:
        NotNow: an outage.
    """
    try:
        refuse_replaced_file()
        return function(*args, **kwargs)
    except Error as error:
        if outage_of(error) is None:
            raise
        connection.close_if_unusable_or_obsolete()
        raise NotNow(error) from error
