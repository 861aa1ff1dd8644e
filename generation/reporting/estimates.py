"""Estimates of tokens, cost and minutes before posts are generated, from the latest generations."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from django.conf import settings
from django.utils import timezone

from generation.costs import Usage, cost
from generation.llm.providers import Provider, configured_provider
from generation.models import Generation, State
from generation.prices.table import known_prices

LATEST = 200  # completed generations that are looked at
RECENT = timedelta(hours=1)
# For a model without completed generations: the lengths of the prompts and of the texts they ask for; seconds per post.
TYPICAL = {
    "large": (Usage(prompt_tokens=2_500, completion_tokens=2_000, calls=2), 40.0),
    "small": (Usage(prompt_tokens=350, completion_tokens=800, calls=7), 20.0),
}
VERIFICATION = Usage(prompt_tokens=1_500, completion_tokens=100, calls=1)  # notes and draft, and a few sentences of it


@dataclass(frozen=True)
class Estimate:
    """Args:
    model: whose tokens and price these are.
    tokens: in and out.
    cost: US dollars, or None when the price of the model is not known.
    minutes: from the start of the first to the end of the last, if nothing else is in the queue.
    is_measured: False when the model has no completed generations yet, so that typical values are used.
    """

    posts: int
    model: str
    tokens: int
    cost: Decimal | None
    minutes: float
    is_measured: bool


@dataclass(frozen=True)
class Run:
    """What one completed generation took."""

    usage: Usage
    cost: Decimal | None
    started_at: datetime
    finished_at: datetime

    @property
    def seconds(self) -> float:
        return (self.finished_at - self.started_at).total_seconds()


def estimates(posts: Mapping[str, int]) -> list[Estimate]:
    """Return an estimate for each model that is going to write, the one with the most posts first.

    Args:
        posts: how many, by the model that is chosen for them; "" is the default.
    """
    numbers: Counter[str] = Counter()
    for chosen, number in posts.items():
        numbers[configured_provider(chosen).model] += number
    return [estimate(number, model) for model, number in numbers.most_common()]


def estimate(posts: int, model: str = "") -> Estimate:
    """Return what it would take to generate so many posts with a model, by default the configured one.

    Tokens are the medians of its latest completed generations, with all their attempts; the price is today's. Without
    such generations typical values for the profile of the model are used.

    The rate is that of the last hour while anything was in progress, if there was enough of it to fill all slots twice;
    else all slots are assumed to work in parallel, each post taking the median time.
    """
    provider = configured_provider(model)
    runs = latest_runs(provider)
    usage, seconds = per_post(provider, runs)
    # Of a model that answers instead of the configured one, or a server that does not count, nothing is known before.
    is_unknown = bool(runs) and all(run.cost is None for run in runs)
    price = None if is_unknown else cost(provider.model, usage, known_prices())
    return Estimate(
        posts=posts,
        model=provider.model,
        tokens=posts * (usage.prompt_tokens + usage.completion_tokens),
        cost=None if price is None else posts * price,
        minutes=posts * seconds_between_posts(runs, seconds) / 60,
        is_measured=bool(runs),
    )


def latest_runs(provider: Provider) -> list[Run]:
    finished = Generation.objects.filter(status=State.COMPLETED, provider=provider.name, model=provider.model)
    spent = ("prompt_tokens", "completion_tokens", "cached_tokens", "calls")
    rows = finished.exclude(started_at=None).exclude(finished_at=None).order_by("-id")
    latest = rows.values_list(*spent, "cost", "started_at", "finished_at")[:LATEST]
    return [Run(Usage(*row[:4]), *row[4:]) for row in latest]


def per_post(provider: Provider, runs: list[Run]) -> tuple[Usage, float]:
    """Return what one post spends, and its seconds."""
    if not runs:
        usage, seconds = TYPICAL[provider.profile]
        is_verified = settings.GENERATION_VERIFY and provider.profile == "large"
        return (usage + VERIFICATION if is_verified else usage), seconds
    spent = Usage(
        prompt_tokens=round(median(run.usage.prompt_tokens for run in runs)),
        completion_tokens=round(median(run.usage.completion_tokens for run in runs)),
        cached_tokens=round(median(run.usage.cached_tokens for run in runs)),
        calls=round(median(run.usage.calls for run in runs)),
    )
    return spent, median(run.seconds for run in runs)


def seconds_between_posts(runs: list[Run], seconds: float) -> float:
    slots: int = settings.GENERATION_WORKERS * settings.GENERATION_CONCURRENCY
    recent = [run for run in runs if run.finished_at > timezone.now() - RECENT]
    if len(recent) >= 2 * slots and (busy := busy_seconds(recent)):
        return busy / len(recent)
    return seconds / slots


def busy_seconds(runs: list[Run]) -> float:
    """Return for how long at least one of `runs` was in progress."""
    busy, until = timedelta(), None
    for run in sorted(runs, key=lambda run: run.started_at):
        begin = run.started_at if until is None else max(run.started_at, until)
        busy += max(run.finished_at - begin, timedelta())
        until = run.finished_at if until is None else max(run.finished_at, until)
    return busy.total_seconds()
