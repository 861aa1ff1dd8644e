"""Economy: OpenAI's flex tier at half the price, for posts that nobody waits for."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from blogs.models import BlogPost, Status
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.model_server import Behaviour, Fault, ModelServer
from blogsite.testing.posts import NOTES, FromNow, fresh, request_post
from generation.admin.bulk_actions import CANCEL, REGENERATE
from generation.models import Generation, ProviderPause, State
from generation.queue.fetch import is_due
from generation.queue.retries import ECONOMY_WAIT
from generation.tests.admin.test_bulk_actions import LIST, choose, fields_of, finish
from generation.tests.baker_recipes import waiting
from generation.worker.executor import write_due

pytestmark = pytest.mark.django_db(transaction=True)

LIMITED = Behaviour(status=429, retry_after=100)


@pytest.fixture(autouse=True)
def openai(model_server, settings, monkeypatch):
    """The model server in the place of OpenAI's own: only that one has the tier."""
    settings.OPENAI_BASE_URL = ""
    monkeypatch.setattr("generation.llm.connections.OPENAI_URL", model_server.url)


def request_economy() -> BlogPost:
    post = finished_post.make(brief_title="Bread", brief=NOTES)
    post.request_generation(urgent=False, economy=True)
    return post


def tiers(server: ModelServer) -> list[Any]:
    return [call.body.get("service_tier") for call in server.calls]


def pass_time(**duration: float) -> None:
    """Have so much time pass for pauses and generations."""
    past = timedelta(**duration)
    for pause in ProviderPause.objects.all():
        ProviderPause.objects.filter(pk=pause.pk).update(until=pause.until - past)
    for row in Generation.objects.all():
        moments = {name: getattr(row, name) for name in ("not_before", "economy_until", "created_at")}
        Generation.objects.filter(pk=row.pk).update(**{name: at and at - past for name, at in moments.items()})


def test_the_tier_is_asked_for_and_the_one_that_answers_is_in_the_provenance(model_server, as_user):
    post = request_economy()
    model_server.answer(Behaviour(service_tier="flex"))
    model_server.answer(Behaviour(service_tier="default"))

    write_due()

    assert tiers(model_server) == ["flex", "flex"]
    shown = as_user(post.owner).get(f"/api/v1/blogs/{post.pk}/generations/1").json()["generation"]
    assert (shown["economy"], shown["provenance"]["service_tier"]) == (True, {"flex": 1, "default": 1})


def test_other_posts_ask_for_no_tier(model_server):
    request_post()

    write_due()

    assert tiers(model_server) == [None, None]
    assert "service_tier" not in Generation.objects.get().provenance


def test_a_compatible_server_is_asked_for_no_tier(model_server, settings):
    settings.OPENAI_BASE_URL = model_server.url
    request_economy()

    write_due()

    assert tiers(model_server) == [None, None]


def test_without_room_it_waits_and_costs_no_attempt_while_other_posts_are_written(model_server):
    economy = request_economy()
    model_server.answer(LIMITED)
    write_due()
    pass_time(seconds=50)
    other = request_post()

    write_due()

    assert (fresh(economy).status, fresh(other).status) == (Status.PENDING, Status.COMPLETED)
    generation = Generation.objects.get(post=economy)
    assert generation.attempts == 0
    assert generation.not_before == FromNow(50)
    assert tiers(model_server) == ["flex", None, None]
    pass_time(seconds=51)
    write_due()
    assert fresh(economy).status == Status.COMPLETED
    assert tiers(model_server)[3:] == ["flex", "flex"]


def test_after_half_an_hour_without_room_it_is_written_at_the_standard_tier(model_server):
    post = request_economy()
    pass_time(hours=5)  # in the queue, behind others: that is no waiting for room
    model_server.answer(LIMITED, times=3)
    for _ in range(3):
        write_due()
        pass_time(seconds=101)
    assert tiers(model_server) == ["flex"] * 3
    pass_time(seconds=ECONOMY_WAIT - 250)

    write_due()

    generation = Generation.objects.get()
    assert (fresh(post).status, generation.attempts) == (Status.COMPLETED, 1)
    assert tiers(model_server)[3:] == [None, None]


