"""Budgets: is enough of the site's left, do they bind every model that costs money, and are their sums right?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from blogs.models import BlogPost
from generation.budgets.recount import Drift, drifts
from generation.budgets.sentences import not_bound
from generation.budgets.usage import Standing, next_post, standings_of_site
from generation.doctor.findings import Finding, ok, warning
from generation.receivers import most_used_by
from generation.reporting.budgets import alerts, caption, price

FIX_ALERT = "`manage.py spending` shows who spends; raise BUDGET_SITE_DAY or BUDGET_SITE_MONTH, or wait."
FIX_PRICE = "Run `manage.py prices`, or add it to MODEL_PRICES."
DRIFT = (
    "{number} of the budgets hold another sum than their unfinished posts, first {account} ({period} from {start}):"
    " {reserved}, not {unfinished}. Rows were deleted by SQL, or restored alone."
)
FIX_DRIFT = "A running worker corrects that within ten minutes, and says so in its log."


def budgets() -> Iterator[Finding]:
    standings = standings_of_site()
    problems = [warning("budgets", one, FIX_ALERT) for one in alerts(standings, next_post(most_used_by(BlogPost())))]
    if sentence := not_bound():
        problems.append(warning("budgets", sentence, FIX_PRICE))
    if wrong := drifts():
        problems.append(warning("budgets", sentence_of(wrong), FIX_DRIFT))
    yield from problems or [ok("budgets", summary(standings[0]))]


def sentence_of(wrong: Sequence[Drift]) -> str:
    (account, period, start), (reserved, unfinished) = wrong[0].budget, wrong[0].shown
    return DRIFT.format(
        number=len(wrong), account=account, period=period, start=start, reserved=reserved, unfinished=unfinished
    )


def summary(standing: Standing) -> str:
    limit = price(standing.limit) if standing.limit is None else f"of {price(standing.limit)}"
    return f"{caption(standing)}: {price(standing.spent)} spent, {price(standing.reserved)} reserved, {limit}."
