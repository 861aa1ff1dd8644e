"""`manage.py spending`: who spends what, and what the site's budgets have left."""

import json
from argparse import ArgumentParser
from datetime import UTC, date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.table import Column, Table
from rich.text import Text

from generation.budgets.limits import without_price
from generation.budgets.money import dollars
from generation.budgets.sentences import not_bound
from generation.budgets.usage import By, SpendingSum, Standing, named, standings_of_site, sums
from generation.management.arguments import duration
from generation.management.terminal import console
from generation.reporting.budgets import caption, cost_of, price

BY: dict[str, By] = {"user": "account", "model": "model", "day": "day"}
NOTHING = "Nothing was spent since {since}."
TITLE = "Spending since {since}, UTC"
BUDGETS = "Budgets"
UNCERTAIN = "Uncertain: the cost is the most that it can be, or has no price."


class Command(BaseCommand):
    help = (
        "Shows what was spent by each user, model or day, what is reserved now, and what the site's budgets have left."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", choices=BY, default="user")
        parser.add_argument(
            "--since",
            metavar="TIME",
            type=duration,
            default="7d",
            help="How far back, such as 12h, 7d or 2w; the whole of the first day, UTC. 7d by default.",
        )
        parser.add_argument("--json", action="store_true", help="Print one line of JSON instead.")

    def handle(self, *args: Any, **options: Any) -> None:
        since = (timezone.now() - options["since"]).astimezone(UTC).date()
        rows, standings = rows_by(options["by"], since), standings_of_site()
        if options["json"]:
            self.stdout.write(as_json(options["by"], since, rows, standings))
            return
        terminal = console(self.stdout)
        if rows:
            terminal.print(spending_table(options["by"], since, rows))
        else:
            terminal.print(NOTHING.format(since=since))
        if any(row.uncertain for _, row in rows):
            terminal.print(UNCERTAIN)
        terminal.print(budgets_table(standings))
        if sentence := not_bound():
            terminal.print(Text(sentence))


def rows_by(by: str, since: date) -> list[tuple[str, SpendingSum]]:
    """Return sums, each with what it is called."""
    found = sums(BY[by], since)
    names = named(str(row.key) for row in found) if by == "user" else {}
    return [(names[str(row.key)].name if names else str(row.key), row) for row in found]


def spending_table(by: str, since: date, rows: list[tuple[str, SpendingSum]]) -> Table:
    table = table_of(TITLE.format(since=since), by, "posts", "tokens", "cost", "uncertain")
    for name, row in rows:
        table.add_row(Text(name), f"{row.posts:,}", f"{row.tokens:,}", cost_of(row), f"{row.uncertain:,}")
    return table


def budgets_table(standings: list[Standing]) -> Table:
    table = table_of(BUDGETS, "budget", "spent", "reserved now", "limit", "left", "starts again (UTC)")
    for one in standings:
        amounts = [price(amount) for amount in (one.spent, one.reserved, one.limit)]
        left = "-" if one.left is None else price(one.left)
        table.add_row(caption(one), *amounts, left, f"{one.resets_at:%Y-%m-%d %H:%M}")
    return table


def table_of(title: str, text: str, *numbers: str) -> Table:
    columns = [Column(text, overflow="fold"), *(Column(name, justify="right") for name in numbers)]
    return Table(*columns, title=title, title_justify="left")


def as_json(by: str, since: date, rows: list[tuple[str, SpendingSum]], standings: list[Standing]) -> str:
    """Return all that the tables show in one line; money in US dollars, as in the API."""
    found = {
        "since": since.isoformat(),
        "spending": [
            {
                by: name,
                "posts": row.posts,
                "calls": row.calls,
                "tokens": row.tokens,
                "cost": str(dollars(row.cost)),
                "uncertain": row.uncertain,
            }
            for name, row in rows
        ],
        "budgets": [
            {
                "account": one.account,
                "period": one.kind.value,
                **{name: amount_of(getattr(one, name)) for name in ("spent", "reserved", "limit", "left")},
                "resets_at": one.resets_at.isoformat(),
            }
            for one in standings
        ],
        "without_price": without_price(),
    }
    return json.dumps(found)


def amount_of(amount: int | None) -> str | None:
    return None if amount is None else str(dollars(amount))
