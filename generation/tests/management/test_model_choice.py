"""A model chosen at the terminal."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from blogs.tests.baker_recipes import finished_post
from generation.models import Generation

DEFAULT, OTHER = "first-model", "other-model"


@pytest.fixture(autouse=True)
def offered(settings):
    settings.OPENAI_MODEL, settings.MODELS = DEFAULT, [DEFAULT, OTHER]


def run(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.django_db
def test_posts_are_regenerated_with_a_chosen_model_or_keep_theirs():
    post, other = finished_post.make(), finished_post.make(model=OTHER)

    run("regenerate_posts", "--id", str(post.pk), "--model", OTHER)
    run("regenerate_posts", "--id", str(other.pk))

    assert set(Generation.objects.values_list("post_id", "requested_model")) == {(post.pk, OTHER), (other.pk, OTHER)}
    post.refresh_from_db()
    assert post.model == OTHER


@pytest.mark.django_db
def test_an_estimate_is_about_the_chosen_model(settings):
    settings.OPENAI_API_KEY = "a-key"
    finished_post.make()

    assert f"by {OTHER}:" in run("regenerate_posts", "--estimate", "--model", OTHER)
    assert f"by {DEFAULT}:" in run("regenerate_posts", "--estimate")


@pytest.mark.django_db
def test_an_estimate_names_each_model_that_posts_were_given(settings):
    settings.OPENAI_API_KEY = "a-key"
    for model in ("", DEFAULT, OTHER, "withdrawn-model"):
        finished_post.make(model=model)

    lines = run("regenerate_posts", "--estimate").splitlines()

    assert [line.partition(":")[0] for line in lines] == [f"3 posts by {DEFAULT}", f"1 post by {OTHER}"]


@pytest.mark.django_db
@pytest.mark.parametrize("command", [("regenerate_posts",), ("write", "Bread")])
def test_a_model_that_is_not_offered_is_refused_with_the_list(command):
    finished_post.make()

    with pytest.raises(CommandError, match=f"invalid choice: 'unheard-of'.*{DEFAULT}.*{OTHER}"):
        run(*command, "--model", "unheard-of")

    assert not Generation.objects.exists()


@pytest.mark.django_db
def test_one_post_is_written_with_a_chosen_model(model_server):
    said = run("write", "Growing tomatoes on a balcony", "--model", OTHER)

    assert f"words by {OTHER} in" in said
    assert {call.body["model"] for call in model_server.calls} == {OTHER}
