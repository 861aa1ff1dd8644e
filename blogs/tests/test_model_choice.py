"""The model that writes a post, chosen in API and admin and by commands."""

from typing import Any

import pytest

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost
from blogs.options import not_offered
from blogs.tests.baker_recipes import finished_post
from generation.models import Generation

pytestmark = pytest.mark.django_db

DEFAULT, OTHER, WITHDRAWN = "first-model", "other-model", "withdrawn-model"


@pytest.fixture(autouse=True)
def offered(settings):
    settings.OPENAI_MODEL, settings.MODELS = DEFAULT, [DEFAULT, OTHER]


def request_by(method: str, post: BlogPost) -> tuple[str, str, dict[str, Any]]:
    """Return HTTP method, address and body of a request for a text."""
    return {
        "create": ("post", "/api/v1/blogs", {"title": "Bread"}),
        "update": ("put", f"/api/v1/blogs/{post.pk}", {"title": "Bread"}),
        "regenerate": ("post", f"/api/v1/blogs/{post.pk}/regenerate", {}),
    }[method]


EACH_REQUEST = pytest.mark.parametrize("request_name", ["create", "update", "regenerate"])


@EACH_REQUEST
def test_a_model_that_is_offered_is_kept_on_the_post_and_its_generation(as_user, request_name):
    post = finished_post.make()
    method, address, body = request_by(request_name, post)

    answer = getattr(as_user(post.owner), method)(address, body | {"model": OTHER})

    blog = answer.json()["blog"]
    assert answer.status_code in (201, 202)
    assert (blog["model"], BlogPost.objects.get(pk=blog["id"]).model) == (OTHER, OTHER)
    shown = as_user(post.owner).get(f"/api/v1/blogs/{blog['id']}/generations/1").json()["generation"]
    assert shown["requested_model"] == Generation.objects.get().requested_model == OTHER


@EACH_REQUEST
@pytest.mark.parametrize("model", ["no such", WITHDRAWN, "", 1, True, ["first-model"], {}])
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "k1"}], ids=["no key", "a key"])
def test_any_other_model_is_rejected_with_the_list_and_nothing_is_changed(as_user, request_name, model, key):
    post = finished_post.make()
    method, address, body = request_by(request_name, post)
    before = list(BlogPost.objects.values())

    answer = getattr(as_user(post.owner), method)(address, body | {"model": model}, headers=key)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"] == {"model": [not_offered()]}
    assert not_offered() == f"Choose one of: {DEFAULT}, {OTHER}."
    assert (list(BlogPost.objects.values()), Generation.objects.exists()) == (before, False)


def test_without_a_choice_the_posts_model_stays(as_user):
    post = finished_post.make(model=OTHER)
    client = as_user(post.owner)

    kept = client.post(f"/api/v1/blogs/{post.pk}/regenerate").json()["blog"]
    text = client.put(
        f"/api/v1/blogs/{post.pk}", {"title": "Mine", "content": "My text.", "regenerate": False, "model": DEFAULT}
    ).json()["blog"]
    replaced = client.put(f"/api/v1/blogs/{post.pk}", {"title": "Bread"}).json()["blog"]

    assert (kept["model"], text["model"], replaced["model"]) == (OTHER, OTHER, OTHER)
    assert list(Generation.objects.order_by("number").values_list("requested_model", flat=True)) == [OTHER, OTHER]


def test_null_is_the_default(as_user):
    post = finished_post.make(model=OTHER)

    blog = as_user(post.owner).post(f"/api/v1/blogs/{post.pk}/regenerate", {"model": None}).json()["blog"]

    assert (blog["model"], Generation.objects.get().requested_model) == (None, "")


def test_a_choice_costs_no_query(as_user, django_assert_max_num_queries):
    client = as_user(writer.make())
    with django_assert_max_num_queries(50) as without:
        client.post("/api/v1/blogs", {"title": "Bread"})
    number = len(without.captured_queries)

    with django_assert_max_num_queries(number):
        assert client.post("/api/v1/blogs", {"title": "Bread", "model": OTHER}).status_code == 201


def test_strangers_do_not_see_which_model_a_post_has(api):
    post = finished_post.make(model=OTHER)

    assert "model" not in api.get(f"/api/v1/blogs/{post.pk}").json()["blog"]


def test_the_schema_lists_what_is_offered(api):
    schemas = api.get("/openapi.json").json()["components"]["schemas"]

    for name in ("BriefRequest", "RewriteRequest", "RegenerateRequest"):
        offered = schemas[name]["properties"]["model"]["oneOf"]
        assert offered == [{"const": DEFAULT}, {"const": OTHER}, {"type": "null"}]


@pytest.mark.parametrize("body", ["[]", '"gpt"', "1"])
def test_a_body_that_is_no_object_is_rejected(as_user, body):
    post = finished_post.make()

    answer = as_user(post.owner).generic(
        "POST", f"/api/v1/blogs/{post.pk}/regenerate", body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert not Generation.objects.exists()
