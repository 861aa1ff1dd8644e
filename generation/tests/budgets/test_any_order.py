"""Budgets in small: two users, two workers, a model server with a bill of its own, and crashes, in any order."""

import os
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from accounts.refusals import Refusal
from accounts.tests.baker_recipes import writer
from blogsite.testing.posts import bill, finished_text, request_post
from generation.budgets.accounts import SITE
from generation.budgets.money import A_DOLLAR, most_of
from generation.budgets.recount import drifts
from generation.costs import Usage, cost
from generation.failures import GenerationFailed
from generation.models import UNFINISHED, Budget, Generation, Spending
from generation.prices.table import known_prices
from generation.queue import transitions
from generation.queue.claim import Claim
from generation.queue.grants import Grant, grant
from generation.queue.late_bills import bill_rest
from generation.tests.queue.test_any_order import FAILURES, WorkersAndPeople
from generation.worker.housekeeping import recount_budgets

MODEL = "gpt-4o-mini"
EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "8"))


@dataclass(eq=False)
class Call:
    """One call, as the model server sees it: what it charges is between the prompt alone and all that was allowed."""

    claim: Claim
    most: Usage
    actual: Usage
    is_answered: bool = False
    is_settled: bool = False  # the worker that saw its end has recorded that

    @property
    def charged(self) -> Decimal:
        return (cost(MODEL, self.actual) or Decimal(0)) * A_DOLLAR

    @property
    def slack(self) -> Decimal:
        """What the budgets may count more than the server: nothing of a call whose end was recorded."""
        return (
            Decimal(0)
            if self.is_answered and self.is_settled
            else most_of(MODEL, self.most, known_prices()) - self.charged
        )


