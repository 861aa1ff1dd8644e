"""Which provider writes a generation: each pause holds up its own model, and nobody else's posts."""

import pytest

from blogs.models import Status
from blogsite.testing.model_server import Behaviour
from blogsite.testing.posts import fresh, request_post
from generation.llm.providers import configured_provider
from generation.models import Generation, State
from generation.queue.fetch import fetch_due, is_due
from generation.queue.rate_limits import pause
from generation.tests.baker_recipes import waiting
from generation.worker.executor import write_due

pytestmark = pytest.mark.django_db

DEFAULT, OTHER, WITHDRAWN = "first-model", "other-model", "withdrawn-model"


@pytest.fixture(autouse=True)
def offered(settings):
    settings.OPENAI_API_KEY = "a-key"
    settings.OPENAI_MODEL, settings.MODELS = DEFAULT, [DEFAULT, OTHER]


def models_of(claims):
    return [claim.provider.model for claim in claims]


def fetch():
    return fetch_due(10, "one:1")


def test_a_generation_is_written_with_the_model_that_was_chosen_for_it():
    for turn, model in enumerate(["", OTHER, DEFAULT, WITHDRAWN]):
        waiting.make(turn=turn, requested_model=model)

    assert models_of(fetch()) == [DEFAULT, OTHER, DEFAULT, DEFAULT]


@pytest.mark.parametrize(
    ("paused", "fetched"), [(DEFAULT, [OTHER]), (OTHER, ["", DEFAULT, WITHDRAWN]), ("unheard-of", ["", DEFAULT, OTHER])]
)
def test_a_pause_holds_up_the_generations_of_its_own_model_only(paused, fetched):
    for model in {"", DEFAULT, OTHER, WITHDRAWN} - ({WITHDRAWN} if paused == "unheard-of" else set()):
        waiting.make(requested_model=model)
    address = configured_provider().address

    pause(f"{address} {paused}", 1000)

    assert is_due("one:1")
    claims = fetch()
    rows = Generation.objects.filter(pk__in=[claim.id for claim in claims])
    assert sorted(rows.values_list("requested_model", flat=True)) == sorted(fetched)


def test_nothing_is_due_when_all_that_waits_is_for_a_paused_model():
    waiting.make(requested_model=OTHER)

    pause(configured_provider(OTHER).key, 1000)

    assert not is_due("one:1")
    assert fetch() == []
    waiting.make()
    assert is_due("one:1")


def test_one_model_costs_the_same_queries_as_ever(settings, django_assert_num_queries):
    settings.MODELS, settings.OPENAI_BASE_URL = [DEFAULT], "http://127.0.0.1:9/v1"
    waiting.make()

    with django_assert_num_queries(2):  # is anything due, who is paused
        assert is_due("one:1")
    pause(configured_provider().key, 1000)
    with django_assert_num_queries(2):
        assert not is_due("one:1")


def test_one_executor_writes_with_several_models(model_server):
    posts = [request_post(), request_post(model=OTHER)]

    write_due()

    assert {fresh(post).status for post in posts} == {Status.COMPLETED}
    assert set(Generation.objects.values_list("requested_model", "model")) == {("", DEFAULT), (OTHER, OTHER)}
    assert {call.body["model"] for call in model_server.calls} == {DEFAULT, OTHER}


def test_a_model_that_is_rate_limited_stops_no_other(model_server):
    limited = request_post(model=OTHER)
    model_server.answer(Behaviour(status=429, retry_after=1000))
    write_due()
    free, queued = request_post(), request_post(model=OTHER)

    write_due()

    assert fresh(free).status == Status.COMPLETED
    assert {fresh(post).status for post in (limited, queued)} == {Status.PENDING}
    assert [call.body["model"] for call in model_server.calls].count(OTHER) == 1


def test_a_post_whose_model_is_offered_no_longer_is_written_with_the_default(model_server, settings):
    post = request_post(model=OTHER)
    settings.MODELS = [DEFAULT]

    write_due()

    generation = Generation.objects.get()
    assert (fresh(post).status, generation.status) == (Status.COMPLETED, State.COMPLETED)
    assert (generation.requested_model, generation.model) == (OTHER, DEFAULT)
