"""What is read of budgets and spending: by indexes, and never the generations."""

from datetime import timedelta

import pytest
from model_bakery import baker

from accounts.tests.baker_recipes import writer
from blogsite.testing.plans import statements_of
from generation.budgets.accounts import account_of
from generation.budgets.periods import today
from generation.budgets.usage import named, standings_of, standings_of_site, sums
from generation.models import Budget, Generation, Spending
from generation.tests.queue.test_indexes import history_is_read

READS = {
    "a user's budgets": lambda user: standings_of(user),
    "the site's budgets": lambda user: standings_of_site(),
    "a user's models": lambda user: sums("model", today(), account_of(user.pk)),
    "the last days": lambda user: sums("day", today() - timedelta(days=7)),
    "who spent most": lambda user: named(str(row.key) for row in sums("account", today(), most=100)),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("read", READS)
def test_one_statement_reads_by_an_index(read):
    user = writer.make()
    for back in range(3):
        day = today() - timedelta(days=back)
        baker.make(Spending, account=account_of(user.pk), day=day)
        baker.make(Budget, account=account_of(user.pk), kind=Budget.Kind.DAY, start=day)

    tables = [model._meta.db_table for model in (Budget, Spending, Generation)]
    found = {table: statements_of(lambda: READS[read](user), table) for table in tables}

    assert sum(map(len, found.values())) == 1
    assert not found[Generation._meta.db_table]
    assert [sql for table in tables for sql, params in found[table] if history_is_read(sql, params, table)] == []
