"""How long statements wait for locks inside and after the block."""

import pytest
from django.db import OperationalError, connection, transaction

from blogs.api.lock_timeout import lock_timeout

pytestmark = pytest.mark.django_db


def current() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no such setting")
def test_the_limit_holds_in_its_block_only():
    with transaction.atomic():
        with lock_timeout("2s"):
            inside = current()
        after = current()

    assert (inside, after) == ("2s", "0")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no such setting")
def test_the_limit_ends_with_a_transaction_that_fails():
    with pytest.raises(OperationalError), transaction.atomic(), lock_timeout("2s"):
        raise OperationalError

    assert current() == "0"


def test_only_postgresql_is_sent_the_limit(django_assert_num_queries):
    expected = 2 if connection.vendor == "postgresql" else 0

    with django_assert_num_queries(expected), lock_timeout("2s"):
        pass
