"""Bulk actions in the admin."""

import re

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.urls import reverse

from blogs.admin import bulk
from blogs.admin.bulk_delete import DELETE_SELECTED
from blogs.models import BlogPost, Status
from blogs.tests.baker_recipes import failed_post, finished_post
from blogsite.testing.posts import owner_of
from generation.admin.bulk_actions import CANCEL, REGENERATE, RETRY
from generation.models import Generation, State
from generation.tests.baker_recipes import waiting

pytestmark = pytest.mark.django_db
LIST = reverse("admin:blogs_blogpost_changelist")


def fields_of(html: str) -> dict[str, list[str]]:
    """Return what the page's form would send."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', html[html.index('<div id="content-main">') :]):
        attributes = dict(re.findall(r'(name|value)="([^"]*)"', tag))
        found.setdefault(attributes["name"], []).append(attributes["value"])
    return found


def choose(client, kind, posts=(), address=LIST):
    selected = [post.pk for post in posts]
    across = {} if posts else {"select_across": "1", "_selected_action": [1]}
    return client.post(address, {"action": kind.name, "_selected_action": selected, "index": 0} | across)


def finish(client, answer, address=LIST) -> int:
    """Send the form of each page until there is none; return how many were sent."""
    for sent in range(100):
        if answer.status_code == 302:
            return sent
        answer = client.post(address, fields_of(answer.content.decode()))
    raise AssertionError(answer.content.decode())


def messages(client) -> str:
    _, _, rest = client.get(LIST).content.decode().partition('<ul class="messagelist">')
    return str(rest.partition("</ul>")[0])


def test_nothing_happens_before_a_page_has_said_how_many_posts_which_model_and_the_cost(editor_client, settings):
    settings.OPENAI_API_KEY = "a-key"
    posts = finished_post.make(_quantity=3)

    html = choose(editor_client, REGENERATE, posts).content.decode()

    assert re.search(r"Posts</th><td>3</td>", html)
    assert "gpt-4o-mini" in html
    assert re.search(r"Estimated cost</th><td>\$0\.\d+<", html)
    assert not Generation.objects.exists()


def test_a_confirmed_selection_is_queued_behind_urgent_requests(editor_client):
    other, posts = finished_post.make(), [finished_post.make(), failed_post.make()]

    finish(editor_client, choose(editor_client, REGENERATE, posts))

    assert {generation.post for generation in Generation.objects.all()} == set(posts)
    assert not Generation.objects.filter(urgent=True).exists()
    assert BlogPost.objects.get(pk=other.pk).status == Status.COMPLETED
    assert f"{REGENERATE.done}: 2." in messages(editor_client)


def test_posts_that_are_already_queued_are_skipped(editor_client):
    running, finished = waiting.make(), finished_post.make()

    page = choose(editor_client, REGENERATE, [running.post, finished])
    finish(editor_client, page)

    assert "(of 2 selected;" in page.content.decode()
    assert list(Generation.objects.filter(post=running.post)) == [running]
    assert Generation.objects.filter(post=finished).count() == 1


def test_only_failed_posts_are_retried(editor_client):
    finished, failed = finished_post.make(), failed_post.make()

    finish(editor_client, choose(editor_client, RETRY, [finished, failed]))

    assert [generation.post for generation in Generation.objects.all()] == [failed]


def test_generations_are_cancelled(editor_client):
    generations = [waiting.make(), waiting.make()]

    finish(editor_client, choose(editor_client, CANCEL, [generation.post for generation in generations]))

    assert set(Generation.objects.values_list("status", flat=True)) == {State.CANCELLED}
    assert f"{CANCEL.done}: 2." in messages(editor_client)


@pytest.mark.parametrize(
    ("kind", "status"),
    [(REGENERATE, Status.PENDING), (RETRY, Status.COMPLETED), (CANCEL, Status.COMPLETED)],
)
def test_a_selection_without_fitting_posts_is_answered_with_a_message(editor_client, kind, status):
    answer = choose(editor_client, kind, [finished_post.make(status=status)])

    assert answer.status_code == 302
    assert kind.none in messages(editor_client)


def test_all_that_match_the_filters_are_done_in_batches_and_no_others(editor_client, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 10)
    failed = failed_post.make(_quantity=25)
    finished_post.make(_quantity=5)
    address = f"{LIST}?status__exact=failed"

    pages = finish(editor_client, choose(editor_client, REGENERATE, address=address), address)

    assert pages == 3
    assert {generation.post for generation in Generation.objects.all()} == set(failed)
    assert f"{REGENERATE.done}: 25." in messages(editor_client)


def test_more_posts_than_a_form_has_fields_are_deleted_in_batches(editor_client, settings, monkeypatch):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
    monkeypatch.setattr(bulk, "BATCH", 10)
    kept = failed_post.make()
    finished_post.make(_quantity=25)
    address = f"{LIST}?status__exact=completed"

    finish(editor_client, choose(editor_client, DELETE_SELECTED, address=address), address)

    assert list(BlogPost.objects.all()) == [kept]
    assert f"{DELETE_SELECTED.done}: 25." in messages(editor_client)
    assert LogEntry.objects.filter(action_flag=DELETION).count() == 25


def test_a_batch_ends_when_its_time_is_over_and_the_next_one_goes_on(editor_client, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH_SECONDS", 0.0)
    finished_post.make(_quantity=3)

    pages = finish(editor_client, choose(editor_client, REGENERATE))

    assert pages == 3
    assert Generation.objects.count() == 3


def test_a_batch_sent_twice_queues_once(editor_client):
    page = choose(editor_client, REGENERATE, finished_post.make(_quantity=2))

    finish(editor_client, page)
    finish(editor_client, page)

    assert Generation.objects.count() == 2


def test_a_post_whose_status_has_changed_by_its_turn_is_skipped():
    running = waiting.make().post

    assert bulk.do(REGENERATE, running.pk, owner_of(running)) == 0
    assert running.generations.count() == 1


def test_posts_made_after_the_confirmation_are_not_touched(editor_client):
    before = failed_post.make()
    page = choose(editor_client, RETRY)
    failed_post.make()

    finish(editor_client, page)

    assert [generation.post for generation in Generation.objects.all()] == [before]


def test_the_confirmation_of_all_costs_the_same_for_many_and_loads_no_texts(
    editor_client, django_assert_max_num_queries
):
    failed_post.make(_quantity=150)

    with django_assert_max_num_queries(16) as queries:
        html = choose(editor_client, RETRY).content.decode()

    assert len(html) < 20_000
    assert not [query for query in queries if '"blogs_blogpost"."content"' in query["sql"]]


@pytest.mark.parametrize("field", ["after", "until", "total", "done"])
def test_an_invalid_form_only_asks_for_confirmation_again(editor_client, field):
    page = choose(editor_client, RETRY, [failed_post.make()])

    answer = editor_client.post(LIST, fields_of(page.content.decode()) | {field: "x"})

    assert RETRY.question in answer.content.decode()
    assert not Generation.objects.exists()
