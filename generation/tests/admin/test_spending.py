"""The admin's page about money, and the alerts on its first page: for those who may see what everybody spends."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from model_bakery import baker
from pytest_django import Settings

from accounts.models import User
from accounts.tests.baker_recipes import editor, writer
from blogsite.testing.browsers import logged_in
from blogsite.testing.groups import member_of
from generation.admin.spending import MOST_USERS
from generation.budgets.accounts import SELF_REGISTERED, SITE, account_of
from generation.budgets.periods import end_of, start_of, today
from generation.budgets.sentences import not_bound
from generation.budgets.usage import DELETED, SITE_NAME, Level
from generation.models import Budget, Generation, Spending
from generation.reporting.budgets import ALERTS, NAMES, NO_PRICE, RESET

pytestmark = pytest.mark.django_db
SPENDING, FRONT = reverse("spending"), reverse("admin:index")


def accountant() -> User:
    user: User = writer.make(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_spending"))
    return user


def page(user: User, address: str = SPENDING) -> str:
    return " ".join(logged_in(user).get(address).content.decode().split())


def table(html: str, name: str) -> list[list[str]]:
    """Return the cells of a table's rows, without tags."""
    _, found, rest = html.partition(f'id="by-{name}"')
    body = re.search(r"<tbody>(.*?)</tbody>", rest)
    assert found
    assert body
    return [
        [re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row)]
        for row in body[1].split("</tr>")[:-1]
    ]


def spend(account: str, days_ago: int = 0, model: str = "gpt-4o-mini", **figures: Any) -> None:
    figures = {"posts": 2, "tokens": 1_500, "cost": 250_000} | figures
    baker.make(Spending, account=account, day=today() - timedelta(days=days_ago), model=model, **figures)


def budget(account: str, kind: Budget.Kind, spent: int, reserved: int = 0) -> None:
    baker.make(Budget, account=account, kind=kind, start=start_of(kind, today()), spent=spent, reserved=reserved)


@pytest.fixture
def paid(settings: Settings) -> Settings:
    """A paid provider, whose defaults give the site $5 a day."""
    settings.OPENAI_API_KEY = "test-key"
    return settings


def test_it_shows_users_models_and_days_of_the_period(paid):
    user, gone = writer.make(), writer.make()
    deleted = DELETED.format(id=gone.pk)
    spend(account_of(user.pk))
    spend(account_of(user.pk), days_ago=6, model="<free>", cost=0, uncertain=2)
    spend(account_of(gone.pk), days_ago=6, cost=2_500_000)
    spend(SITE, days_ago=7)
    gone.delete()

    html = page(editor.make(), f"{SPENDING}?days=7")

    assert table(html, "user") == [
        [deleted, "$2.50", "2", "1,500", "0"], [user.email, "$0.25", "4", "3,000", "2"],
    ]  # fmt: skip
    assert f'href="{reverse("admin:accounts_user_change", args=[user.pk])}"' in html
    assert table(html, "model") == [
        ["gpt-4o-mini", "$2.75", "4", "3,000", "0"], ["&lt;free&gt;", NO_PRICE, "2", "1,500", "2"],
    ]  # fmt: skip
    days = table(html, "day")
    assert (len(days), [row[1] for row in days if row[2] != "0"]) == (7, ["$2.50", "$0.25"])
    assert html.count('<rect class="spent"') == 2 + 2  # days, and budgets with a limit
    assert "$2.75 in 7 days" in html
    assert [row[0] for row in table(page(editor.make()), "user")] == [deleted, user.email, SITE_NAME]


@pytest.mark.parametrize("days", ["", "?days=90", "?days=8", "?days=x&days=-1"])
def test_a_period_that_is_not_offered_is_thirty_days(days):
    assert len(table(page(editor.make(), f"{SPENDING}{days}"), "day")) == (90 if "90" in days else 30)


