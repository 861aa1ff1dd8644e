"""The page about money in a real browser: readable in light and dark, on a wide and on a narrow screen."""

from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.urls import reverse
from model_bakery import baker

from accounts.tests.baker_recipes import editor, writer
from blogsite.tests.browser.accessibility import what_is_missing
from blogsite.tests.browser.admin_tab import AdminTab
from generation.budgets.accounts import SELF_REGISTERED, SITE, account_of
from generation.budgets.periods import start_of, today
from generation.models import Budget, Spending

DJANGOS_OWN = {"contrast of Blogsite"}  # the header of its admin

pytestmark = pytest.mark.django_db(transaction=True)


def spend_a_lot() -> None:
    people = [account_of(user.pk) for user in writer.make(_quantity=3)]
    people += [account_of(writer.make(email=f"{'a-very-long-name-' * 6}@example.com").pk), "user:999999", SITE]
    for back in range(30):
        for place, account in enumerate(people):
            if (back * 7 + place * 3) % 5:
                model = "gpt-4o-mini" if place % 2 else "a-vendor/a-model-with-quite-a-long-name-2026-11-01"
                figures: dict[str, Any] = {"posts": 12 + place, "tokens": 81_000 * (place + 1), "uncertain": place // 4}
                cost = (back * 977 + place * 131) % 400 * 1_000
                baker.make(Spending, day=today() - timedelta(back), account=account, model=model, cost=cost, **figures)
    for account, kind, spent in (
        (SITE, Budget.Kind.DAY, 4_210_000),
        (SITE, Budget.Kind.MONTH, 31_337_000),
        (SELF_REGISTERED, Budget.Kind.DAY, 900_000),
    ):
        start = start_of(kind, today())
        baker.make(Budget, account=account, kind=kind, start=start, spent=spent, reserved=370_000)


def test_everybody_can_read_who_spends_what(page, live_server, settings):
    settings.OPENAI_API_KEY, settings.BUDGETS = "a-key", {"BUDGET_SITE_MONTH": Decimal(100)}
    spend_a_lot()
    tab = AdminTab(page, live_server.url, editor.make())

    tab.open(reverse("spending"))
    page.get_by_text("Figures by day").click()

    for scheme, width in product(("light", "dark"), (1280, 390)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})

        assert set(what_is_missing(page)) <= DJANGOS_OWN, (scheme, width)