class PeopleWhoPay(WorkersAndPeople):
    def __init__(self) -> None:
        super().__init__()
        self.stranger = writer.make(is_self_registered=True)
        self.calls: list[Call] = []

    @rule(is_stranger=st.booleans())
    def submit(self, is_stranger: bool) -> None:
        self.ask(lambda: request_post(notes=self.next_text(), owner=self.stranger if is_stranger else self.owner))

    @precondition(lambda self: self.now.posts)
    @rule(data=st.data(), is_stranger=st.booleans(), is_command=st.booleans())
    def rewrite(self, data: st.DataObject, is_stranger: bool, is_command: bool) -> None:
        who = None if is_command else self.stranger if is_stranger else self.owner
        self.ask(lambda: self.some(data).request_generation(requested_by=who))

    def ask(self, request) -> None:
        before = self.picture(), self.budgets()
        try:
            request()
        except Refusal:
            assert (self.picture(), self.budgets()) == before

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), prompt=st.integers(1, 3000), allowance=st.integers(1, 20_000))
    def call(self, data: st.DataObject, prompt: int, allowance: int) -> None:
        """A worker asks whether it may call, and if so the server begins to charge."""
        claim = data.draw(st.sampled_from(self.claims))
        most = Usage(prompt, allowance, calls=1, estimated=1)
        claim.in_flight.append(most)
        answer = grant([claim])[0]
        assert (answer == Grant.LOST) == (not self.holds(claim))
        if answer == Grant.GRANTED:
            used = data.draw(st.integers(0, allowance))
            self.calls.append(Call(claim, most, Usage(data.draw(st.integers(1, prompt)), used, calls=1)))
        else:
            claim.in_flight.remove(most)

    @precondition(lambda self: any(call.claim.in_flight for call in self.calls))
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from([call for call in self.calls if call.most in call.claim.in_flight]))
        call.claim.paid_answers.spend(call.actual)
        call.is_answered = True
        call.claim.in_flight.remove(call.most)

    def cut(self, claim: Claim) -> None:
        """Whoever records an attempt has no call in flight any more: they were answered, or cut."""
        for call in self.calls:
            if call.claim is claim and call.most in claim.in_flight:
                cut = call.most.completion_tokens
                claim.paid_answers.spend(Usage(call.most.prompt_tokens, 0, calls=1, estimated=1, cut_tokens=cut))
                claim.in_flight.remove(call.most)

    def record(self, claim: Claim, transition) -> None:
        self.cut(claim)
        was_recorded = Generation.objects.filter(steps__token=str(claim.token), pk=claim.id).exists() or self.holds(
            claim
        )
        transition()
        for call in self.calls:
            call.is_settled |= was_recorded and call.claim is claim

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def land(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        self.record(claim, lambda: transitions.land([finished_text(claim, usage=claim.paid_answers.usage)]))

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), code=FAILURES)
    def fail(self, data: st.DataObject, code) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        failure = GenerationFailed(code, "It failed.")
        self.record(claim, lambda: transitions.fail(claim, failure, bill(claim.paid_answers.usage)))

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def hand_back(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        self.record(claim, lambda: transitions.hand_back(claim))

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def notice(self, data: st.DataObject) -> None:
        """A worker learns that its lease is lost."""
        claim = data.draw(st.sampled_from(self.claims))
        if not self.holds(claim):
            self.record(claim, lambda: bill_rest([claim]))

    @rule(leak=st.integers(-3, 3), kind=st.sampled_from(Budget.Kind.values))
    def recount(self, leak: int, kind: str) -> None:
        """Housekeeping comes by: it finds nothing wrong, or what somebody has broken."""
        before = self.budgets()
        if kind != Budget.Kind.POSTS:
            Budget.objects.filter(kind=kind).update(reserved=F("reserved") + leak)
        recount_budgets()
        assert self.budgets() == before
        assert drifts() == []

    def budgets(self) -> dict[tuple[str, str], tuple[int, int, int | None]]:
        return {(row.account, row.kind): (row.spent, row.reserved, row.allowed) for row in Budget.objects.all()}

    @invariant()
    def budgets_are_true(self) -> None:
        unfinished = {row["id"]: row for row in self.picture().generations if row["status"] in UNFINISHED}
        for (account, kind), (spent, reserved, allowed) in self.budgets().items():
            mine = [row for row in unfinished.values() if account in row["accounts"].split()]
            assert allowed is None or spent + reserved <= allowed
            if kind == Budget.Kind.QUEUE:
                assert reserved == len(mine)
            if kind in (Budget.Kind.DAY, Budget.Kind.MONTH):
                assert reserved == sum(row["reserved"] for row in mine)
        for key, row in unfinished.items():
            assert self.charged(key) <= row["spent_at_most"] <= row["reserved"]
        ended = {call.claim.id for call in self.calls} - unfinished.keys()
        spent, _, _ = self.budgets().get((SITE, Budget.Kind.DAY), (0, 0, None))
        bill = sum(self.charged(key) for key in ended)
        slack = sum(call.slack for call in self.calls if call.claim.id in ended)
        assert bill <= spent <= bill + slack + len(self.claims)  # rounded up once an attempt
        assert spent == sum(row.cost for row in Spending.objects.all())

    def charged(self, generation: int) -> Decimal:
        return sum((call.charged for call in self.calls if call.claim.id == generation), Decimal(0))

    def everything_ends(self) -> None:
        super().everything_ends()
        assert not Budget.objects.exclude(reserved=0).exists()


@pytest.fixture
def _a_paid_model(settings):
    settings.OPENAI_API_KEY = "a-key"
    settings.QUEUE_USER_LIMIT = 4
    settings.BUDGETS = {
        "BUDGET_USER_DAY": Decimal("0.05"),
        "BUDGET_USER_MONTH": Decimal("0.1"),
        "BUDGET_SITE_DAY": Decimal("0.08"),
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("_a_paid_model")
def test_in_any_order_budgets_hold_what_is_unfinished_and_never_less_than_the_servers_bill():
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        PeopleWhoPay,
        settings=settings(max_examples=EXAMPLES, stateful_step_count=25, deadline=None, suppress_health_check=checks),
    )
