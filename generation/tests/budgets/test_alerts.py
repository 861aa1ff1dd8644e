"""The lines in the log when most of a budget is spent, or more than was reserved."""

from typing import Any

import pytest
from model_bakery import baker

from blogsite.testing.posts import MODEL, finished_text, request_post
from generation.budgets.accounts import SITE
from generation.budgets.alerts import ALERT_AT, BEYOND, NEARLY_SPENT
from generation.budgets.money import dollars, most_of
from generation.budgets.periods import today
from generation.costs import Usage
from generation.models import Budget, Generation
from generation.prices.table import known_prices
from generation.queue import transitions
from generation.queue.fetch import fetch_due
from generation.tests.baker_recipes import waiting

pytestmark = pytest.mark.django_db
LIMIT = 5_000_000


@pytest.fixture
def day() -> Budget:
    row: Budget = baker.make(
        Budget, account=SITE, kind=Budget.Kind.DAY, start=today(), spent=3_000_000, reserved=2_000_000, allowed=LIMIT
    )
    return row


def cancel_one_that_spent(amount: int, as_user: Any, on_commit: Any) -> None:
    figures: dict[str, Any] = {
        "accounts": SITE,
        "charged_on": today(),
        "reserved": amount,
        "spent_at_most": amount,
        "calls": 1,
    }
    generation = waiting.make(**figures)
    with on_commit(execute=True):
        answer = as_user(generation.post.owner).post(f"/api/v1/blogs/{generation.post_id}/cancel")
    assert answer.status_code == 200


def alerts(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.msg == NEARLY_SPENT]


def test_it_comes_once_when_most_is_spent_and_not_before_or_again(
    day, as_user, caplog, django_capture_on_commit_callbacks
):
    cancel_one_that_spent(999_999, as_user, django_capture_on_commit_callbacks)
    assert alerts(caplog) == []

    cancel_one_that_spent(1, as_user, django_capture_on_commit_callbacks)
    figures = SITE, "day", today(), dollars(4_000_000), dollars(LIMIT), ALERT_AT
    assert alerts(caplog) == [NEARLY_SPENT % figures]

    cancel_one_that_spent(900_000, as_user, django_capture_on_commit_callbacks)
    day.refresh_from_db()
    assert (day.spent, day.reserved) == (4_900_000, 100_000)
    assert len(alerts(caplog)) == 1


def test_nothing_is_logged_without_a_limit(day, as_user, caplog, django_capture_on_commit_callbacks):
    Budget.objects.update(allowed=None)

    cancel_one_that_spent(2_000_000, as_user, django_capture_on_commit_callbacks)

    assert alerts(caplog) == []


@pytest.mark.parametrize(("answered_by", "is_beyond"), [("gpt-4o-2024-08-06", True), (MODEL, False)])
def test_what_a_dearer_model_answered_is_spent_in_full_and_said_once(
    answered_by, is_beyond, settings, caplog, django_capture_on_commit_callbacks
):
    settings.OPENAI_API_KEY = "a-key"
    request_post()
    reserved = Generation.objects.get().reserved
    (claim,) = fetch_due(1, "one:1")
    usage = Usage(prompt_tokens=100, completion_tokens=reserved // 5, calls=1).answered_by(answered_by)
    claim.paid_answers.spend(usage)

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            transitions.land([finished_text(claim, usage=usage)])

    generation = Generation.objects.get()
    spent = most_of(MODEL, usage, known_prices())
    assert (spent > reserved) == is_beyond
    assert set(Budget.objects.filter(kind="day").values_list("spent", "reserved")) == {(spent, 0)}
    said = [record.getMessage() for record in caplog.records if record.msg == BEYOND]
    assert said == [BEYOND % (generation.pk, dollars(reserved), dollars(spent))] * is_beyond
    assert generation.provenance.get("answered_by", []) == [answered_by] * is_beyond
