"""A model chosen in the admin: on a post's form, with the button that regenerates it, and for many posts at once."""

import re

import pytest
from django.urls import reverse

from blogs.models import BlogPost
from blogs.options import not_offered
from blogs.tests.admin.test_form import Form
from blogs.tests.baker_recipes import failed_post, finished_post
from generation.admin.bulk_actions import AS_CHOSEN, CANCEL, REGENERATE
from generation.models import Generation
from generation.tests.admin.test_bulk_actions import LIST, choose, fields_of, finish
from generation.tests.baker_recipes import waiting

pytestmark = pytest.mark.django_db

DEFAULT, OTHER, WITHDRAWN = "first-model", "other-model", "withdrawn-model"


@pytest.fixture(autouse=True)
def offered(settings):
    settings.OPENAI_MODEL, settings.MODELS = DEFAULT, [DEFAULT, OTHER]


def page(client, post: BlogPost) -> str:
    return str(client.get(reverse("admin:blogs_blogpost_change", args=[post.pk])).content.decode())


def requested() -> list[str]:
    return list(Generation.objects.order_by("id").values_list("requested_model", flat=True))


def test_another_model_on_a_posts_form_regenerates_the_post():
    post = finished_post.make()

    Form(post).send(model=OTHER)

    post.refresh_from_db()
    assert (post.model, requested()) == (OTHER, [OTHER])


def test_a_form_that_was_opened_before_another_persons_choice_does_not_undo_it():
    post = finished_post.make()
    form = Form(post)
    BlogPost.objects.update(model=OTHER)

    form.send(brief="rye; water")

    post.refresh_from_db()
    assert (post.model, requested()) == (OTHER, [OTHER])


@pytest.mark.parametrize("offer", [[DEFAULT], [DEFAULT, OTHER]], ids=["one model", "two models"])
@pytest.mark.parametrize("model", ["", DEFAULT, WITHDRAWN])
def test_saving_a_form_without_a_change_regenerates_nothing(settings, offer, model):
    settings.MODELS = offer
    post = finished_post.make(model=model)

    assert Form(post).send().status_code == 302

    assert requested() == []
    post.refresh_from_db()
    assert post.model == model


def test_a_new_post_is_written_with_the_chosen_model(editor_client):
    address = reverse("admin:blogs_blogpost_add")
    options = {"length": "standard", "tone": "neutral", "audience": "general", "language": "auto"}
    owner = finished_post.make().owner_id

    editor_client.post(address, {"title": "Bread", "brief": "", "model": OTHER, "owner": owner} | options)

    assert requested() == [OTHER]


def test_a_model_that_is_not_offered_saves_nothing():
    post = finished_post.make()

    assert Form(post).send(model=WITHDRAWN).status_code == 200

    assert requested() == []


@pytest.mark.parametrize("make", [finished_post.make, failed_post.make])
def test_the_button_regenerates_with_the_model_beside_it(editor_client, make):
    post = make(model=DEFAULT)
    assert f'<option value="{DEFAULT}" selected>' in page(editor_client, post)

    editor_client.post(reverse("admin:generation_regenerate", args=[post.pk]), {"model": OTHER})

    assert requested() == [OTHER]


def test_the_button_refuses_a_model_that_is_not_offered(editor_client):
    post = finished_post.make()

    answer = editor_client.post(
        reverse("admin:generation_regenerate", args=[post.pk]),
        {"model": WITHDRAWN},
        headers={"Accept": "application/json"},
    )

    assert answer.json() == {"detail": not_offered()}
    assert requested() == []


def test_where_one_model_is_offered_there_is_nothing_to_choose(editor_client, settings):
    settings.MODELS = [DEFAULT]

    html = page(editor_client, finished_post.make()) + choose(editor_client, REGENERATE).content.decode()

    assert '<select name="model"' not in html


def test_many_posts_are_regenerated_with_one_model_or_each_with_its_own(editor_client):
    posts = [finished_post.make(), finished_post.make(model=OTHER)]
    confirmation = choose(editor_client, REGENERATE, posts)
    assert AS_CHOSEN in confirmation.content.decode()

    finish(editor_client, confirmation)
    assert requested() == ["", OTHER]
    BlogPost.objects.update(status="completed")
    fields = fields_of(choose(editor_client, REGENERATE, posts).content.decode())
    finish(editor_client, editor_client.post(LIST, fields | {"model": DEFAULT}))

    assert requested() == ["", OTHER, DEFAULT, DEFAULT]


def test_the_price_of_each_model_is_shown_for_the_posts_that_it_will_write(editor_client, settings):
    settings.OPENAI_API_KEY, settings.MODEL_PRICES = "a-key", {DEFAULT: ["0", "0", "0"], OTHER: ["100", "0", "0"]}
    posts = [*finished_post.make(_quantity=2), finished_post.make(model=OTHER)]

    html = choose(editor_client, REGENERATE, posts).content.decode()

    assert re.search(
        rf"{DEFAULT} <.*?\(of 2 posts\).*?>\$0.00<.*?{OTHER} <.*?\(of 1 post\).*?>\$0\.25<", html, re.DOTALL
    )


def test_the_choice_lasts_for_all_batches(editor_client, monkeypatch):
    monkeypatch.setattr("blogs.admin.bulk.BATCH", 1)
    fields = fields_of(choose(editor_client, REGENERATE, finished_post.make(_quantity=3)).content.decode())

    finish(editor_client, editor_client.post(LIST, fields | {"model": OTHER}))

    assert requested() == [OTHER] * 3


def test_a_bulk_choice_that_is_not_offered_asks_again(editor_client):
    fields = fields_of(choose(editor_client, REGENERATE, [finished_post.make()]).content.decode())

    answer = editor_client.post(LIST, fields | {"model": WITHDRAWN})

    assert REGENERATE.question in answer.content.decode()
    assert requested() == []


def test_cancelling_asks_for_no_model(editor_client):
    html = choose(editor_client, CANCEL, [waiting.make().post]).content.decode()

    assert "other-model" not in html
