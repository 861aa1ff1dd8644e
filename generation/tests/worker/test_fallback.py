"""While the first provider is paused or down another one writes, and says so."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from blogs.models import Status
from blogsite.testing.model_server import Behaviour, Fault, ModelServer
from blogsite.testing.posts import DRAFTING, PLANNING, fresh, request_post
from generation.admin.history import FALLBACK
from generation.models import Generation, ProviderPause, State
from generation.queue.transitions import cancel
from generation.tests.worker.test_resuming import crash_at_call
from generation.worker import executor, lease_keeper
from generation.worker.executor import write_due

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND = "gpt-4o-mini", "second-model"


@pytest.fixture
def fallback(model_server, settings):
    """Yield the model server of the fallback; `model_server` is the first provider's."""
    with ModelServer() as server:
        settings.FALLBACK_BASE_URL, settings.FALLBACK_MODEL = server.url, SECOND
        yield server


@pytest.fixture(autouse=True)
def saves_without_delay(monkeypatch):
    monkeypatch.setattr(lease_keeper, "SAVE_EVERY", 0.0)
    monkeypatch.setattr(executor, "TICK", 0.02)


def written_by() -> list[tuple[str, str]]:
    return list(Generation.objects.order_by("id").values_list("model", "fallback_reason"))


def make_due() -> None:
    Generation.objects.update(not_before=None)


def end_pauses() -> None:
    ProviderPause.objects.update(until=timezone.now() - timedelta(seconds=1))
    make_due()


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"status": 429, "retry_after": 1000}, "rate_limited"),
        ({"status": 503, "retry_after": 1000}, "provider_unavailable"),
        ({"fault": Fault.RESET}, "provider_unavailable"),
        ({"fault": Fault.HANG}, "timeout"),
    ],
)
def test_the_next_attempt_goes_to_the_fallback_at_once_and_the_generation_says_so(
    model_server, fallback, settings, as_user, broken, reason
):
    settings.GENERATION_CALL_DEADLINE = 0.5 if reason == "timeout" else 30
    post = request_post()
    model_server.always(Behaviour(**broken))

    write_due()
    write_due()

    assert fresh(post).status == Status.COMPLETED
    assert {call.body["model"] for call in fallback.calls} == {SECOND}
    shown = as_user(post.owner).get(f"/api/v1/blogs/{post.pk}/generations/1").json()["generation"]
    assert (shown["provider"], shown["model"], shown["fallback_reason"]) == ("compatible", SECOND, reason)
    assert (shown["provenance"]["instead_of"], shown["provenance"]["why"]) == (FIRST, reason)


def test_editors_see_that_the_fallback_wrote_and_why(model_server, fallback, editor_client):
    post = request_post()
    model_server.always(Behaviour(status=503))
    for _ in range(2):
        write_due()

    history = editor_client.get(reverse("admin:blogs_blogpost_history", args=[post.pk])).content.decode()
    settings_page = editor_client.get(reverse("admin:generation_model")).content.decode()

    assert FALLBACK.format(model=SECOND, reason="provider_unavailable") in history
    assert f"{SECOND} at 127.0.0.1:{fallback.port}" in settings_page


def test_while_the_first_is_paused_new_posts_go_to_the_fallback_without_asking_it(model_server, fallback):
    model_server.answer(Behaviour(status=429, retry_after=1000))
    request_post()
    write_due()

    request_post()
    write_due()

    assert len(model_server.calls) == 1
    assert written_by() == [(SECOND, "rate_limited")] * 2


def test_new_posts_are_tried_by_the_first_provider_again_when_it_has_recovered(model_server, fallback):
    model_server.answer(Behaviour(status=429, retry_after=1000))
    request_post()
    write_due()
    end_pauses()

    request_post()
    write_due()

    assert written_by() == [(SECOND, "rate_limited"), (FIRST, "")]


def test_a_post_that_one_provider_failed_does_not_send_others_to_the_fallback(model_server, fallback):
    model_server.answer(Behaviour(status=503))
    request_post()
    write_due()
    request_post()

    write_due()

    assert written_by() == [(SECOND, "provider_unavailable"), (FIRST, "")]


