"""`DELETE /me`: a person leaves, and says what becomes of the posts."""

import pytest

from accounts.api.leaving import CHOOSE
from accounts.attempts import NOT_YOURS
from accounts.leaving import LastSuperuser
from accounts.models import User
from accounts.tests.baker_recipes import PASSWORD, editor, writer
from accounts.tokens import token_pair
from blogs.models import BlogPost, Status
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.posts import request_post
from generation.models import Generation, State

pytestmark = pytest.mark.django_db
ME = "/api/v1/me"


@pytest.mark.parametrize("choice", ["keep", "delete"])
def test_who_leaves_keeps_or_deletes_their_posts_and_ends_everything(as_user, api, choice):
    user = writer.make()
    live, running, other = finished_post.make(owner=user), request_post(owner=user), request_post()
    client, refresh = as_user(user), token_pair(user)["refresh_token"]

    answer = client.delete(ME, {"password": PASSWORD, "posts": choice})

    assert (answer.status_code, answer.content) == (204, b"")
    assert not User.objects.filter(pk=user.pk).exists()
    assert client.get(ME).status_code == 401
    assert api.post("/api/v1/refresh", {"refresh_token": refresh}).status_code == 401
    assert list(Generation.objects.filter(status=State.PENDING)) == [other.generations.get()]
    if choice == "delete":
        assert list(BlogPost.objects.all()) == [other]
        return
    shown = api.get(f"/api/v1/blogs/{live.pk}").json()["blog"]
    assert (shown["owner_id"], shown["content"]) == (None, "The text that readers see.")
    running.refresh_from_db()
    assert (running.owner, running.status) == (None, Status.FAILED)


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"password": PASSWORD}, "posts", CHOOSE),
        ({"password": PASSWORD, "posts": "burn"}, "posts", CHOOSE),
        ({"password": PASSWORD, "posts": None}, "posts", CHOOSE),
        ({"posts": "keep"}, "password", "This field is required."),
        ({"password": "wrong", "posts": "keep"}, "password", NOT_YOURS),
        ({}, "posts", CHOOSE),
    ],
)
def test_nobody_leaves_without_the_password_and_a_choice(as_user, body, field, message):
    user = writer.make()

    answer = as_user(user).delete(ME, body)

    assert answer.status_code == 400
    assert answer.json()["errors"][field] == [message]
    assert User.objects.filter(pk=user.pk).exists()


def test_the_last_superuser_cannot_leave(as_user):
    user = editor.make()
    editor.make(is_active=False)
    post = finished_post.make(owner=user)
    body = {"password": PASSWORD, "posts": "delete"}

    answer = as_user(user).delete(ME, body)

    assert (answer.status_code, answer.json()["detail"]) == (409, LastSuperuser.detail)
    assert answer.json()["type"] == "/problems/last-superuser"
    assert BlogPost.objects.get() == post
    editor.make()
    assert as_user(user).delete(ME, body).status_code == 204


def test_a_post_of_nobody_is_listed_and_changed_by_those_with_the_permission(as_user, api):
    user, stranger = writer.make(), writer.make()
    post = finished_post.make(owner=user)
    as_user(user).delete(ME, {"password": PASSWORD, "posts": "keep"})

    listed = api.get("/api/v1/blogs").json()["blogs"]
    assert [(blog["id"], blog["owner_id"]) for blog in listed] == [(post.pk, None)]
    address = f"/api/v1/blogs/{post.pk}"
    assert as_user(stranger).patch(address, {"title": "Mine"}).status_code == 403
    assert as_user(stranger).get(f"{address}/revisions").status_code == 403
    assert as_user(editor.make()).post(f"{address}/regenerate").status_code == 202
    assert as_user(editor.make()).delete(address).status_code == 204
