"""A worker that is asked to stop finishes what it can, and hands back the rest."""

import pytest

from blogs.models import Status
from blogsite.testing.model_server import Behaviour
from blogsite.testing.posts import fresh, request_post
from blogsite.testing.workers import executor_at_work
from generation.models import Generation, State
from generation.worker.shutdown import ask_to_stop

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_stopping_worker_hands_back_what_it_cannot_finish(model_server, settings):
    settings.GENERATION_GRACE = 0.2
    post = request_post()
    model_server.always(Behaviour(delay=30))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 1)
        ask_to_stop()

    generation = Generation.objects.get()
    assert (generation.status, generation.attempts, generation.token) == (State.PENDING, 0, None)
    assert fresh(post).status == Status.PENDING


def test_a_stopping_worker_finishes_what_takes_less_than_the_grace_period(model_server, settings):
    settings.GENERATION_GRACE = 30
    post = request_post()
    model_server.always(Behaviour(delay=0.5))

    with executor_at_work():
        model_server.wait_until(lambda calls: len(calls) == 1)
        ask_to_stop()

    assert fresh(post).status == Status.COMPLETED
