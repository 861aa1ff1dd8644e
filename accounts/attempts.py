"""Attempts at passwords: counted before anything is hashed, by account, by network, and by both.

Every attempt counts as failed when it begins, and is given back when the password was right: of hundreds that come at
once no more are hashed than of hundreds that come one after the other.

Nobody is kept out of their own account by those who attack it: an account's logins from a network from which it logged
in lately have a count of their own (OWASP's device cookies, by network), and are not stopped by the other two.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.addresses import canonical_address
from accounts.models import PasswordAttempts, User
from accounts.models.password_attempts import KNOWN_FOR
from accounts.networks import network_of
from accounts.refusals import Refusal

TOO_MANY = "Too many attempts with a wrong password. Try again later."
TOO_MANY_FOR = "Too many attempts with a wrong password. Try again in {seconds} s."
NOT_YOURS = "This is not your password."

QUIET = timedelta(minutes=30)  # after which failures are forgotten
LONGEST = 60  # seconds


class TooManyAttempts(Refusal):
    status = 429
    problem = "too-many-attempts"
    detail = TOO_MANY


class WrongPassword(Exception):
    """It is not the password of the user who is logged in."""


@dataclass(frozen=True)
class Limit:
    """How many failures are free; each further one has a delay, twice as long as the one before.

    More than the free ones never come at once: that many right logins may be in progress together.
    """

    free: int

    def delay(self, failures: int) -> timedelta:
        beyond = failures - self.free
        return timedelta(seconds=min(LONGEST, 2 ** min(beyond - 1, 6)) if beyond > 0 else 0)


ACCOUNT, NETWORK, BOTH = Limit(6), Limit(50), Limit(2)


@dataclass
class Attempt:
    """An attempt that counts as failed until it is given back.

    Args:
        account, network, both: its keys.
        is_known: whether it was counted for both together, and not for each.
    """

    account: str
    network: str
    both: str
    is_known: bool = False

    def limits(self) -> dict[str, Limit]:
        return {self.both: BOTH} if self.is_known else {self.account: ACCOUNT, self.network: NETWORK}

    def count(self) -> float:
        """Count a failure; return 0, or the seconds that are left of a delay, in which nothing is counted or locked."""
        limits = self.limits()
        if wait := longest_wait(PasswordAttempts.objects.filter(key__in=limits)):
            return wait
        with transaction.atomic(durable=True):  # in a caller's transaction, a refusal would undo the count
            rows = locked_rows(limits)
            if wait := longest_wait(rows):
                return wait
            now = timezone.now()
            for row in rows:
                count_failure(row, limits[row.key], now)
                row.save()
        return 0

    def give_back(self) -> None:
        """The password was right: forget the account's failures, and note that it logs in from this network.

        The network loses this one alone: an attacker may have an account too.
        """
        with transaction.atomic(durable=True):
            now = timezone.now()
            for row in locked_rows({self.both, *self.limits()}):
                row.failures = max(0, row.failures - 1) if row.key == self.network else 0
                row.blocked_until = None
                if row.key == self.both:
                    row.last_at = row.succeeded_at = now
                row.save()


def locked_rows(keys: Iterable[str]) -> list[PasswordAttempts]:
    """Lock rows, new or not, in the order of their keys: two that need the same ones do not wait for each other."""
    missing = [PasswordAttempts(key=key, last_at=timezone.now()) for key in sorted(keys)]
    PasswordAttempts.objects.bulk_create(missing, ignore_conflicts=True)
    return list(PasswordAttempts.objects.select_for_update().filter(key__in=list(keys)).order_by("key"))


def longest_wait(rows: Iterable[PasswordAttempts]) -> float:
    """Return how many seconds are left of these rows' delays; what is longer than any is of a clock that was wrong."""
    now = timezone.now()
    waits = [(row.blocked_until - now).total_seconds() for row in rows if row.blocked_until]
    return max((wait for wait in waits if 0 < wait <= LONGEST), default=0)


def count_failure(row: PasswordAttempts, limit: Limit, now: datetime) -> None:
    row.failures = 1 if now - row.last_at > QUIET else row.failures + 1
    row.last_at = now
    delay = limit.delay(row.failures)
    row.blocked_until = now + delay if delay else None


def begin_attempt(request: HttpRequest | None, address: str) -> Attempt:
    """Count an attempt at an account's password, which may not exist, before the password is hashed.

    Args:
        request: None for a caller that is no request.
        address: what was given as the account's address.

    Raises:
        TooManyAttempts: a delay is not over; nothing was counted.
        RuntimeError: the caller is in a transaction.
    """
    attempt = attempt_at(request, address)
    known_since = timezone.now() - KNOWN_FOR
    waits = []
    if PasswordAttempts.objects.filter(key=attempt.both, succeeded_at__gt=known_since).exists():
        attempt.is_known = True
        waits.append(attempt.count())
        attempt.is_known = waits[0] == 0  # beyond that it is as any other
    if not attempt.is_known:
        waits.append(attempt.count())
    if wait := min(waits):
        raise TooManyAttempts(TOO_MANY_FOR.format(seconds=math.ceil(wait)), wait=wait)
    return attempt


def attempt_at(request: HttpRequest | None, address: str) -> Attempt:
    name, network = canonical(address), network_of(request) if request else ""
    return Attempt(hashed("account", name), hashed("network", network), hashed("both", network, name))


def recognise(request: HttpRequest, address: str) -> None:
    """Note that an account's owner, who has shown to read its mail, comes from this network: no attack keeps them out.

    Raises:
        RuntimeError: the caller is in a transaction.
    """
    attempt = attempt_at(request, address)
    attempt.is_known = True
    attempt.give_back()


def canonical(address: str) -> str:
    try:
        return canonical_address(address)
    except ValueError:  # nobody's, and counted like any other
        return address.lower()


def hashed(*parts: str) -> str:
    """Return a key; rows are hashed since people type passwords into the wrong field."""
    return salted_hmac("accounts.attempts", "\n".join(parts), algorithm="sha256").hexdigest()


def confirm_password(request: HttpRequest, user: User, password: str) -> None:
    """Make sure that the person who is logged in knows the password.

    Raises:
        WrongPassword, TooManyAttempts.
        RuntimeError: the caller is in a transaction.
    """
    attempt = begin_attempt(request, user.email)
    if not user.check_password(password):
        raise WrongPassword(NOT_YOURS)
    attempt.give_back()
