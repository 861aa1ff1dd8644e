"""Writers see and change their own posts, editors every post, in the admin and through the API."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost, Status
from blogs.tests.baker_recipes import failed_post, finished_post
from blogsite.testing.browsers import logged_in
from blogsite.testing.groups import member_of
from blogsite.testing.posts import owner_of
from generation.admin.bulk_actions import CANCEL, REGENERATE, RETRY
from generation.models import Generation

pytestmark = pytest.mark.django_db
LIST = reverse("admin:blogs_blogpost_changelist")


def page(post: BlogPost, name: str = "admin:blogs_blogpost_change") -> str:
    return reverse(name, args=[post.pk])


def test_the_groups_have_their_permissions(migrated_groups):
    assert migrated_groups["Writers"] == {f"{what}_blogpost" for what in ("view", "add", "change", "delete")} | {
        "view_revision",
        "view_generation",
    }
    assert migrated_groups["Editors"] - migrated_groups["Writers"] == {
        "view_user",
        "view_housestyle",
        "add_housestyle",
        "change_housestyle",
    }
    assert Permission.objects.get(codename="change_housestyle").name == "Can change house style"


def test_a_writer_sees_their_own_posts_only():
    user = member_of("Writers")
    mine, other = finished_post.make(title="Mine", owner=user), finished_post.make(title="Hers")
    client = logged_in(user)

    html = client.get(LIST).content.decode()
    live = client.get(reverse("admin:blogs_blogpost_live_list"), {"ids": f"{mine.pk},{other.pk}"}).json()

    assert ">Mine</a>" in html
    assert "Hers" not in html
    assert owner_of(other).email not in html
    assert live["posts"].keys() == {str(mine.pk)}


@pytest.mark.parametrize("name", ["blogs_blogpost_change", "blogs_blogpost_delete", "blogs_blogpost_history"])
def test_a_writer_does_not_find_the_pages_of_others_posts(name):
    other = finished_post.make(title="Hers")

    answer = logged_in(member_of("Writers")).get(page(other, f"admin:{name}"), follow=True)

    assert answer.redirect_chain
    assert "doesn’t exist" in answer.content.decode()
    assert "Hers" not in answer.content.decode()


def test_no_button_or_action_of_a_writer_reaches_others_posts():
    other, client = failed_post.make(), logged_in(member_of("Writers"))

    assert client.get(page(other, "admin:blogs_blogpost_live")).status_code == 404
    assert client.post(page(other, "admin:generation_regenerate")).status_code == 404
    assert client.post(page(other, "admin:generation_cancel")).status_code == 404
    for action in (REGENERATE.name, RETRY.name, CANCEL.name, "delete_selected"):
        run = {"after": 0, "until": other.pk, "total": 1, "done": 0, "post": "yes"}
        client.post(LIST, {"action": action, "_selected_action": [other.pk], "select_across": "1", **run})
    client.post(page(other), {"title": "Taken", "content": "Taken.", "brief": "", "seen_revision": 1, "_save": "1"})

    assert BlogPost.objects.get().title == other.title
    assert not Generation.objects.exists()


def test_a_writers_new_post_is_their_own_whatever_the_form_says():
    user, another = member_of("Writers"), writer.make()
    choices = {"length": "standard", "tone": "neutral", "audience": "general", "language": "auto"}
    client = logged_in(user)
    form = client.get(reverse("admin:blogs_blogpost_add")).context["adminform"].form

    client.post(
        reverse("admin:blogs_blogpost_add"),
        choices | form.initial | {"title": "Bread", "brief": "", "owner": another.pk},
    )

    assert BlogPost.objects.get().owner == user


def test_a_writer_cannot_give_a_post_away():
    user = member_of("Writers")
    post, client = finished_post.make(owner=user), logged_in(user)
    form = client.get(page(post)).context["adminform"].form

    client.post(page(post), form.initial | {"title": "New", "owner": writer.make().pk, "seen_revision": 1})

    post.refresh_from_db()
    assert post.owner == user


def test_an_editor_sees_and_changes_every_post():
    post, client = failed_post.make(title="Hers"), logged_in(member_of("Editors"))

    assert ">Hers</a>" in client.get(LIST).content.decode()
    client.post(page(post, "admin:generation_regenerate"))

    post.refresh_from_db()
    assert post.status == Status.PENDING


def test_those_who_may_only_view_posts_get_no_buttons_and_no_bulk_actions():
    user = writer.make(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_blogpost"))
    post, client = failed_post.make(), logged_in(user)

    html = client.get(page(post)).content.decode()

    assert "The model took too long." in html
    assert 'class="button"' not in html
    assert "formaction" not in html
    assert '<select name="action"' not in client.get(LIST).content.decode()
    assert client.post(page(post, "admin:generation_regenerate")).status_code == 403
    assert client.post(page(post, "admin:generation_cancel")).status_code == 403
    assert client.get(reverse("admin:generation_model")).status_code == 403


@pytest.mark.parametrize(
    ("groups", "expected"), [(["Writers"], 403), (["Editors"], 200), (["Writers", "Editors"], 200), ([], 403)]
)
def test_the_api_applies_the_same_rule(as_user, groups, expected):
    post, api = finished_post.make(), as_user(member_of(*groups))

    assert api.patch(f"/api/v1/blogs/{post.pk}", {"content": "Changed."}).status_code == expected
    assert api.get(f"/api/v1/blogs/{post.pk}/generations").status_code == expected


def test_a_writer_changes_their_own_post_through_the_api(as_user):
    user = member_of("Writers")
    post = finished_post.make(owner=user)

    assert as_user(user).patch(f"/api/v1/blogs/{post.pk}", {"content": "Changed."}).status_code == 200


@pytest.mark.parametrize("group", ["Writers", "Editors"])
def test_the_list_costs_the_same_for_many_posts(group, django_assert_max_num_queries):
    user = member_of(group)
    finished_post.make(owner=user, _quantity=3)
    client = logged_in(user)
    client.get(LIST)
    with django_assert_max_num_queries(40) as few:
        client.get(LIST)
    failed_post.make(owner=user, _quantity=97)

    with django_assert_max_num_queries(len(few)) as many:
        assert client.get(LIST).content.count(b"data-post=") == 100

    assert not [query for query in many if '"blogs_blogpost"."content"' in query["sql"]]
