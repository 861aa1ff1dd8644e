"""Generation on a post's page: the text so far, why it failed, and the button that helps."""

from datetime import UTC, datetime
from html import escape

import pytest
from django.urls import reverse

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost, Status
from blogs.tests.baker_recipes import failed_post, finished_post
from blogsite.testing.browsers import logged_in
from generation.admin.post_page import CANCELLED, CHECK_MODEL, EDIT_BRIEF, FAILED_POSTS, NOT_RUNNING, REGENERATE, RETRY
from generation.failures import FailureCode
from generation.models import Generation, State
from generation.tests.baker_recipes import waiting, written

pytestmark = pytest.mark.django_db


def page(client, post: BlogPost) -> str:
    return str(client.get(reverse("admin:blogs_blogpost_change", args=[post.pk])).content.decode())


def failed(code: str) -> BlogPost:
    return failed_post.make(failure={"code": code, "message": "It went wrong.", "retryable": False, "attempts": 1})


def test_the_text_so_far_is_on_the_page_and_in_the_live_updates(editor_client):
    post = waiting.make(status=State.IN_PROGRESS, content="## <i>Half a text").post

    live = editor_client.get(reverse("admin:blogs_blogpost_live", args=[post.pk])).json()

    assert live["so_far"] == "## <i>Half a text"
    assert '<pre tabindex="0">## &lt;i&gt;Half a text</pre>' in page(editor_client, post)


def test_a_page_that_has_the_text_so_far_gets_it_again_when_it_has_grown(editor_client):
    generation = waiting.make(status=State.IN_PROGRESS, content="Half")
    address = reverse("admin:blogs_blogpost_live", args=[generation.post.pk])
    tag = editor_client.get(address)["ETag"]

    assert editor_client.get(address, headers={"If-None-Match": tag}).status_code == 304
    Generation.objects.update(content="Half a text")
    assert editor_client.get(address, headers={"If-None-Match": tag}).json()["so_far"] == "Half a text"


@pytest.mark.parametrize("code", FailureCode)
def test_every_failure_has_its_message_and_its_advice(editor_client, code):
    html = page(editor_client, failed(code))

    assert '<span class="status-label failed">Failed</span>' in html
    assert f"<code>{code}</code> It went wrong." in html
    assert f"<p>{escape(code.advice)}</p>" in html


def test_editors_see_when_the_next_attempt_is_due_and_why(editor_client):
    moment = datetime(2100, 1, 2, 3, 4, 5, tzinfo=UTC)
    said = "The model's server at models.example.com answered 500."
    post = waiting.make(not_before=moment, failure_code="provider_unavailable", failure_message=said).post

    html = page(editor_client, post)
    history = editor_client.get(reverse("admin:blogs_blogpost_history", args=[post.pk])).content.decode()

    assert f"<code>provider_unavailable</code> {escape(said)} Next attempt at" in html
    assert '<time datetime="2100-01-02T03:04:05Z">03:04:05 UTC</time>' in html
    assert '<time datetime="2100-01-02T03:04:05+00:00">03:04:05 UTC</time>' in history


def test_editors_read_the_answer_of_the_models_server(editor_client):
    post = failed("provider_rejected")
    said = "The model's server at models.example.com answered 401: <b>no such key</b>"
    written.make(post=post, status=State.FAILED, failure_code="provider_rejected", failure_message=said)

    assert escape(said) in page(editor_client, post)
    assert escape(said) in editor_client.get(reverse("admin:generation_model")).content.decode()


@pytest.mark.parametrize(
    ("code", "labels"),
    [("timeout", [RETRY]), ("refused", [RETRY, EDIT_BRIEF]), ("quota_exceeded", [RETRY, CHECK_MODEL])],
)
def test_the_buttons_are_those_that_help(editor_client, code, labels):
    html = page(editor_client, failed(code))

    assert [label for label in (RETRY, EDIT_BRIEF, CHECK_MODEL, REGENERATE) if f">{label}<" in html] == labels


def test_retry_queues_a_failed_post_again(editor_client):
    post = failed("timeout")

    answer = editor_client.post(reverse("admin:generation_regenerate", args=[post.pk]))

    post.refresh_from_db()
    assert answer["Location"] == reverse("admin:blogs_blogpost_change", args=[post.pk])
    assert (post.status, Generation.objects.get().urgent) == (Status.PENDING, True)


def test_cancel_ends_the_generation_and_answers_a_script_in_json(editor_client):
    generation = waiting.make()
    address = reverse("admin:generation_cancel", args=[generation.post_id])

    first = editor_client.post(address, headers={"Accept": "application/json"})
    second = editor_client.post(address, headers={"Accept": "application/json"})

    generation.refresh_from_db()
    assert generation.status == State.CANCELLED
    assert (first.json(), second.json()) == ({"detail": CANCELLED}, {"detail": NOT_RUNNING})


def test_without_a_script_cancel_goes_back_to_the_posts_page_with_a_message(editor_client):
    answer = editor_client.post(reverse("admin:generation_cancel", args=[waiting.make().post_id]), follow=True)

    assert CANCELLED in answer.content.decode()


@pytest.mark.parametrize("name", ["regenerate", "cancel"])
def test_buttons_do_nothing_by_a_link_without_permission_or_for_a_deleted_post(editor_client, name):
    stranger = logged_in(writer.make(is_staff=True))
    address = reverse(f"admin:generation_{name}", args=[finished_post.make().pk])

    assert editor_client.get(address).status_code == 405
    assert stranger.post(address).status_code == 403
    assert editor_client.post(reverse(f"admin:generation_{name}", args=[2**63])).status_code == 404
    assert not Generation.objects.exists()


def test_the_model_page_shows_the_provider_and_never_the_key(editor_client, settings):
    settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = "https://me:pass@models.example.com/v1", "sk-very-secret"

    html = editor_client.get(reverse("admin:generation_model")).content.decode()

    assert "models.example.com" in html
    assert "sk-very-secret" not in html
    assert "pass@" not in html


def test_the_model_page_counts_the_posts_that_failed_because_of_the_model(editor_client):
    failed("timeout")
    assert FAILED_POSTS.partition("{")[0] not in editor_client.get(reverse("admin:generation_model")).content.decode()
    failed("quota_exceeded")
    failed("provider_rejected")

    html = editor_client.get(reverse("admin:generation_model")).content.decode()

    assert FAILED_POSTS.format(number=2) in html
    assert "<code>provider_rejected</code> It went wrong." in html
