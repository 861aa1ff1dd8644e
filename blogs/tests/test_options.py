"""Writing options of a post, in API, admin and command."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.tests.baker_recipes import editor, writer
from blogs.models import BlogPost
from blogs.options import CHOICES
from blogs.tests.baker_recipes import finished_post
from generation.models import Generation

pytestmark = pytest.mark.django_db

DEFAULTS = {"length": "standard", "tone": "neutral", "audience": "general", "language": "auto"}
OTHERS: dict[str, Any] = {"length": "long", "tone": "playful", "audience": "children", "language": "de"}


def options_of(blog):
    return {name: blog[name] for name in DEFAULTS}


def test_a_brief_without_options_gets_the_defaults(as_user):
    blog = as_user(writer.make()).post("/api/v1/blogs", {"title": "Bread"}).json()["blog"]

    assert options_of(blog) == Generation.objects.get().options == DEFAULTS


def test_options_are_kept_with_the_brief_and_seen_by_its_owner_only(as_user, api):
    owner = writer.make()

    blog = as_user(owner).post("/api/v1/blogs", {"title": "Bread"} | OTHERS).json()["blog"]

    assert options_of(blog) == Generation.objects.get().options == OTHERS
    generation = as_user(owner).get(f"/api/v1/blogs/{blog['id']}/generations/1").json()["generation"]
    assert options_of(generation) == OTHERS
    assert not DEFAULTS.keys() & api.get(f"/api/v1/blogs/{blog['id']}").json()["blog"].keys()


def test_put_changes_the_options_that_it_names_and_earlier_generations_keep_theirs(as_user):
    post = finished_post.make()
    client = as_user(post.owner)

    client.put(f"/api/v1/blogs/{post.pk}", {"title": "Bread"} | OTHERS)
    client.put(f"/api/v1/blogs/{post.pk}", {"title": "Bread", "tone": "formal"})

    first, second = Generation.objects.order_by("number")
    assert (first.options, second.options) == (OTHERS, OTHERS | {"tone": "formal"})


def test_replacing_the_text_keeps_the_options(as_user):
    post = finished_post.make(**OTHERS)

    body = {"title": "Mine", "content": "My text.", "regenerate": False, "tone": "formal"}
    blog = as_user(post.owner).put(f"/api/v1/blogs/{post.pk}", body).json()["blog"]

    assert options_of(blog) == OTHERS


def test_regenerating_keeps_the_options(as_user):
    post = finished_post.make(**OTHERS)

    as_user(post.owner).post(f"/api/v1/blogs/{post.pk}/regenerate")

    assert Generation.objects.get().options == OTHERS


@pytest.mark.parametrize("name", DEFAULTS)
@pytest.mark.parametrize("value", ["no such", "", None, 1, ["short"], {}])
@pytest.mark.parametrize("method", ["post", "put"])
def test_an_unknown_value_is_rejected_with_the_list(as_user, name, value, method):
    post = finished_post.make()
    address = "/api/v1/blogs" if method == "post" else f"/api/v1/blogs/{post.pk}"

    answer = getattr(as_user(post.owner), method)(address, {"title": "Bread", name: value})

    assert answer.status_code == 400
    (message,) = answer.json()["errors"][name]
    assert value is None or message == f"Choose one of: {', '.join(CHOICES[name].values)}."
    assert (BlogPost.objects.get().title, Generation.objects.exists()) == (post.title, False)


def test_other_options_under_a_used_key_are_another_request(as_user):
    client = as_user(writer.make())
    key = {"Idempotency-Key": "k1"}

    client.post("/api/v1/blogs", {"title": "Bread", "tone": "formal"}, headers=key)
    same = client.post("/api/v1/blogs", {"title": "Bread", "tone": "formal"}, headers=key)
    other = client.post("/api/v1/blogs", {"title": "Bread", "tone": "playful"}, headers=key)

    assert (same.status_code, same["Idempotency-Replayed"], other.status_code) == (201, "true", 422)


def test_an_option_changed_in_the_admin_regenerates_the_post():
    post = finished_post.make()
    browser = Client()
    browser.force_login(editor.make())
    shown = {"brief": post.brief, "owner": post.owner_id, **post.options}
    form = {"title": post.title, "content": post.content, "seen_revision": 1, **shown, "tone": "formal"}
    form |= {f"initial-{name}": value for name, value in shown.items()}
    for prefix in ("generations", "revisions"):
        form |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}

    browser.post(reverse("admin:blogs_blogpost_change", args=[post.pk]), form)

    generation = Generation.objects.get()
    assert (generation.brief, generation.options) == (post.brief, DEFAULTS | {"tone": "formal"})


def test_the_command_changes_the_options_of_the_posts_it_regenerates():
    post, other = finished_post.make(**OTHERS), finished_post.make()

    call_command("regenerate_posts", "--id", str(post.pk), "--length", "short")

    post.refresh_from_db()
    other.refresh_from_db()
    assert post.options == Generation.objects.get().options == OTHERS | {"length": "short"}
    assert other.options == DEFAULTS
    with pytest.raises(CommandError, match="invalid choice: 'endless'"):
        call_command("regenerate_posts", "--length", "endless")
