"""The site's budgets as people read them: captions, and alerts when little is left."""

from generation.budgets import money
from generation.budgets.accounts import SELF_REGISTERED, SITE
from generation.budgets.usage import Level, SpendingSum, Standing
from generation.models import Budget
from generation.reporting.formatting import dollars

NO_PRICE = "no price"
NO_LIMIT = "no limit"
CAPTIONS = {
    (SITE, Budget.Kind.DAY): "Site, today",
    (SITE, Budget.Kind.MONTH): "Site, this month",
    (SELF_REGISTERED, Budget.Kind.DAY): "Self-registered users, today",
}
NAMES = {
    (SITE, Budget.Kind.DAY): "The site's budget for today",
    (SITE, Budget.Kind.MONTH): "The site's budget for this month",
    (SELF_REGISTERED, Budget.Kind.DAY): "The share of self-registered users in today's budget",
}
ALERTS = {
    Level.NEARLY_SPENT: "{name} is nearly spent: {spent} of {limit}, and {reserved} is reserved. {reset}",
    Level.EXHAUSTED: "{name} has no room for another post: {spent} of {limit} is spent, and {reserved} is reserved. "
    "Requests get 402. {reset}",
}
RESET = "It starts again at {:%Y-%m-%d %H:%M} UTC."


def caption(standing: Standing) -> str:
    return CAPTIONS[standing.account, standing.kind]


def alert(standing: Standing, next_post: int) -> str:
    """Return a sentence about a budget that is nearly spent or exhausted; empty while it is neither.

    Args:
        next_post: what another post would reserve, in millionths of a US dollar.
    """
    return ALERTS.get(standing.level(next_post), "").format(
        name=NAMES[standing.account, standing.kind],
        spent=price(standing.spent),
        limit=price(standing.limit),
        reserved=price(standing.reserved),
        reset=RESET.format(standing.resets_at),
    )


def alerts(standings: list[Standing], next_post: int) -> list[str]:
    """Return the sentences about all of these."""
    return [sentence for standing in standings if (sentence := alert(standing, next_post))]


def price(amount: int | None) -> str:
    """Return millionths of a US dollar as people read them."""
    return NO_LIMIT if amount is None else dollars(money.dollars(amount))


def cost_of(one: SpendingSum) -> str:
    """Return what generations have cost; without any cost those that are uncertain had no price."""
    return NO_PRICE if one.uncertain and not one.cost else price(one.cost)
