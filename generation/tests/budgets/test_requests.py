"""How far each limit lets requests go, one after another and at once, and what frees a reservation."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost
from blogs.refusals import PostsExhausted, QueueShareFull
from generation.budgets.accounts import SELF_REGISTERED, SITE, account_of
from generation.budgets.money import dollars
from generation.models import Budget, Generation
from generation.queue.fetch import fetch_due

POSTS, BODY = "/api/v1/blogs", {"title": "Bread", "content": "flour; water; patience"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def price(settings: Any, as_user: Any) -> int:
    """Have a paid model write, without limits, and return what a request for BODY reserves."""
    settings.OPENAI_API_KEY = "a-key"
    settings.BUDGETS = dict.fromkeys(("BUDGET_USER_DAY", "BUDGET_SITE_DAY"))
    with_text = as_user(writer.make()).post(POSTS, BODY).json()["blog"]["id"]
    price = Generation.objects.get(post=with_text).reserved
    BlogPost.objects.filter(pk=with_text).delete()
    assert price > 0
    return price


def limit(settings: Any, name: str, amount: int) -> None:
    settings.BUDGETS = {**settings.BUDGETS, name: dollars(amount)}


def reserved(account: str) -> int:
    return sum(Budget.objects.filter(account=account, kind=Budget.Kind.DAY).values_list("reserved", flat=True))


def statuses(client: Any, number: int) -> list[int]:
    return [client.post(POSTS, BODY).status_code for _ in range(number)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["BUDGET_USER_DAY", "BUDGET_SITE_DAY"])
def test_of_a_hundred_requests_of_sixteen_clients_a_budget_for_eight_accepts_eight(settings, as_user, price, name):
    limit(settings, name, 8 * price + price // 2)
    user = writer.make()

    def post(_: int) -> int:
        try:
            return int(as_user(user).post(POSTS, BODY).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:
        answers = Counter(threads.map(post, range(100)))

    assert answers == {201: 8, 402: 92}
    assert reserved(SITE) == reserved(account_of(user.pk)) == 8 * price
    assert BlogPost.objects.count() == Generation.objects.count() == 8


def test_who_fills_the_queue_is_refused_and_another_is_accepted_and_next(settings, as_user):
    settings.QUEUE_USER_LIMIT = 3
    flood, other = as_user(writer.make()), writer.make()

    answers = [flood.post(POSTS, BODY) for _ in range(4)]
    fetch_due(1, "host:1")  # one of the flood is being written

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert answers[-1].json()["type"] == f"/problems/{QueueShareFull.problem}"
    assert int(answers[-1]["Retry-After"]) > 0
    wanted = as_user(other).post(POSTS, BODY)
    assert wanted.status_code == 201
    assert [claim.post_id for claim in fetch_due(1, "host:1")] == [wanted.json()["blog"]["id"]]


def test_a_days_posts_are_counted_for_the_embedded_model_too(settings, as_user):
    settings.POSTS_USER_DAY = 2
    user = writer.make()
    client = as_user(user)
    post = client.post(POSTS, BODY).json()["blog"]["id"]

    assert client.post(f"{POSTS}/{post}/regenerate").status_code == 202
    refused = client.post(POSTS, BODY)

    assert (refused.status_code, refused.json()["type"]) == (429, f"/problems/{PostsExhausted.problem}")
    assert 0 < int(refused["Retry-After"]) <= 86400
    assert statuses(as_user(writer.make()), 1) == [201]


@pytest.mark.parametrize(
    ("of_all", "own", "accepted"), [(None, None, 3), (1, None, 1), (1, 2, 2), (None, 1, 1), (9, 0, 0)]
)
def test_a_users_own_number_of_posts_counts_before_the_settings(settings, as_user, of_all, own, accepted):
    settings.POSTS_USER_DAY = of_all

    answers = statuses(as_user(writer.make(posts_day=own)), 3)

    assert answers == [201] * accepted + [429] * (3 - accepted)


@pytest.mark.parametrize(("of_all", "own", "status"), [(1, 5, 201), (1, None, 402), (10**8, 0, 402), (None, 5, 201)])
def test_a_users_own_budget_counts_before_the_settings(settings, as_user, price, of_all, own, status):
    settings.BUDGETS = {**settings.BUDGETS, "BUDGET_USER_DAY": None if of_all is None else dollars(of_all)}

    assert statuses(as_user(writer.make(budget_day=own)), 1) == [status]


def test_the_self_registered_have_half_of_the_sites_day_together_and_the_invited_all_that_is_left(
    settings, as_user, price
):
    limit(settings, "BUDGET_SITE_DAY", 4 * price)
    strangers = writer.make(is_self_registered=True, _quantity=2)

    assert [statuses(as_user(user), 1) for user in strangers] == [[201], [201]]
    assert statuses(as_user(strangers[0]), 1) == [402]
    assert statuses(as_user(writer.make(is_self_registered=False)), 3) == [201, 201, 402]
    assert (reserved(SELF_REGISTERED), reserved(SITE)) == (2 * price, 4 * price)


def test_of_a_post_that_is_regenerated_twice_one_generation_holds_a_reservation(settings, as_user, price):
    limit(settings, "BUDGET_USER_DAY", price + price // 2)
    user = writer.make()
    client = as_user(user)
    post = client.post(POSTS, BODY).json()["blog"]["id"]

    answers = [client.post(f"{POSTS}/{post}/regenerate").status_code for _ in range(2)]

    assert answers == [202, 202]
    assert reserved(account_of(user.pk)) == reserved(SITE) == price
    assert sum(Generation.objects.values_list("reserved", flat=True)) == price


ENDS = {
    "cancelled": lambda client, post, user: client.post(f"{POSTS}/{post}/cancel"),
    "deleted": lambda client, post, user: client.delete(f"{POSTS}/{post}"),
    "owner deactivated": lambda client, post, user: call_command("deactivate", user.email, verbosity=0),
    "owner deactivated in the admin": lambda client, post, user: deactivate(user),
}


def deactivate(user: User) -> None:
    user.is_active = False
    user.save()


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("is_fetched", [False, True])
def test_an_end_that_a_person_makes_frees_what_was_reserved(
    as_user, price, end, is_fetched, django_capture_on_commit_callbacks
):
    user = writer.make()
    client = as_user(user)
    post = client.post(POSTS, BODY).json()["blog"]["id"]
    assert reserved(SITE) == price
    if is_fetched:
        fetch_due(1, "host:1")

    with django_capture_on_commit_callbacks(execute=True):
        ENDS[end](client, post, user)

    assert reserved(account_of(user.pk)) == reserved(SITE) == 0
    assert not Generation.objects.filter(reserved__gt=0).exists()
