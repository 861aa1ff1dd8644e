"""How long statements wait for locks, and in which isolation they run."""

import pytest
from django.db import OperationalError, connection, transaction

from blogs.database.waits import wait_at_most

by_server = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such setting")


def setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


@by_server
@pytest.mark.django_db
def test_the_limit_of_a_block_ends_with_it():
    usual = setting("lock_timeout")
    with transaction.atomic():
        with wait_at_most(2):
            inside = setting("lock_timeout")
        after = setting("lock_timeout")

    assert (usual, inside, after) == ("5s", "2s", "5s")


@by_server
@pytest.mark.django_db
def test_the_limit_of_a_block_ends_with_a_transaction_that_fails():
    with pytest.raises(OperationalError), transaction.atomic(), wait_at_most(2):
        raise OperationalError

    assert setting("lock_timeout") == "5s"


@pytest.mark.django_db
def test_only_postgresql_is_sent_the_limit(django_assert_num_queries):
    expected = 2 if connection.vendor == "postgresql" else 0

    with django_assert_num_queries(expected), wait_at_most(2):
        pass


@by_server
@pytest.mark.django_db(transaction=True)
def test_a_server_whose_default_is_serializable_does_no_harm():
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = serializable")
        try:
            connection.close()
            alone = setting("transaction_isolation")
            with transaction.atomic():
                in_a_transaction = setting("transaction_isolation")
        finally:
            connection.cursor().execute(f"ALTER DATABASE {name} RESET default_transaction_isolation")

    assert (alone, in_a_transaction) == ("read committed", "read committed")
