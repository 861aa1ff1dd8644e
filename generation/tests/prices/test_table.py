"""Prices in the database: stored at once, read once a minute."""

from decimal import Decimal

import pytest
from django.utils import timezone

from generation.costs import FROM_SETTINGS, Price
from generation.models import ModelPrice
from generation.prices import table
from generation.prices.table import known_prices, prices_without_fail, store

PRICE = Price.read((1, 0.5, 4, 1.5), "test")


@pytest.mark.django_db
def test_stored_prices_are_known_with_their_source_and_day():
    store({"some-model": PRICE})

    assert known_prices()["some-model"] == PRICE._replace(source=f"test, {timezone.now().date()}")


@pytest.mark.django_db
def test_the_operators_prices_come_before_stored_ones_and_these_before_those_of_this_version(settings):
    assert known_prices()["gpt-4o-mini"].fresh == Decimal("0.15")
    store({"gpt-4o-mini": PRICE, "some-model": PRICE})
    settings.MODEL_PRICES = {"some-model": (9, 9, 9)}

    assert known_prices()["gpt-4o-mini"].fresh == 1
    assert known_prices()["some-model"].source == FROM_SETTINGS


@pytest.mark.django_db
def test_another_providers_prices_do_not_stay():
    store({"some-model": PRICE, "other-model": PRICE})
    store({"some-model": PRICE._replace(fresh=Decimal(2)), "n" * 201: PRICE})

    assert list(ModelPrice.objects.values_list("model", "fresh")) == [("some-model", Decimal(2))]


@pytest.mark.django_db
def test_prices_are_read_once_a_minute(django_assert_num_queries, monkeypatch):
    with django_assert_num_queries(1):
        for _ in range(10):
            known_prices()
    monkeypatch.setattr(table, "REMEMBERED_FOR", -1.0)
    table.forget()
    with django_assert_num_queries(2):
        for _ in range(2):
            known_prices()


def test_without_a_database_the_configured_prices_are_known(settings, tmp_path, monkeypatch):
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("only SQLite would make a file")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "none.sqlite3"))

    assert prices_without_fail().keys() == settings.BUILT_IN_PRICES.keys()
    assert list(tmp_path.iterdir()) == []