def test_no_pause_keeps_it_waiting_longer_than_half_an_hour(model_server):
    request_economy()
    model_server.answer(Behaviour(status=429, retry_after=3600))
    write_due()
    assert Generation.objects.get().not_before == FromNow(ECONOMY_WAIT)
    pass_time(seconds=ECONOMY_WAIT + 1)
    assert is_due("one:1")

    write_due()

    assert tiers(model_server) == ["flex", None, None]


def test_what_has_not_been_tried_waits_for_the_pause_of_its_tier(model_server):
    request_economy()
    model_server.answer(LIMITED)
    write_due()
    request_economy()

    assert not is_due("one:1")


@pytest.mark.parametrize("status", [400, 422])
def test_where_the_tier_is_rejected_it_is_written_at_the_standard_tier_at_once(model_server, status):
    post = request_economy()
    model_server.answer(Behaviour(status=status, code="service_tier"))

    write_due()

    assert fresh(post).status == Status.COMPLETED
    assert tiers(model_server) == ["flex", None, None]
    assert Generation.objects.get().attempts == 1


def test_a_request_that_is_rejected_at_any_tier_fails(model_server):
    post = request_economy()
    model_server.always(Behaviour(status=400))

    write_due()

    assert Generation.objects.get().status == State.FAILED
    assert (fresh(post).status, tiers(model_server)) == (Status.FAILED, ["flex", None])


def test_a_tier_that_is_too_slow_is_left(model_server, settings):
    settings.GENERATION_CALL_DEADLINE = 0.5
    post = request_economy()
    model_server.answer(Behaviour(fault=Fault.HANG))

    write_due()

    assert fresh(post).status == Status.COMPLETED
    assert tiers(model_server) == ["flex", None, None]


def test_what_may_wait_does_not_go_to_the_fallback_for_want_of_room(model_server, settings):
    with ModelServer() as fallback:
        settings.FALLBACK_BASE_URL, settings.FALLBACK_MODEL = fallback.url, "second-model"
        request_economy()
        model_server.answer(LIMITED)
        write_due()
        request_economy()

        write_due()

        assert (len(model_server.calls), fallback.calls) == (1, [])
        pass_time(seconds=101)
        model_server.answer(Behaviour(status=503))
        write_due()
        assert fallback.calls


def test_the_command_asks_for_it_only_if_told_to():
    for arguments in ([], ["--economy"]):
        finished_post.make()
        call_command("regenerate_posts", "--all", "--yes", *arguments)

    assert list(Generation.objects.order_by("id").values_list("economy", flat=True)) == [False, True]


def test_a_bulk_regeneration_asks_for_it_only_if_the_box_is_ticked(editor_client):
    for more in ({}, {"economy": "on"}):
        page = choose(editor_client, REGENERATE, finished_post.make(_quantity=2)).content.decode()
        assert 'name="economy"' in page
        finish(editor_client, editor_client.post(LIST, fields_of(page) | more))

    assert list(Generation.objects.order_by("id").values_list("economy", flat=True)) == [False, False, True, True]


def test_the_box_lasts_for_all_batches_and_is_there_only_where_it_has_an_effect(editor_client, settings, monkeypatch):
    monkeypatch.setattr("blogs.admin.bulk.BATCH", 1)
    page = choose(editor_client, REGENERATE, finished_post.make(_quantity=3)).content.decode()
    finish(editor_client, editor_client.post(LIST, fields_of(page) | {"economy": "on"}))
    assert set(Generation.objects.values_list("economy", flat=True)) == {True}
    assert 'name="economy"' not in choose(editor_client, CANCEL, [waiting.make().post]).content.decode()

    settings.OPENAI_API_KEY = ""

    assert 'name="economy"' not in choose(editor_client, REGENERATE, [finished_post.make()]).content.decode()


def test_one_post_from_the_admin_never_waits(editor_client):
    post = finished_post.make()

    editor_client.post(reverse("admin:generation_regenerate", args=[post.pk]), {"economy": "on"})

    assert not Generation.objects.get().economy
