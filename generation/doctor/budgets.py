"""Budgets: is enough of the site's left, do they bind what costs money, and are their sums right?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from blogs.models import BlogPost
from generation.budgets.recount import Drift, drifts
from generation.budgets.sentences import not_bound
from generation.budgets.usage import Standing, next_post, standings_of_site
from generation.costs import price_of
from generation.doctor.findings import Finding, ok, warning
from generation.models import Generation
from generation.prices.table import known_prices
from generation.receivers import most_used_by
from generation.reporting.budgets import alerts, caption, price

FIX_ALERT = "`manage.py spending` shows who spends; raise BUDGET_SITE_DAY or BUDGET_SITE_MONTH, or wait."
FIX_PRICE = "Run `manage.py prices`, or add it to MODEL_PRICES."
DRIFT = (
    "{number} of the budgets hold another sum than their unfinished posts, first {account} ({period} from {start}):"
    " {reserved}, not {unfinished}. Rows were deleted by SQL, or restored alone."
)
LOOKED_AT = 200  # generations, the newest
DEARER = "{model} was answered by {names}, which costs more: a post's first call can pass what is reserved for it."
FIX_DEARER = "Set the model to the one that answers, or give {model} the price of the dearest in MODEL_PRICES."
FIX_DRIFT = "A running worker corrects that within ten minutes, and says so in its log."


def budgets() -> Iterator[Finding]:
    standings = standings_of_site()
    problems = [warning("budgets", one, FIX_ALERT) for one in alerts(standings, next_post(most_used_by(BlogPost())))]
    if sentence := not_bound():
        problems.append(warning("budgets", sentence, FIX_PRICE))
    if wrong := drifts():
        problems.append(warning("budgets", sentence_of(wrong), FIX_DRIFT))
    problems += [
        warning("budgets", DEARER.format(model=model, names=", ".join(names)), FIX_DEARER.format(model=model))
        for model, names in dearer_answers().items()
    ]
    yield from problems or [ok("budgets", summary(standings[0]))]


def dearer_answers() -> dict[str, list[str]]:
    """Return which models have lately answered although a cheaper one was requested, by the requested ones."""
    newest = Generation.objects.order_by("-pk").values_list("model", "provenance")[:LOOKED_AT]
    prices = known_prices()
    found: dict[str, list[str]] = {}
    for model, provenance in newest:
        for name in provenance.get("answered_by", ()):
            answered, requested = (price_of(one, model, prices) for one in (name, model))
            is_dearer = answered and requested and any(a > b for a, b in zip(answered[:4], requested[:4], strict=True))
            if is_dearer and name not in found.setdefault(model, []):
                found[model].append(name)
    return {model: names for model, names in found.items() if names}


def sentence_of(wrong: Sequence[Drift]) -> str:
    (account, period, start), (reserved, unfinished) = wrong[0].budget, wrong[0].shown
    return DRIFT.format(
        number=len(wrong), account=account, period=period, start=start, reserved=reserved, unfinished=unfinished
    )


def summary(standing: Standing) -> str:
    limit = price(standing.limit) if standing.limit is None else f"of {price(standing.limit)}"
    return f"{caption(standing)}: {price(standing.spent)} spent, {price(standing.reserved)} reserved, {limit}."
