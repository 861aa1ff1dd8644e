"""The page about money: the site's budgets, and what was spent by day, user and model."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from blogs.admin.pages import current_user
from blogs.models import BlogPost
from generation.budgets.periods import today
from generation.budgets.sentences import not_bound
from generation.budgets.usage import PERMISSION, SpendingSum, Standing, named, next_post, standings_of_site, sums
from generation.receivers import most_used_by
from generation.reporting.budgets import alert, caption, cost_of, price
from generation.reporting.kept import kept

PERIODS, DEFAULT = (7, 30, 90), 30  # days
MOST_USERS = 100  # on the page
KEPT_FOR = 5.0  # seconds; the sums are over all users and days
WIDTH, GAP, HEIGHT = 12, 4, 100  # of a bar, in units of the chart
WHOLE = 1000  # the limit, in units of a budget's bar


@dataclass(frozen=True)
class BudgetBar:
    """A budget with its bar."""

    standing: Standing
    alert: str

    @property
    def caption(self) -> str:
        return caption(self.standing)

    @property
    def figures(self) -> dict[str, str]:
        return {name: price(getattr(self.standing, name)) for name in ("spent", "reserved", "limit", "left")}

    @property
    def spent(self) -> int:
        return self.width(self.standing.spent)

    @property
    def reserved(self) -> int:
        return self.width(self.standing.spent + self.standing.reserved) - self.spent

    def width(self, amount: int) -> int:
        limit = self.standing.limit
        return min(WHOLE, amount * WHOLE // limit) if limit else WHOLE if amount else 0


@dataclass(frozen=True)
class Row:
    """A row of a table, and a bar of the chart."""

    name: str
    sums: SpendingSum
    user_id: int | None = None
    x: int = 0
    height: int = 0

    @property
    def cost(self) -> str:
        return cost_of(self.sums)

    @property
    def top(self) -> int:
        return HEIGHT - self.height


def page(request: HttpRequest) -> HttpResponse:
    """Show it for the last `days`.

    Raises:
        PermissionDenied: the user may not see what everybody spends.
    """
    user = current_user(request)
    if not user.has_perm(PERMISSION):
        raise PermissionDenied
    days = next((days for days in PERIODS if str(days) == request.GET.get("days")), DEFAULT)
    since = today() - timedelta(days=days - 1)
    by_day, by_user, by_model = kept(f"generation:spending:{since}", lambda: tables(since, days), KEPT_FOR)
    standings, amount = standings_of_site(), next_post(most_used_by(BlogPost()))
    context = {
        "title": "Spending",
        "budgets": [BudgetBar(one, alert(one, amount)) for one in standings],
        "unbound": not_bound(),
        "days": days,
        "periods": PERIODS,
        "total": price(sum(row.sums.cost for row in by_day)),
        "chart": {"width": days * (WIDTH + GAP) - GAP, "height": HEIGHT, "bar": WIDTH, "whole": WHOLE},
        "by_day": by_day,
        "tables": [("User", by_user), ("Model", by_model)],
        "most_users": MOST_USERS,
        "sees_users": user.has_perm("accounts.view_user"),
    }
    return TemplateResponse(request, "generation/spending.html", {**admin.site.each_context(request), **context})


def tables(since: date, days: int) -> tuple[list[Row], list[Row], list[Row]]:
    return chart(since, days), rows_by_user(since), rows_by_model(since)


def chart(since: date, days: int) -> list[Row]:
    """Return a row for each day, oldest first, none left out."""
    found = {row.key: row for row in sums("day", since)}
    most = max((row.cost for row in found.values()), default=0)
    rows = []
    for index in range(days):
        day = since + timedelta(days=index)
        row = found.get(day) or SpendingSum(day, 0, 0, 0, 0, 0)
        height = max(2, row.cost * (HEIGHT - 4) // most) if row.cost else 0
        rows.append(Row(f"{day:%-d %b}", row, x=index * (WIDTH + GAP), height=height))
    return rows


def rows_by_user(since: date) -> list[Row]:
    found = sums("account", since, most=MOST_USERS)
    names = named(str(row.key) for row in found)
    return [Row(payer.name, row, payer.user_id) for row in found for payer in [names[str(row.key)]]]


def rows_by_model(since: date) -> list[Row]:
    return [Row(str(row.key), row) for row in sums("model", since)]
