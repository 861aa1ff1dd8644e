"""What the admin's pages are told while they keep themselves up to date."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.baker_recipes import editor, writer
from blogs.models import BlogPost, Revision, Status
from blogs.tests.baker_recipes import failed_post, finished_post

pytestmark = pytest.mark.django_db
LIST = reverse("admin:blogs_blogpost_live_list")


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(editor.make())
    return client


def writing(done: int = 2, **fields) -> BlogPost:
    progress = {"stage": "write", "done": done, "total": 5}
    post: BlogPost = finished_post.make(status=Status.IN_PROGRESS, progress=progress, **fields)
    return post


def page(post: BlogPost, revision: int) -> str:
    return f"{reverse('admin:blogs_blogpost_live', args=[post.pk])}?revision={revision}"


def test_the_list_is_told_how_far_the_writer_is(desk):
    post, other = writing(), finished_post.make()

    told = desk.get(f"{LIST}?ids={post.pk}").json()["posts"]

    assert told.keys() == {str(post.pk)} != {str(other.pk)}
    assert 'data-running="yes"' in told[str(post.pk)]["state"]
    assert "writing, part 3 of 5" in told[str(post.pk)]["state"]


def test_the_cells_are_those_of_the_list(desk):
    failure = {"code": "timeout", "message": "<b>Slow</b>", "retryable": True, "attempts": 3}
    post = failed_post.make(failure=failure, updated_at=timezone.now() - timedelta(days=3))
    html = desk.get(reverse("admin:blogs_blogpost_changelist")).content.decode()

    cells = desk.get(f"{LIST}?ids={post.pk}").json()["posts"][str(post.pk)]

    assert cells.keys() == {"state", "changed"}
    assert "&lt;b&gt;Slow" in cells["state"]
    for name, cell in cells.items():
        assert f'<td class="field-{name}">{cell}</td>' in html


def test_a_list_that_has_not_changed_costs_one_query_of_posts_and_no_text(desk, django_assert_num_queries):
    posts = [writing() for _ in range(100)]
    address = f"{LIST}?ids={','.join(str(post.pk) for post in posts)}"
    with django_assert_num_queries(3) as queries:  # session, user, posts
        tag = desk.get(address)["ETag"]

    again = desk.get(address, headers={"If-None-Match": tag})
    BlogPost.objects.filter(pk=posts[7].pk).show_progress("write", 3, 5)
    changed = desk.get(address, headers={"If-None-Match": tag})

    assert not [query for query in queries if '"content"' in query["sql"]]
    assert (again.status_code, again.content) == (304, b"")
    assert (changed.status_code, changed["ETag"] != tag) == (200, True)


@pytest.mark.parametrize("ids", ["x", "0", "-1", "1,,x", "9" * 20, ",".join("1" * 201)])
def test_ids_that_are_none_are_refused(desk, ids):
    answer = desk.get(f"{LIST}?ids={ids}")

    assert (answer.status_code, answer.json()) == (400, {"detail": "`ids` must be up to 200 numbers, with commas."})


def test_a_post_that_is_gone_is_left_out(desk):
    assert desk.get(f"{LIST}?ids=4711").json() == {"posts": {}}
    assert desk.get(page(BlogPost(pk=4711), 0)).status_code == 404
    assert desk.get(page(BlogPost(pk=2**63), 0)).status_code == 404


def test_a_posts_page_gets_the_live_text_only_if_it_has_another(desk, django_assert_num_queries):
    post = finished_post.make(revision=0)
    post.publish("Landed", "The new text.", source=Revision.Source.AI)

    with django_assert_num_queries(4) as queries:  # session, user, post, proposals
        same = desk.get(page(post, 1)).json()
    other = desk.get(page(post, 0)).json()

    assert (same["running"], same["revision"], same["text"]) == (False, 1, None)
    assert other["text"] == {"title": "Landed", "content": "The new text."}
    assert not [query for query in queries if '"blogs_blogpost"."content"' in query["sql"]]


def test_a_posts_page_that_knows_this_version_is_told_nothing(desk):
    post = writing()
    tag = desk.get(page(post, 1))["ETag"]

    assert desk.get(page(post, 1), headers={"If-None-Match": tag}).status_code == 304
    BlogPost.objects.filter(pk=post.pk).show_progress("edit", 0, 1)
    assert desk.get(page(post, 1), headers={"If-None-Match": tag}).status_code == 200


def test_nobody_but_staff_is_told_anything():
    post, stranger = writing(), Client()
    for user in (None, writer.make()):
        if user:
            stranger.force_login(user)
        for address in (f"{LIST}?ids={post.pk}", page(post, 1)):
            answer = stranger.get(address)
            assert (answer.status_code, "/admin/login/" in answer["Location"]) == (302, True)


def test_staff_without_the_right_to_see_posts_are_told_nothing():
    post, client = writing(), Client()
    client.force_login(writer.make(is_staff=True))

    assert client.get(f"{LIST}?ids={post.pk}").status_code == 403
    assert client.get(page(post, 1)).status_code == 403
    assert client.post(LIST).status_code == 405