def test_it_shows_the_sites_budgets_and_when_they_start_again(paid):
    budget(SITE, Budget.Kind.DAY, 1_250_000, 500_000)
    budget(SITE, Budget.Kind.MONTH, 31_000_000, 500_000)
    budget(SELF_REGISTERED, Budget.Kind.DAY, 400_000, 100_000)

    html = page(editor.make())

    figures = re.findall(r"</span>(Spent|Reserved)</dt><dd>(.*?)</dd>|<dt>(Limit|Left)</dt><dd>(.*?)</dd>", html)
    assert [one[1] or one[3] for one in figures] == [
        "$1.25", "$0.50", "$5.00", "$3.25", "$31.00", "$0.50", "no limit", "$0.40", "$0.10", "$2.50", "$2.00",
    ]  # fmt: skip
    assert re.findall(r'class="(?:spent|reserved)" (?:x="\d+" )?width="(\d+)"', html) == ["250", "100", "160", "40"]
    assert html.count(f"Starts again {end_of(Budget.Kind.DAY, today()):%-d %b, %H:%M} UTC") == 2


def test_models_without_a_price_are_named(paid):
    paid.OPENAI_MODEL = "nobody-knows"

    assert escape(not_bound()) in page(editor.make())


def test_it_costs_the_same_for_many_users_and_reads_no_generation(paid, django_assert_num_queries):
    for user in writer.make(_quantity=MOST_USERS + 1):
        spend(account_of(user.pk))
    client = logged_in(editor.make())
    client.get(SPENDING)
    cache.clear()

    # Session, user, sidebar, days, budgets, users, names, models, house style.
    with django_assert_num_queries(9) as found:
        html = client.get(SPENDING).content.decode()
    assert not [query for query in found.captured_queries if Generation._meta.db_table in query["sql"]]
    assert len(table(" ".join(html.split()), "user")) == MOST_USERS
    with django_assert_num_queries(4):  # session, user, sidebar, budgets: the sums are kept for a few seconds
        client.get(SPENDING)


def test_who_has_the_right_alone_sees_names_without_links_and_finds_the_page(paid):
    user, me = writer.make(), accountant()
    spend(account_of(user.pk))

    html = page(me)

    assert user.email in html
    assert reverse("admin:accounts_user_change", args=[user.pk]) not in html
    assert SPENDING in page(me, FRONT)


@pytest.mark.parametrize("group", ["Writers", "Editors"])
def test_others_see_neither_the_page_nor_its_link_nor_an_alert(paid, group):
    budget(SITE, Budget.Kind.DAY, 4_999_999)
    user = member_of(group)

    assert logged_in(user).get(SPENDING).status_code == 403
    html = page(user, FRONT)
    assert SPENDING not in html
    assert NAMES[SITE, Budget.Kind.DAY] not in html


def test_strangers_are_sent_to_the_login():
    assert Client().get(SPENDING)["Location"].partition("?")[0] == "/admin/login/"


@pytest.mark.parametrize(
    ("spent", "level"),
    [(3_999_999, None), (4_000_000, Level.NEARLY_SPENT), (4_999_999, Level.EXHAUSTED)],
)
def test_the_first_page_warns_when_little_is_left_and_says_when_it_starts_again(paid, spent, level):
    budget(SITE, Budget.Kind.DAY, spent)

    html = page(accountant(), FRONT).replace("&#x27;", "'")

    sentences = {
        one: ALERTS[one].format(
            name=NAMES[SITE, Budget.Kind.DAY],
            spent="$4.00" if one == Level.NEARLY_SPENT else "$5.00",
            limit="$5.00",
            reserved="$0.00",
            reset=RESET.format(end_of(Budget.Kind.DAY, today())),
        )
        for one in ALERTS
    }
    assert [one for one, sentence in sentences.items() if sentence in html] == ([level] if level else [])
    assert html.count(NAMES[SITE, Budget.Kind.DAY]) == (1 if level else 0)


def test_what_is_reserved_exhausts_a_budget_too(paid):
    budget(SELF_REGISTERED, Budget.Kind.DAY, 0, 2_500_000)

    html = page(accountant(), FRONT).replace("&#x27;", "'")

    assert f"{NAMES[SELF_REGISTERED, Budget.Kind.DAY]} has no room" in html


def test_a_model_that_is_free_exhausts_no_budget(settings):
    settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL = ""
    budget(SITE, Budget.Kind.DAY, 90_000_000)

    assert NAMES[SITE, Budget.Kind.DAY] not in page(accountant(), FRONT).replace("&#x27;", "'")
