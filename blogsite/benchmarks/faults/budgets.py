"""Budgets under faults: never over a limit, nothing reserved at the end, and all of the model server's own bill."""

import http.client
import threading
import time
import urllib.error
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import F

from blogsite.benchmarks.faults.payments import MARK, Call, attempts_at, prompt
from blogsite.benchmarks.faults.people import NOTES, Person
from blogsite.benchmarks.faults.worker_log import Attempt
from generation.budgets.accounts import SITE
from generation.budgets.money import A_DOLLAR, dollars
from generation.costs import Usage, cost, most
from generation.models import Budget

SAMPLED_EVERY = 0.05  # seconds
ASKS_EVERY = 0.3  # seconds
GRANTED = Decimal("0.03")  # US dollars a day for who spends without end: one post at once
ROUNDING = Decimal(1) / A_DOLLAR  # an attempt
RECORDED = ("landed", "proposed", "failed", "handed_back")


class Spender(Person):
    """A person who only requests posts, more than their budget has room for."""

    refused = 0

    def run(self) -> None:
        while not self.stopping.wait(ASKS_EVERY):
            mark = uuid.uuid4().hex
            brief = NOTES.format(mark=mark)
            try:
                answer = self.request("POST", "/blogs", {"title": f"Bread {mark}", "content": brief})
            except urllib.error.HTTPError as refusal:
                self.refused += refusal.code == HTTPStatus.PAYMENT_REQUIRED
            except (OSError, http.client.HTTPException):
                pass  # the web server was killed, or has no database
            else:
                self.memory.briefs.append((answer["blog"]["id"], brief))
                self.memory.posts.append(answer["blog"]["id"])


class BudgetWatch(threading.Thread):
    """Looks at all budgets again and again, and counts how often one was over its limit."""

    def __init__(self) -> None:
        super().__init__(name="budget watch", daemon=True)
        self.over = 0
        self.stopping = threading.Event()

    def run(self) -> None:
        limited = Budget.objects.exclude(kind=Budget.Kind.POSTS).exclude(allowed=None)
        while not self.stopping.wait(SAMPLED_EVERY):
            try:
                self.over += limited.filter(allowed__lt=F("spent") + F("reserved")).count()
            except DatabaseError:  # an outage is one of the faults
                with suppress(DatabaseError):
                    connection.close()
                time.sleep(SAMPLED_EVERY)
        connection.close()


def audit_of_budgets(
    calls: Iterable[Call],
    attempts: Sequence[Attempt],
    generations: Mapping[str, set[int]],
    over: int,
    refused: int,
) -> dict[str, Any]:
    """Return the findings on budgets.

    What was spent is the server's bill, and of calls of which a worker did not see the end, or could not record it, at
    most what they were allowed.

    Args:
        calls: what the model server received, each with the tokens that it charges for.
        attempts: from the workers' log.
        generations: the ids of those that have the brief with each mark.
        over: samples of a budget over its limit.
        refused: requests that were answered 402.
    """
    calls = [call for call in calls if call["charged"]]
    site = Budget.objects.filter(account=SITE, kind=Budget.Kind.DAY)
    spent = dollars(sum(site.values_list("spent", flat=True)))
    bill = sum((charged(call) for call in calls), Decimal(0))
    unsure = [call for call in calls if not is_certain(call, attempts, generations)]
    more = sum((allowance(call) - charged(call) for call in unsure), Decimal(0)) + ROUNDING * len(attempts)
    return {
        "over_budget": over,
        "refused_402": refused,
        "reserved_at_end": float(dollars(sum(Budget.objects.values_list("reserved", flat=True)))),
        "spent": float(spent),
        "server_bill": float(bill),
        "spent_at_most": float(bill + more),
    }


def is_certain(call: Call, attempts: Sequence[Attempt], generations: Mapping[str, set[int]]) -> bool:
    """Whether a call's end was seen and recorded by the worker that made it."""
    if call["disconnected"] or call["is_scripted"] or call["ended"] is None:
        return False
    of_brief = {pk for mark in MARK.findall(prompt(call))[:1] for pk in generations.get(mark, ())}
    possible = [one for one in attempts_at(call["arrived"], attempts) if one.fetched.generation in of_brief]
    return bool(possible) and all(one.ended and one.ended.step in RECORDED for one in possible)


def charged(call: Call) -> Decimal:
    """Return what the model server charges for a call, in US dollars."""
    return cost(call["body"]["model"], Usage(call["charged"][0], call["charged"][1], calls=1)) or Decimal(0)


def allowance(call: Call) -> Decimal:
    """Return the most that a call could cost: a prompt has no more tokens than bytes."""
    body = call["body"]
    asked = body.get("max_completion_tokens") or body.get("max_tokens") or 0
    return most(body["model"], Usage(len(prompt(call).encode()), asked, calls=1, estimated=1)) or Decimal(0)
