"""Users are deleted in the admin once somebody has said where their posts go."""

import re

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import Permission

from accounts.admin import deletion
from accounts.admin.deletion import CHOICES, CHOOSE, DELETE, DELETED, MINE, NOBODYS, ONLY_SUPERUSERS, PROGRESS
from accounts.leaving import PIECE, LastSuperuser
from accounts.models import User
from accounts.tests.baker_recipes import editor, writer
from blogs.models import BlogPost, Revision
from blogs.receivers import PIECE as POSTS
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.browsers import logged_in
from blogsite.testing.posts import owner_of

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/user/"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def chief():
    return editor.make(email="chief@example.com")


def delete(client, users, page="list", **data):
    """Confirm the deletion of users, on the page of a selection or of the only one; return the answer's page."""
    data = {"post": "yes", "until": max(user.pk for user in users)} | data
    if page == "list":
        chosen = {"action": "delete_selected", "_selected_action": [user.pk for user in users]}
        return client.post(LIST, chosen | data, follow=True).content.decode()
    return client.post(f"{LIST}{users[0].pk}/delete/", data, follow=True).content.decode()


@pytest.mark.parametrize("page", ["list", "single"])
def test_the_page_says_how_many_posts_there_are_and_offers_three_choices(chief, page):
    user = writer.make()
    finished_post.make(owner=user, _quantity=3)
    client = logged_in(chief)

    if page == "list":
        answer = client.post(LIST, {"action": "delete_selected", "_selected_action": [user.pk]})
    else:
        answer = client.get(f"{LIST}{user.pk}/delete/")

    html = answer.content.decode()
    assert "They own 3 posts." in html
    assert user.email in html
    assert [html.count(f'name="posts" value="{choice}"') for choice in CHOICES] == [1, 1, 1]
    assert f'value="{MINE}" required id="id_posts_0" checked' in html
    assert User.objects.filter(pk=user.pk).exists()


@pytest.mark.parametrize("page", ["list", "single"])
@pytest.mark.parametrize("choice", CHOICES)
def test_the_posts_go_where_the_choice_says(chief, page, choice):
    user = writer.make()
    post, other = finished_post.make(owner=user), finished_post.make()
    revision = post.add_revision("Bread", "Rye.", source=Revision.Source.HUMAN, author=user)
    version = post.version

    html = delete(logged_in(chief), [user], page, posts=choice)

    assert DELETED.format(1) in html
    assert not User.objects.filter(pk=user.pk).exists()
    if choice == DELETE:
        assert list(BlogPost.objects.all()) == [other]
        return
    post.refresh_from_db()
    assert (post.owner, post.content, post.version) == (chief if choice == MINE else None, "Rye.", version + 1)
    revision.refresh_from_db()
    assert revision.author is None


@pytest.mark.parametrize("data", [{}, {"posts": "burn"}, {"posts": ""}, {"posts": MINE, "until": "x" * 30}])
def test_nothing_is_deleted_without_a_choice(chief, data):
    user = owner_of(finished_post.make())

    html = delete(logged_in(chief), [user], **data)

    assert User.objects.filter(pk=user.pk).exists()
    assert BlogPost.objects.get().owner == user
    assert "<title>Error: " in html
    assert CHOOSE in html or "burn" in data.values() or "until" in data


def test_more_users_and_posts_than_fit_in_a_piece_are_deleted(chief):
    users = writer.make(_quantity=PIECE + 3)
    finished_post.make(owner=users[0], _quantity=POSTS * 2 + 3)

    html = delete(logged_in(chief), users, posts=MINE)

    assert DELETED.format(PIECE + 3) in html
    assert list(User.objects.all()) == [chief]
    assert BlogPost.objects.filter(owner=chief).count() == POSTS * 2 + 3


