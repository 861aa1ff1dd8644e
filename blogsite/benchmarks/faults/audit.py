"""The audit after the faults: rows, the model server's log of calls, and every text that a person sent."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from blogs.models import BlogPost, Revision, Status
from blogsite.benchmarks.faults.budgets import audit_of_budgets
from blogsite.benchmarks.faults.payments import MARK, Reason, prompt, repeated
from blogsite.benchmarks.faults.people import Memory
from blogsite.benchmarks.faults.worker_log import Attempt, attempts, recoveries, steps
from generation.failures import FailureCode
from generation.models import Generation

UNFINISHED = (Status.PENDING, Status.IN_PROGRESS)
# The most calls of one attempt: plan and its repeat, draft and its two retries, one repair. Trials do not verify.
CALLS_OF_AN_ATTEMPT = 6


@dataclass
class Evidence:
    """What a run leaves for the audit."""

    memory: Memory
    log: Path
    calls: list[dict[str, Any]]
    deaths: list[tuple[float, set[int]]]
    outages: list[tuple[float, float]]  # from when to when nobody could recover
    kinds: dict[str, int]
    missed: dict[str, int]
    over_budget: int  # how often a budget was seen over its limit
    refused: int  # requests that a budget had no room for


def audit(evidence: Evidence) -> dict[str, Any]:
    """Return the findings on the product's form."""
    all_attempts = attempts(evidence.log)
    generations = generations_by_mark()
    paid_again = repeated(evidence.calls, all_attempts, evidence.deaths, generations)
    budgets = audit_of_budgets(evidence.calls, all_attempts, generations, evidence.over_budget, evidence.refused)
    recovered = sorted(recoveries(all_attempts, evidence.deaths, evidence.outages))
    return {
        "lost": len(lost(evidence.memory)),
        "stuck": BlogPost.objects.filter(status__in=UNFINISHED).count(),
        "doubled_posts": doubled_posts(),
        "double_landings": double_landings(),
        "stale_landings": stale_landings(),
        "stale_writes_refused": sum(step.step in ("dropped", "lease_lost") for step in steps(evidence.log)),
        "human_texts_lost": human_texts_lost(evidence.memory),
        "given_up": Generation.objects.filter(failure_code=FailureCode.WORKER_LOST).count(),
        "model_calls": len(evidence.calls),
        "model_calls_allowed": calls_allowed(all_attempts),
        "paid_twice": paid_again[Reason.SILENCE],
        "paid_unreachable": paid_again[Reason.UNREACHABLE],
        **budgets,
        "recovery_median_s": round(median(recovered), 1) if recovered else None,
        "recovery_p95_s": round(recovered[int(0.95 * (len(recovered) - 1))], 1) if recovered else None,
        "recovery_max_s": round(recovered[-1], 1) if recovered else None,
        "kinds": dict(sorted(evidence.kinds.items())),
        "missed": dict(sorted(evidence.missed.items())),
    }


def generations_by_mark() -> dict[str, set[int]]:
    """Return the generations of each brief, by the mark in it."""
    found: dict[str, set[int]] = {}
    for pk, brief in Generation.objects.values_list("pk", "brief"):
        for mark in MARK.findall(brief)[:1]:
            found.setdefault(mark, set()).add(pk)
    return found


def lost(memory: Memory) -> set[int]:
    """Posts that were acknowledged and are missing, or are finished with neither a text nor a failure code."""
    expected = set(memory.posts) - memory.deleted
    accounted_for = {
        post.pk
        for post in BlogPost.objects.all()
        if post.status in UNFINISHED or post.content or (post.failure and post.failure["code"])
    }
    return expected - accounted_for


def doubled_posts() -> int:
    """Posts that a retried request created in addition to its first one."""
    created = Counter(Generation.objects.filter(number=1).values_list("brief", flat=True))
    return sum(created.values()) - len(created)


def double_landings() -> int:
    """Machine-written texts that went live more often than generations landed."""
    live = Counter(Revision.objects.filter(source=Revision.Source.AI).values_list("post_id", flat=True))
    landed = Counter(Generation.objects.filter(landing="landed").values_list("post_id", flat=True))
    return sum(abs(live[post] - landed[post]) for post in live | landed)


def stale_landings() -> int:
    """Texts that went live on another revision than the one of their request."""
    landed = Generation.objects.filter(landing="landed").select_related("revision")
    return sum(row.revision is None or row.revision.number != row.base_revision + 1 for row in landed)


def human_texts_lost(memory: Memory) -> int:
    """People's texts that are not kept anywhere, or not live although a person made the last change."""
    kept_texts = set(Revision.objects.filter(source=Revision.Source.HUMAN).values_list("post_id", "content"))
    kept_briefs = set(Generation.objects.values_list("post_id", "brief"))
    live = dict(BlogPost.objects.values_list("pk", "content"))
    existing = live.keys() - memory.deleted
    missing = [text for text in memory.texts if text[0] in existing and text not in kept_texts]
    missing += [brief for brief in memory.briefs if brief[0] in existing and brief not in kept_briefs]
    return len(missing) + overwritten(memory)


def overwritten(memory: Memory) -> int:
    live = dict(BlogPost.objects.values_list("pk", "content"))
    certain = memory.live.keys() & live.keys() - memory.deleted - memory.unsure
    return sum(live[post] != memory.live[post] for post in certain)


def calls_allowed(all_attempts: list[Attempt]) -> int:
    """The calls that the log accounts for: of finished texts, of failed attempts, of attempts cut short."""
    allowed = 0
    for attempt in all_attempts:
        end = attempt.ended
        if end is None or end.step in ("lease_lost", "handed_back", "lost"):
            allowed += CALLS_OF_AN_ATTEMPT  # in flight in a process that died or was stopped
        else:
            allowed += end.calls + (end.step == "failed")  # the call that failed is not in its usage
    return allowed


def audit_by_the_book(evidence: Evidence) -> dict[str, Any]:
    """Return the same findings on the by-the-book form, as far as its rows show them."""
    marks = Counter(mark for call in evidence.calls for mark in MARK.findall(prompt(call))[:1])
    sent = Counter(mark for _, brief in evidence.memory.briefs for mark in MARK.findall(brief)[:1])
    unfinished = BlogPost.objects.filter(status__in=UNFINISHED).exclude(pk__in=evidence.memory.deleted).count()
    return {
        "lost": len(lost(evidence.memory)),
        "stuck": unfinished,
        "doubled_posts": None,
        "double_landings": sum(marks[mark] > 1 for mark in sent),
        "stale_landings": None,
        "stale_writes_refused": 0,
        "human_texts_lost": overwritten(evidence.memory),
        "given_up": None,
        "model_calls": len(evidence.calls),
        "model_calls_allowed": sum(sent.values()),
        "paid_twice": None,
        "paid_unreachable": None,
        **dict.fromkeys(("over_budget", "refused_402", "reserved_at_end", "spent", "server_bill", "spent_at_most")),
        "recovery_median_s": None,
        "recovery_p95_s": None,
        "recovery_max_s": None,
        "kinds": dict(sorted(evidence.kinds.items())),
        "missed": dict(sorted(evidence.missed.items())),
    }
