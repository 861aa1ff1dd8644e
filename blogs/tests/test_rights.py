"""What each kind of user may do with their own and with others' posts, at every endpoint and page of the admin."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import User
from accounts.tests.baker_recipes import editor, writer
from blogs.models import BlogPost, Revision, Status
from blogs.roles import Action
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.browsers import as_sent, logged_in
from blogsite.testing.groups import member_of
from blogsite.testing.posts import owner_of
from generation.models import Generation
from generation.tests.baker_recipes import waiting, written

pytestmark = pytest.mark.django_db
NOTHING: set[Action] = set()


def user_with(*actions: Action, groups: tuple[str, ...] = (), is_staff: bool = True) -> User:
    user = member_of(*groups) if groups else writer.make()
    user.is_staff = is_staff
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=[f"{action}_blogpost" for action in actions]))
    return user


# Each kind of user, and what they may do with the posts of others.
USERS: dict[str, tuple[Callable[[], User], set[Action]]] = {
    "staff without permissions": (user_with, NOTHING),
    "staff who may view": (lambda: user_with(Action.VIEW), {Action.VIEW}),
    "staff who may change": (lambda: user_with(Action.CHANGE), {Action.VIEW, Action.CHANGE}),
    "staff who may delete": (lambda: user_with(Action.DELETE), {Action.DELETE}),
    "a writer": (lambda: user_with(groups=("Writers",)), NOTHING),
    "a writer with permissions of their own": (lambda: user_with(*Action, groups=("Writers",)), NOTHING),
    "an editor": (lambda: user_with(groups=("Editors",)), {*Action}),
    "an editor and writer": (lambda: user_with(groups=("Writers", "Editors")), {*Action}),
    "an editor who is not staff": (lambda: user_with(groups=("Editors",), is_staff=False), {*Action}),
    "anybody who may view": (lambda: user_with(Action.VIEW, is_staff=False), {Action.VIEW}),
    "anybody": (lambda: user_with(is_staff=False), NOTHING),
    "a superuser": (editor.make, {*Action}),
}
NEW_TEXT = {"title": "New", "content": "New text."}
ENDPOINTS: list[tuple[Action, str, str, dict[str, Any]]] = [
    (Action.VIEW, "get", "/revisions", {}),
    (Action.VIEW, "get", "/revisions/1", {}),
    (Action.VIEW, "get", "/generations", {}),
    (Action.VIEW, "get", "/generations/1", {}),
    (Action.CHANGE, "put", "", NEW_TEXT),
    (Action.CHANGE, "put", "", NEW_TEXT | {"regenerate": False}),
    (Action.CHANGE, "patch", "", NEW_TEXT),
    (Action.CHANGE, "post", "/regenerate", {}),
    (Action.CHANGE, "post", "/cancel", {}),
    (Action.CHANGE, "post", "/generations/1/accept", {}),
    (Action.CHANGE, "post", "/generations/1/discard", {}),
    (Action.CHANGE, "post", "/revisions/1/restore", {}),
    (Action.DELETE, "delete", "/revisions/1", {}),
    (Action.DELETE, "delete", "", {}),
]
PAGES: list[tuple[Action, str, str, dict[str, Any]]] = [
    (Action.VIEW, "get", "blogs_blogpost_change", {}),
    (Action.VIEW, "get", "blogs_blogpost_history", {}),
    (Action.VIEW, "get", "blogs_blogpost_compare", {}),
    (Action.VIEW, "get", "blogs_blogpost_preview", {}),
    (Action.VIEW, "get", "blogs_blogpost_live", {}),
    (Action.VIEW, "get", "blogs_blogpost_release", {}),
    (Action.VIEW, "get", "generation_proposal", {}),
    (Action.CHANGE, "post", "blogs_blogpost_change", NEW_TEXT),
    (Action.CHANGE, "post", "blogs_blogpost_restore", {"number": 1, "seen": 2}),
    (Action.CHANGE, "post", "blogs_blogpost_release", {"decision": "unpublish", "number": 2}),
    (Action.CHANGE, "post", "generation_regenerate", {}),
    (Action.CHANGE, "post", "generation_cancel", {}),
    (Action.CHANGE, "post", "generation_proposal", {"decision": "accept", "seen": 2}),
    (Action.DELETE, "post", "blogs_blogpost_delete_revision", {"number": 1}),
    (Action.DELETE, "post", "blogs_blogpost_delete", {"post": "yes"}),
]


def post_of(owner: User | None) -> BlogPost:
    """Return a post with two revisions, a proposal and an unfinished generation."""
    post: BlogPost = finished_post.make(owner=owner, revision=0)
    for text in ("Rye.", "Rye and water."):
        post.add_revision("Bread", text, source=Revision.Source.AI)
    written.make(post=post, number=1, landing=Generation.Landing.PROPOSED, owner=None)
    waiting.make(post=post, number=2, owner=None, base_revision=2)
    return post


def rows() -> list[Any]:
    return [list(model._base_manager.order_by("pk").values()) for model in (BlogPost, Revision, Generation)]


@pytest.mark.parametrize(("action", "method", "path", "body"), ENDPOINTS)
@pytest.mark.parametrize("who", USERS)
def test_in_the_api_permissions_decide_on_others_posts(as_user, who, action, method, path, body):
    make, rights = USERS[who]
    user = make()
    for post, allowed in ((post_of(user), True), (post_of(writer.make()), action in rights), (post_of(None), None)):
        before = rows()

        answer = getattr(as_user(user), method)(f"/api/v1/blogs/{post.pk}{path}", body or None)

        expected = action in rights if allowed is None else allowed
        assert (answer.status_code < 300) == expected, answer.content
        assert expected or answer.status_code == 403
        assert (rows() != before) == (expected and action != Action.VIEW)


def form_of(post: BlogPost) -> dict[str, Any]:
    shown = {"brief": as_sent(post.brief), "owner": post.owner_id or "", **post.options}
    return shown | {f"initial-{name}": value for name, value in shown.items()} | {"seen_revision": post.revision}


@pytest.mark.parametrize(("action", "method", "page", "body"), PAGES)
@pytest.mark.parametrize("who", USERS)
def test_in_the_admin_the_same_permissions_decide_for_staff(who, action, method, page, body):
    make, rights = USERS[who]
    user = make()
    for post, is_own in ((post_of(user), True), (post_of(writer.make()), False), (post_of(None), False)):
        arguments = [post.pk, 1] if page == "generation_proposal" else [post.pk]
        data = form_of(post) | body if page == "blogs_blogpost_change" and body else body
        before = rows()

        answer = getattr(logged_in(user), method)(reverse(f"admin:{page}", args=arguments), data)

        allowed = user.is_staff and (is_own or action in rights)
        if action == Action.VIEW:
            assert (answer.status_code == 200) == allowed
        assert allowed or answer.status_code in (302, 403, 404)
        assert (rows() != before) == (allowed and action != Action.VIEW)


@pytest.mark.parametrize("who", [who for who in USERS if "anybody" not in who and "not staff" not in who])
def test_the_list_shows_what_a_user_may_view(who):
    make, rights = USERS[who]
    user = make()
    mine, other = finished_post.make(title="Mine", owner=user), finished_post.make(title="Hers")

    html = logged_in(user).get(reverse("admin:blogs_blogpost_changelist")).content.decode()
    live = logged_in(user).get(reverse("admin:blogs_blogpost_live_list"), {"ids": f"{mine.pk},{other.pk}"}).json()

    assert ">Mine</a>" in html
    assert (">Hers</a>" in html) == (owner_of(other).email in html) == (Action.VIEW in rights)
    assert live["posts"].keys() == {str(mine.pk), *([str(other.pk)] if Action.VIEW in rights else [])}


@pytest.mark.parametrize("who", [who for who in USERS if "anybody" not in who and "not staff" not in who])
@pytest.mark.parametrize(
    ("name", "action"), [("cancel", Action.CHANGE), ("regenerate", Action.CHANGE), ("delete_selected", Action.DELETE)]
)
def test_bulk_actions_reach_what_a_user_may_change_or_delete(who, name, action):
    make, rights = USERS[who]
    user = make()
    status = Status.PENDING if name == "cancel" else Status.COMPLETED
    mine, other = (finished_post.make(owner=owner, status=status) for owner in (user, writer.make()))
    for post in (mine, other):
        waiting.make(post=post) if name == "cancel" else None
    seen = [mine.pk, other.pk] if Action.VIEW in rights else [mine.pk]
    run = {"after": 0, "until": other.pk, "total": 2, "done": 0, "post": "yes"}

    def act(chosen: list[int]) -> None:
        data = {"action": name, "_selected_action": chosen, **run}
        logged_in(user).post(reverse("admin:blogs_blogpost_changelist"), data)

    before = rows()
    act([other.pk])
    assert (rows() != before) == (action in rights and other.pk in seen)
    before = rows()
    act([mine.pk])
    assert rows() != before


def test_staff_with_nothing_to_see_get_no_list_of_posts():
    user = user_with()
    finished_post.make()

    assert logged_in(user).get(reverse("admin:blogs_blogpost_changelist")).status_code == 403
    assert "/admin/blogs/" not in logged_in(user).get(reverse("admin:index")).content.decode()


def test_the_owner_of_a_post_gives_it_away_only_with_the_permission_to_change_all():
    user = user_with()
    post, client = post_of(user), logged_in(user)

    client.post(reverse("admin:blogs_blogpost_change", args=[post.pk]), form_of(post) | NEW_TEXT | {"owner": ""})

    post.refresh_from_db()
    assert (post.owner, post.title) == (user, "New")


def test_visitors_are_shown_the_log_in_page(client):
    assert client.get(reverse("admin:login")).status_code == 200
    assert client.get(reverse("admin:blogs_blogpost_changelist")).status_code == 302
