"""The line in the log when most of a budget is spent."""

from typing import Any

import pytest
from model_bakery import baker

from generation.budgets.accounts import SITE
from generation.budgets.alerts import ALERT_AT, NEARLY_SPENT
from generation.budgets.money import dollars
from generation.budgets.periods import today
from generation.models import Budget
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
