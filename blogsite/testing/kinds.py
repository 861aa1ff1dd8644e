"""Kinds of tests, as a pytest plugin: how many run at once, which start first, and which know of no database."""

import os
from collections.abc import Iterator, Sequence

import pytest

# A test that uses one of these fixtures is of this kind (see the markers in pyproject.toml).
KIND_BY_FIXTURE = {"start_worker": "process", "page": "browser"}
# What gives a test a database, whether it has the mark or not.
DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}
MORE_THAN_CORES = 7  # tests at once: those that start processes wait for most of their time


@pytest.hookimpl(tryfirst=True)  # a plugin given with -p is registered before xdist, which would be asked first
def pytest_xdist_auto_num_workers() -> int:
    """Return how many tests run at once."""
    return (os.cpu_count() or 1) + MORE_THAN_CORES


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database", action="store_true", help="leave out what has neither the database nor processes of its own"
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    for item in items:
        for fixture, kind in KIND_BY_FIXTURE.items():
            if fixture in fixtures_of(item):
                item.add_marker(kind)
    yield  # -m selects, and pytest-django sorts
    if config.getoption("only_database"):
        config.hook.pytest_deselected(items=[item for item in items if not may_use_database(item)])
        items[:] = [item for item in items if may_use_database(item)]
    items[:] = long_ones_first(items, getattr(config, "workerinput", {}).get("workercount", 1))


def fixtures_of(item: pytest.Item) -> Sequence[str]:
    return getattr(item, "fixturenames", ())


def is_any_of(item: pytest.Item, *names: str) -> bool:
    return any(item.get_closest_marker(name) for name in names)


def has_database(item: pytest.Item) -> bool:
    """Tell whether pytest-django gives a test the database; it refuses it to all others."""
    return is_any_of(item, "django_db") or not DATABASE.isdisjoint(fixtures_of(item))


def may_use_database(item: pytest.Item) -> bool:
    """Tell whether it matters to a test, or to the processes that it starts, which database there is.

    To what a browser makes of a page it does not: the views behind the pages have tests of their own.
    """
    if is_any_of(item, "own_database"):
        return False
    return is_any_of(item, "process", "trial") or (has_database(item) and not is_any_of(item, "browser"))


def long_ones_first(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Return the tests in the order in which xdist deals them out: to each worker one part of the list.

    A part begins with its share of the long ones, so that none is left for the end, when nothing runs beside it.
    """
    is_long = [is_any_of(item, "process", "browser") for item in items]
    long = [item for item, is_it in zip(items, is_long, strict=True) if is_it]
    short = [item for item, is_it in zip(items, is_long, strict=True) if not is_it]
    bounds = [len(short) * part // workers for part in range(workers + 1)]
    parts = [long[part::workers] + short[bounds[part] : bounds[part + 1]] for part in range(workers)]
    return [item for part in parts for item in part]
