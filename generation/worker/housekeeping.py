"""Housekeeping by a worker, beside the writing: sends mail, deletes what has expired, publishes, recounts budgets."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.sessions.models import Session
from django.db import Error as DatabaseFailure
from django.db import close_old_connections, connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.mail.sender import send_due
from accounts.models import Invitation, LoginSession, OutgoingMail, PasswordAttempts, RequestCount
from accounts.models.expiry import delete_some
from accounts.verification import purge_unverified
from blogs.database.file import refuse_replaced_file
from blogs.database.outages import outage_of
from blogs.models import BlogPost, StoredAnswer
from generation.budgets.recount import correct, drifts
from generation.models import Budget, ProviderPause
from generation.queue.locks import unless_held
from generation.queue.log import logger

TICK, MAIL_EVERY, DELETE_EVERY, RECOUNT_EVERY = 1.0, 1.0, 60.0, 600.0  # seconds
PIECE = 500  # rows that one statement deletes
CORRECTED_AT_ONCE = 100  # budgets: whoever requests a post meanwhile waits
FAILED = "housekeeping failed, and will be tried again: %s (%s)"


@dataclass
class Job:
    """Something to do again and again.

    Args:
        work: does a piece, and returns whether more is left.
        every: seconds between two pieces, unless more is left.
    """

    name: str
    work: Callable[[], bool]
    every: float
    due_at: float = 0.0

    def run_when_due(self) -> bool:
        """Return whether it was due."""
        if time.monotonic() < self.due_at:
            return False
        self.due_at = time.monotonic() + self.every
        if self.work():
            self.due_at = 0.0
        return True


def jobs() -> list[Job]:
    """Return all jobs of a worker; any number of workers may do them at once."""
    expired: dict[str, Callable[[], QuerySet[Any]]] = {
        "logins": LoginSession.objects.expired,
        "surplus logins": LoginSession.objects.surplus,
        "password attempts": PasswordAttempts.objects.expired,
        "request counts": RequestCount.objects.expired,
        "invitations": Invitation.objects.expired,
        "old mail": OutgoingMail.objects.expired,
        "sessions of the admin": expired_sessions,
        "stored answers": StoredAnswer.objects.expired,
        "rate limit pauses": ProviderPause.objects.expired,
        "budgets of periods long over": Budget.objects.expired,
    }
    deletions = [Job(f"deleting {name}", partial(delete_piece, rows), DELETE_EVERY) for name, rows in expired.items()]
    unverified = Job("deleting unverified accounts", delete_unverified, DELETE_EVERY)
    recount = Job("recounting budgets", recount_budgets, RECOUNT_EVERY)
    return [Job("sending mail", send_mail, MAIL_EVERY), *deletions, unverified, recount]


def publications() -> list[Job]:
    """Return the job that must not wait for slow ones: a mail server may take longer than readers are to wait."""
    return [Job("publishing", publish_due, 1.0)]


def publish_due() -> bool:
    while BlogPost.objects.publish_due(PIECE):
        pass
    return False


def delete_unverified() -> bool:
    return purge_unverified(PIECE) == PIECE


def recount_budgets() -> bool:
    """Correct what budgets hold reserved, unless somebody holds one of them for long."""
    wrong = [drift.budget for drift in drifts()]  # without the write lock that a transaction needs on SQLite
    if wrong:
        unless_held(partial(correct, wrong[:CORRECTED_AT_ONCE]), None)
    return len(wrong) > CORRECTED_AT_ONCE


def send_mail() -> bool:
    send_due()
    return False


def delete_piece(expired: Callable[[], QuerySet[Any]]) -> bool:
    """Delete a piece of what has expired; return whether there may be more."""
    return delete_some(expired(), PIECE) == PIECE


def expired_sessions() -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=timezone.now()).order_by("expire_date")


class Housekeeping:
    """A thread that does the jobs one after the other.

    The process may end while it works: a deletion is rolled back then, and a mail perhaps sent twice.

    Args:
        stopping: ends it before its next job.
    """

    def __init__(self, stopping: threading.Event, jobs: Sequence[Job]) -> None:
        self.stopping = stopping
        self.jobs = jobs
        self.failing: dict[str, bool] = {}  # names of jobs whose last piece failed; whether in an outage
        self.thread = threading.Thread(target=self.run, name="housekeeping", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def end(self, grace: float) -> None:
        """Wait for at most `grace` seconds for the job under way, once `stopping` is set."""
        if self.thread.ident:
            self.thread.join(grace)

    def run(self) -> None:
        try:
            while not self.stopping.wait(TICK):
                self.look()
        finally:
            connection.close()

    def look(self) -> None:
        """Do all jobs that are due, up to an outage of the database."""
        for job in self.jobs:
            if self.stopping.is_set():
                return
            try:
                close_old_connections()
                refuse_replaced_file()
                if job.run_when_due():
                    self.failing.pop(job.name, None)
            except Exception as error:  # of any library; the next jobs are not to suffer
                connection.close()
                if self.is_outage(job, error):
                    return

    def is_outage(self, job: Job, error: Exception) -> bool:
        """Note a failure, say so unless that was said already, and return whether the database is away."""
        is_outage = isinstance(error, DatabaseFailure) and outage_of(error) is not None
        if job.name not in self.failing and not (is_outage and any(self.failing.values())):
            logger.error(FAILED, job.name, error, exc_info=None if is_outage else error)
        self.failing[job.name] = is_outage
        return is_outage