@pytest.mark.parametrize("choice", CHOICES)
def test_what_takes_long_goes_on_in_further_requests(chief, monkeypatch, choice):
    monkeypatch.setattr(deletion, "BATCH_SECONDS", 0.0)
    users = writer.make(_quantity=PIECE + 3)
    finished_post.make(owner=users[0], _quantity=POSTS + 3)
    client = logged_in(chief)
    address = f"{LIST}?is_staff__exact=0"
    sent = {"action": "delete_selected", "_selected_action": [0], "select_across": "1", "until": users[-1].pk}

    html = client.post(address, sent | {"post": "yes", "posts": choice}).content.decode()
    shown: list[str] = []
    while 'id="bulk-next"' in html:
        shown += re.findall(r'role="status">(.*?)<', html)
        html = client.post(address, dict(HIDDEN.findall(html)), follow=True).content.decode()

    assert shown == [PROGRESS.format(done=done, total=PIECE + 3) for done in (0, 0, PIECE)]
    assert DELETED.format(PIECE + 3) in html
    assert list(User.objects.all()) == [chief]
    assert BlogPost.objects.count() == (0 if choice == DELETE else POSTS + 3)
    assert LogEntry.objects.filter(action_flag=DELETION).count() == PIECE + 3


def test_whoever_deletes_themselves_among_many_comes_last(monkeypatch):
    monkeypatch.setattr(deletion, "BATCH_SECONDS", 0.0)
    me = editor.make()
    users = writer.make(_quantity=PIECE)
    other = editor.make()
    client = logged_in(me)
    everybody = {"action": "delete_selected", "_selected_action": [0], "select_across": "1", "until": users[-1].pk}

    html = client.post(LIST, everybody | {"post": "yes", "posts": NOBODYS}).content.decode()
    while 'id="bulk-next"' in html:
        html = client.post(LIST, dict(HIDDEN.findall(html))).content.decode()

    assert list(User.objects.all()) == [other]


def test_users_who_came_since_the_page_was_shown_stay(chief):
    shown = writer.make()
    came = writer.make()

    logged_in(chief).post(
        f"{LIST}?is_staff__exact=0",
        {
            "action": "delete_selected",
            "_selected_action": [0],
            "select_across": "1",
            "post": "yes",
            "until": shown.pk,
            "posts": NOBODYS,
        },
    )

    assert set(User.objects.all()) == {chief, came}


def test_the_last_superuser_stays(chief):
    user = writer.make()

    html = delete(logged_in(chief), [user, chief], posts=NOBODYS)

    assert LastSuperuser.detail in html
    assert set(User.objects.all()) == {user, chief}


@pytest.mark.parametrize("page", ["list", "single"])
def test_superusers_are_deleted_by_superusers_alone(chief, page):
    other, clerk = editor.make(), writer.make(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["delete_user", "view_user"]))

    html = delete(logged_in(clerk), [other], page, posts=NOBODYS)

    assert (ONLY_SUPERUSERS in html) == (page == "list")
    assert set(User.objects.all()) == {chief, other, clerk}


def test_who_deletes_their_own_account_cannot_hand_the_posts_to_it(chief):
    other = editor.make()
    post = finished_post.make(owner=chief)
    client = logged_in(chief)

    delete(client, [chief], posts=MINE)
    assert BlogPost.objects.get().owner == chief
    delete(client, [chief], posts=NOBODYS)

    post.refresh_from_db()
    assert (post.owner, list(User.objects.all())) == (None, [other])


@pytest.mark.parametrize(
    ("codenames", "offered"),
    [
        ((), [NOBODYS]),
        (("change_blogpost",), [MINE, NOBODYS]),
        (("delete_blogpost",), [NOBODYS, DELETE]),
    ],
)
def test_who_has_no_right_to_posts_gets_none_by_deleting_their_owners(codenames, offered):
    clerk, user = writer.make(is_staff=True), owner_of(finished_post.make())
    codenames = (*codenames, "delete_user", "view_user")
    clerk.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = logged_in(clerk)

    html = client.get(f"{LIST}{user.pk}/delete/").content.decode()
    for choice in set(CHOICES) - set(offered):
        delete(client, [user], posts=choice)

    assert [choice for choice in CHOICES if f'value="{choice}"' in html] == offered
    assert BlogPost.objects.get().owner == user


@pytest.mark.parametrize("method", ["get", "post"])
def test_deleting_takes_the_permission_to_delete_users(method):
    user = writer.make()
    client = logged_in(writer.make(is_staff=True))

    data = {"post": "yes", "until": user.pk, "posts": NOBODYS}
    assert getattr(client, method)(f"{LIST}{user.pk}/delete/", data).status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


def test_a_user_who_is_deleted_by_code_leaves_their_posts_to_nobody():
    post = finished_post.make()

    owner_of(post).delete()

    post.refresh_from_db()
    assert (post.owner, post.content) == (None, "The text that readers see.")
