"""What a generation keeps: a text that failed the checks, how a text was made, and what it may cost."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.baker_recipes import editor
from blogs.models import Status
from blogsite.testing.model_server import Behaviour, Fault
from blogsite.testing.model_server.script import Dialect
from blogsite.testing.posts import DRAFTING, fresh, request_post
from blogsite.testing.workers import eventually, executor_at_work
from generation.admin.proposals import EDITED
from generation.models import Generation, HouseStyle, State
from generation.queue.transitions import cancel
from generation.tests.writer.large_posts import VERIFYING, claims
from generation.worker import lease_keeper
from generation.worker.executor import write_due
from generation.writer import prompts
from generation.writer.calls import OVER_BUDGET
from generation.writer.checks.findings import FindingName
from generation.writer.draft import CHECKS_FAILED, NO_POST
from generation.writer.extract import OTHER_LANGUAGE

pytestmark = pytest.mark.django_db(transaction=True)

SHORT_POST = "Bread takes time.\n\n## Flour\n\nIt rises."


@pytest.fixture
def unfit(model_server):
    """A post whose text is none, not even after its repair."""
    post = request_post()
    model_server.answer(Behaviour(when=DRAFTING, text=SHORT_POST), times=2)
    write_due()
    post.refresh_from_db()
    return post


@pytest.fixture
def lie(model_server, settings):
    """A sentence that the model is going to write, and then to say that it contradicts the first note."""
    settings.GENERATION_VERIFY = True
    post = request_post()
    write_due()
    lie = fresh(post).content.split("\n\n")[2].split(". ")[0] + "."
    post.delete()
    model_server.calls.clear()
    model_server.answer(Behaviour(when=VERIFYING, text=claims((lie, 1, "contradicted"))))
    return lie


def test_a_text_that_contradicts_the_notes_after_its_repair_does_not_go_live(lie, model_server):
    post = request_post()
    write_due()

    post, generation = fresh(post), Generation.objects.get()
    assert post.failure is not None
    assert (post.status, post.content, post.failure["code"]) == (Status.FAILED, "", "invalid_output")
    assert f"{FindingName.CONTRADICTION.summary} “{lie}”" in generation.failure_message
    assert (generation.landing, lie in generation.content) == ("proposed", True)
    warning = {"name": "contradiction", "sentence": lie, "detail": "", "note": "flour and water"}
    assert generation.warnings == [warning]
    assert len(model_server.calls) == generation.calls == 4


def test_a_text_with_warnings_goes_live(lie, model_server):
    model_server.script.queue.clear()
    model_server.answer(Behaviour(when=VERIFYING, text=claims((lie, 0, "not_in_notes"))))
    post = request_post()
    write_due()

    assert (fresh(post).status, lie in fresh(post).content) == (Status.COMPLETED, True)
    warning = {"name": "unsupported_claim", "sentence": lie, "detail": "", "note": ""}
    assert Generation.objects.get().warnings == [warning]


def test_a_text_that_is_no_post_does_not_go_live(unfit, model_server):
    generation = Generation.objects.get()

    assert (unfit.status, unfit.content, unfit.revision) == (Status.FAILED, "", 0)
    assert unfit.failure["code"] == "invalid_output"
    assert NO_POST.partition("{")[0] in generation.failure_message
    assert (generation.status, generation.landing, generation.content) == (State.FAILED, "proposed", SHORT_POST)
    assert "sections" in generation.gate["failed"]
    assert len(model_server.calls) == generation.calls == 3


def test_a_person_may_accept_such_a_text_all_the_same(unfit, as_user):
    answered = as_user(unfit.owner).post(f"/api/v1/blogs/{unfit.pk}/generations/1/accept")

    unfit.refresh_from_db()
    assert answered.status_code == 200
    assert (unfit.status, unfit.failure, unfit.content, unfit.title) == (
        Status.COMPLETED, None, SHORT_POST, "Bread"
    )  # fmt: skip


def test_a_person_may_discard_such_a_text_and_the_post_stays_failed(unfit, as_user):
    as_user(unfit.owner).post(f"/api/v1/blogs/{unfit.pk}/generations/1/discard")

    unfit.refresh_from_db()
    assert (unfit.status, unfit.content, Generation.objects.get().landing) == (Status.FAILED, "", "discarded")


def test_the_admin_shows_why_such_a_text_is_a_proposal(unfit):
    browser = Client()
    browser.force_login(editor.make())

    html = browser.get(reverse("admin:generation_proposal", args=[unfit.pk, 1])).content.decode()

    assert CHECKS_FAILED.format(problems="It is too short") in html
    assert EDITED not in html


def test_the_api_shows_how_a_text_was_made(model_server, as_user, settings):
    style = HouseStyle.objects.create(text="British spelling.").text
    post = request_post(length="short", tone="formal")
    write_due()

    shown = as_user(post.owner).get(f"/api/v1/blogs/{post.pk}/generations/1").json()["generation"]

    assert (shown["prompt_version"], shown["model"], shown["provider"]) == (
        prompts.version("large"), "gpt-4o-mini", "compatible"
    )  # fmt: skip
    assert shown["provenance"]["sampling"]["draft"] == {"max_tokens": 1650, "temperature": 0.7}
    assert shown["provenance"]["seed"] is None
    assert shown["provenance"]["house_style"] == hashlib.sha256(style.encode()).hexdigest()[:12]
    assert shown["provenance"]["prices_of"] == f"built-in, {settings.MODEL_PRICES_DATE}"
    assert shown["provenance"]["seconds"].keys() == {"plan", "write", "check"}
    assert (shown["gate"]["failed"], shown["gate"]["wanted"]) == ([], "350 words")
    assert (shown["tone"], shown["length"]) == ("formal", "short")
    assert all("British spelling." in call.said and "formal tone" in call.said for call in model_server.calls)


def test_a_site_without_a_house_style_says_nothing_of_one(model_server):
    request_post()
    write_due()

    assert Generation.objects.get().provenance["house_style"] == ""
    assert "house style" not in model_server.calls[0].said


def test_the_text_so_far_is_readable_while_it_streams(model_server, as_user, settings, monkeypatch):
    monkeypatch.setattr(lease_keeper, "SAVE_EVERY", 0.1)
    settings.GENERATION_RENEW_EVERY = 0.1
    post = request_post()
    text = "Bread needs time. " * 200
    model_server.answer(Behaviour(when=DRAFTING, text=text, drip=0.0005))  # for minutes, unless it is ended
    client = as_user(post.owner)

    def shown() -> str:
        content: str = client.get(f"/api/v1/blogs/{post.pk}/generations/1").json()["generation"]["content"]
        return content

    with executor_at_work():
        eventually(shown)
        seen = shown()
        cancel(fresh(post))

    assert text.startswith(seen)
    assert len(seen) < len(text)
    assert Generation.objects.get().content.startswith(seen)


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [({"fault": Fault.CUT}, "provider_unavailable"), ({"drip": 0.0005}, "timeout")],  # half of the text; for minutes
)
def test_the_text_that_had_come_before_a_stream_ended_stays_readable(model_server, settings, behaviour, code):
    settings.GENERATION_ATTEMPTS = 1
    settings.GENERATION_CALL_DEADLINE = 5
    text = "Bread needs time. " * 1000
    request_post()
    model_server.answer(Behaviour(when=DRAFTING, text=text, **behaviour))

    write_due()

    generation = Generation.objects.get()
    assert generation.failure_code == code
    assert 0 < len(generation.content) < len(text)
    assert text.startswith(generation.content)


def test_a_post_may_not_use_more_tokens_than_the_site_allows(model_server, settings):
    settings.GENERATION_TOKENS_MAX = 4000
    post = request_post()
    write_due()

    post.refresh_from_db()
    generation = Generation.objects.get()
    assert post.failure is not None
    assert (post.failure["code"], post.failure["retryable"]) == ("quota_exceeded", False)
    assert OVER_BUDGET.partition("GENERATION_TOKENS_MAX")[2].format(limit=4000) in generation.failure_message
    assert len(model_server.calls) == generation.calls == 1  # the plan; the draft could have passed the limit
    assert generation.prompt_tokens > 0


def test_the_limit_counts_the_tokens_of_earlier_attempts(model_server, settings):
    settings.GENERATION_TOKENS_MAX = 20_000
    request_post()
    Generation.objects.update(prompt_tokens=10_000, completion_tokens=9_900)
    write_due()

    assert Generation.objects.get().failure_code == "quota_exceeded"
    assert not model_server.calls


def test_a_repair_beyond_the_limit_leaves_the_draft_to_a_person(lie, model_server, settings):
    settings.GENERATION_TOKENS_MAX = 9000
    request_post()
    write_due()

    generation = Generation.objects.get()
    assert (generation.failure_code, generation.landing) == ("invalid_output", "proposed")
    assert generation.provenance["repair"]["result"] == "quota_exceeded"
    assert len(model_server.calls) == 3


def test_a_server_that_counts_nothing_cannot_pass_the_limit_either(lie, model_server, settings):
    settings.GENERATION_TOKENS_MAX = 9000
    request_post()
    model_server.always(Behaviour(dialect=Dialect.UNCOUNTED, when=DRAFTING))
    write_due()

    generation = Generation.objects.get()
    assert generation.provenance["repair"]["result"] == "quota_exceeded"
    assert len(model_server.calls) == 3


def test_the_embedded_model_translates_nothing(model_server, settings):
    settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL = ""
    settings.LOCAL_MODEL_URL = model_server.url
    post = request_post(language="de")
    write_due()

    post.refresh_from_db()
    assert post.failure is not None
    assert post.failure["code"] == "unsupported_language"
    message = OTHER_LANGUAGE.format(found="English", wanted="German")
    assert Generation.objects.get().failure_message == message
    assert not model_server.calls


def test_an_attempt_that_ran_out_of_time_bills_the_call_that_it_aborted_too(model_server, settings):
    settings.GENERATION_DEADLINE, settings.GENERATION_ATTEMPTS = 1.0, 1
    request_post()
    model_server.answer(Behaviour(when=DRAFTING, fault=Fault.HANG))

    write_due()

    generation = Generation.objects.get()
    assert (generation.status, generation.failure_code, generation.calls) == (State.FAILED, "timeout", 2)
    assert generation.prompt_tokens > sum(len(call.said) for call in model_server.calls) / 4
    assert generation.cost is None  # what nobody counted is a guess


def test_an_attempt_of_unknown_cost_makes_that_of_the_generation_unknown(model_server, settings):
    settings.GENERATION_ATTEMPTS = 2
    request_post()
    model_server.answer(Behaviour(when=DRAFTING, status=503))
    write_due()
    first = Generation.objects.get()
    Generation.objects.update(not_before=None)
    model_server.answer(Behaviour(when=DRAFTING, fault=Fault.RESET))

    write_due()

    generation = Generation.objects.get()
    assert first.cost is not None
    assert (generation.status, generation.cost) == (State.FAILED, None)
    assert generation.calls > first.calls
