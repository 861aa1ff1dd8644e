"""What takes long to find out is found out once, however many ask for it at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.core.cache import cache

from generation.reporting.kept import kept

ASKERS = 16


class Search:
    """Finds out how often it was begun, when it may end."""

    def __init__(self) -> None:
        self.times = 0
        self.has_begun, self.may_end = Event(), Event()

    def __call__(self) -> int:
        self.times += 1
        times = self.times
        self.has_begun.set()
        assert self.may_end.wait(10)
        return times


@pytest.fixture
def search() -> Search:
    return Search()


def ask(find: Callable[[], int]) -> int:
    return kept("test", find, 60)


def test_many_who_ask_at_once_cost_one_search(search: Search) -> None:
    with ThreadPoolExecutor(ASKERS) as threads:
        found = [threads.submit(ask, search) for _ in range(ASKERS)]
        assert search.has_begun.wait(10)
        search.may_end.set()

    assert {one.result() for one in found} == {1}
    assert search.times == 1


def test_while_a_new_answer_is_sought_others_get_the_last_one(search: Search) -> None:
    assert ask(lambda: 0) == 0
    cache.delete("test:fresh")
    with ThreadPoolExecutor(1) as threads:
        new = threads.submit(ask, search)
        assert search.has_begun.wait(10)

        assert [ask(search) for _ in range(ASKERS)] == [0] * ASKERS

        search.may_end.set()
        assert new.result() == 1
    assert ask(search) == 1


def test_a_search_that_fails_is_not_kept(search: Search) -> None:
    def fail() -> int:
        raise OSError("not there")

    search.may_end.set()
    for _ in range(2):
        with pytest.raises(OSError, match="not there"):
            ask(fail)

    assert ask(search) == 1