def test_after_the_fallback_has_failed_it_is_the_firsts_turn_after_a_wait(model_server, fallback):
    request_post()
    model_server.answer(Behaviour(status=503))
    fallback.answer(Behaviour(status=503, retry_after=1000))
    write_due()

    write_due()
    write_due()

    generation = Generation.objects.get()
    assert (generation.status, generation.attempts, generation.fallback_reason) == (State.PENDING, 2, "")
    assert generation.not_before is not None
    assert 990 < (generation.not_before - timezone.now()).total_seconds() < 1000
    make_due()
    write_due()
    assert written_by() == [(FIRST, "")]
    assert "why" not in Generation.objects.get().provenance


def test_with_both_paused_nothing_is_called(model_server, fallback):
    for server in (model_server, fallback):
        server.always(Behaviour(status=429, retry_after=1000))
    request_post()
    for _ in range(2):
        write_due()
        make_due()
    request_post()

    write_due()

    assert (len(model_server.calls), len(fallback.calls)) == (1, 1)
    assert set(Generation.objects.values_list("status", "attempts")) == {(State.PENDING, 0)}


@pytest.mark.parametrize("broken", [{"status": 401}, {"status": 404}, {"status": 429, "code": "insufficient_quota"}])
def test_a_fallback_with_a_wrong_key_fails_no_post_and_is_left_alone(model_server, fallback, broken):
    fallback.always(Behaviour(**broken))
    model_server.answer(Behaviour(status=429, retry_after=1000))
    posts = [request_post()]
    for _ in range(2):
        write_due()
    posts.append(request_post())
    write_due()
    assert len(fallback.calls) == 1
    assert {fresh(post).status for post in posts} == {Status.PENDING}

    end_pauses()
    write_due()

    assert {fresh(post).status for post in posts} == {Status.COMPLETED}
    assert {model for model, _ in written_by()} == {FIRST}


@pytest.mark.parametrize("code", ["provider_rejected", "refused"])
def test_what_no_retry_fixes_does_not_go_to_the_fallback(model_server, fallback, code):
    request_post()
    model_server.always(Behaviour(status=401) if code == "provider_rejected" else Behaviour(refusal="No."))

    write_due()

    assert Generation.objects.get().failure_code == code
    assert fallback.calls == []


def test_without_a_fallback_a_failed_attempt_waits_as_ever(model_server):
    request_post()
    model_server.answer(Behaviour(status=503, retry_after=1000))

    write_due()
    write_due()

    generation = Generation.objects.get()
    assert (generation.fallback_reason, len(model_server.calls)) == ("", 1)


def test_an_attempt_at_the_fallback_that_lost_its_worker_goes_on_there_with_what_is_paid(
    model_server, fallback, monkeypatch
):
    request_post()
    model_server.answer(Behaviour(status=503))
    crash_at_call(fallback, 1, monkeypatch)
    paid = len(fallback.calls)

    write_due()

    assert written_by() == [(SECOND, "provider_unavailable")]
    assert not [call for call in fallback.calls[paid:] if PLANNING in call.said]


def test_what_is_paid_at_the_first_provider_is_not_taken_for_an_answer_of_the_fallback(model_server, fallback):
    post = request_post()
    model_server.answer(Behaviour(status=503, when=DRAFTING))

    write_due()
    write_due()

    assert fresh(post).status == Status.COMPLETED
    assert [PLANNING in call.said for call in fallback.calls] == [True, False]
    generation = Generation.objects.get()
    assert generation.calls == 3


def test_a_cancelled_generation_is_settled_at_the_price_of_who_wrote(model_server, fallback, settings, monkeypatch):
    settings.MODEL_PRICES = {FIRST: (0, 0, 0), SECOND: (1_000_000, 1_000_000, 1_000_000)}
    post = request_post()
    model_server.answer(Behaviour(status=503))
    crash_at_call(fallback, 1, monkeypatch)

    cancel(fresh(post))

    generation = Generation.objects.get()
    assert generation.model == SECOND
    assert generation.cost is not None
    assert generation.cost > 1
