"""Fields that a request does not take: none is dropped in silence."""

import pytest

from blogs.models import BlogPost
from blogs.tests.baker_recipes import finished_post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["put", "patch"])
def test_an_answers_own_post_sent_back_changes_nothing_and_says_what_to_send(as_user, method):
    post = finished_post.make()
    client = as_user(post.owner)
    blog = client.get(f"/api/v1/blogs/{post.pk}/draft").json()["blog"]
    before = BlogPost.objects.values().get()

    for body in (blog, {"blog": blog}):
        answer = getattr(client, method)(f"/api/v1/blogs/{post.pk}", body)

        assert answer.status_code == 400
        assert "`title`, `content`" in answer.json()["detail"]
    assert BlogPost.objects.values().get() == before


def test_unknown_fields_are_named(as_user):
    post = finished_post.make()
    client = as_user(post.owner)

    for method, path, body in (
        ("post", "/api/v1/blogs", {"title": "x", "brief": "notes"}),
        ("patch", f"/api/v1/blogs/{post.pk}", {"contnet": "x"}),
        ("post", f"/api/v1/blogs/{post.pk}/regenerate", {"tone": "formal"}),
        ("patch", f"/api/v1/blogs/{post.pk}/draft", {"title": "x"}),
    ):
        answer = getattr(client, method)(path, body)
        assert answer.status_code == 400
        assert next(name for name in body if name != "title" or len(body) == 1) in answer.json()["errors"]
