"""The site's budgets: is there enough left, and do they bind every model that costs money?"""

from __future__ import annotations

from collections.abc import Iterator

from blogs.models import BlogPost
from generation.budgets.sentences import not_bound
from generation.budgets.usage import Standing, next_post, standings_of_site
from generation.doctor.findings import Finding, ok, warning
from generation.receivers import most_used_by
from generation.reporting.budgets import alerts, caption, price

FIX_ALERT = "`manage.py spending` shows who spends; raise BUDGET_SITE_DAY or BUDGET_SITE_MONTH, or wait."
FIX_PRICE = "Run `manage.py prices`, or add it to MODEL_PRICES."


def budgets() -> Iterator[Finding]:
    standings = standings_of_site()
    problems = [warning("budgets", one, FIX_ALERT) for one in alerts(standings, next_post(most_used_by(BlogPost())))]
    if sentence := not_bound():
        problems.append(warning("budgets", sentence, FIX_PRICE))
    yield from problems or [ok("budgets", summary(standings[0]))]


def summary(standing: Standing) -> str:
    limit = price(standing.limit) if standing.limit is None else f"of {price(standing.limit)}"
    return f"{caption(standing)}: {price(standing.spent)} spent, {price(standing.reserved)} reserved, {limit}."
