"""Live updates of the list and of a post's page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.baker_recipes import writer
from blogs.admin.live import BAD_IDS
from blogs.models import BlogPost, Revision, Status
from blogs.tests.baker_recipes import failed_post, finished_post
from blogsite.testing.browsers import logged_in

pytestmark = pytest.mark.django_db
LIST = reverse("admin:blogs_blogpost_live_list")


def writing(done: int = 2, **fields) -> BlogPost:
    progress = {"stage": "write", "done": done, "total": 5}
    post: BlogPost = finished_post.make(status=Status.IN_PROGRESS, progress=progress, **fields)
    return post


def page(post: BlogPost, revision: int) -> str:
    return f"{reverse('admin:blogs_blogpost_live', args=[post.pk])}?revision={revision}"


def test_the_list_gets_the_progress_of_its_posts_only(editor_client):
    post, other = writing(), finished_post.make()

    posts = editor_client.get(f"{LIST}?ids={post.pk}").json()["posts"]

    assert posts.keys() == {str(post.pk)} != {str(other.pk)}
    assert 'data-running="yes"' in posts[str(post.pk)]["state"]
    assert "writing, part 3 of 5" in posts[str(post.pk)]["state"]


def test_live_columns_are_those_of_the_list(editor_client):
    failure = {"code": "timeout", "message": "<b>Slow</b>", "retryable": True, "attempts": 3}
    post = failed_post.make(failure=failure, updated_at=timezone.now() - timedelta(days=3))
    html = editor_client.get(reverse("admin:blogs_blogpost_changelist")).content.decode()

    columns = editor_client.get(f"{LIST}?ids={post.pk}").json()["posts"][str(post.pk)]

    assert columns.keys() == {"state", "review", "changed"}
    assert "&lt;b&gt;Slow" in columns["state"]
    for name, column in columns.items():
        assert f'<td class="field-{name}">{column}</td>' in html


def test_a_list_that_has_not_changed_costs_one_query_of_posts_and_no_text(editor_client, django_assert_num_queries):
    owner = writer.make()
    posts = [writing(owner=owner) for _ in range(100)]
    address = f"{LIST}?ids={','.join(str(post.pk) for post in posts)}"
    with django_assert_num_queries(3) as queries:  # session, user, posts
        tag = editor_client.get(address)["ETag"]

    again = editor_client.get(address, headers={"If-None-Match": tag})
    BlogPost.objects.filter(pk=posts[7].pk).show_progress("write", 3, 5)
    changed = editor_client.get(address, headers={"If-None-Match": tag})

    assert not [query for query in queries if '"content"' in query["sql"]]
    assert (again.status_code, again.content) == (304, b"")
    assert (changed.status_code, changed["ETag"] != tag) == (200, True)


@pytest.mark.parametrize("ids", ["x", "0", "-1", "1,,x", "9" * 20, ",".join("1" * 201)])
def test_invalid_ids_are_rejected(editor_client, ids):
    answer = editor_client.get(f"{LIST}?ids={ids}")

    assert (answer.status_code, answer.json()) == (400, {"detail": BAD_IDS})


def test_a_deleted_post_is_left_out(editor_client):
    assert editor_client.get(f"{LIST}?ids=4711").json() == {"posts": {}}
    assert editor_client.get(page(BlogPost(pk=4711), 0)).status_code == 404
    assert editor_client.get(page(BlogPost(pk=2**63), 0)).status_code == 404


def test_a_posts_page_gets_the_live_text_only_if_it_shows_another(editor_client, django_assert_num_queries):
    post = finished_post.make(revision=0)
    post.add_revision("Landed", "The new text.", source=Revision.Source.AI)

    with django_assert_num_queries(6) as queries:  # session, user, post, release, proposals, warnings
        same = editor_client.get(page(post, 1)).json()
    other = editor_client.get(page(post, 0)).json()

    assert (same["running"], same["revision"], same["text"]) == (False, 1, None)
    assert other["text"] == {"title": "Landed", "content": "The new text."}
    assert not [query for query in queries if '"blogs_blogpost"."content"' in query["sql"]]


def test_a_posts_page_that_has_this_version_gets_no_body(editor_client):
    post = writing()
    tag = editor_client.get(page(post, 1))["ETag"]

    assert editor_client.get(page(post, 1), headers={"If-None-Match": tag}).status_code == 304
    BlogPost.objects.filter(pk=post.pk).show_progress("edit", 0, 1)
    assert editor_client.get(page(post, 1), headers={"If-None-Match": tag}).status_code == 200


def test_live_updates_are_for_staff_only():
    post = writing()
    for client in (Client(), logged_in(writer.make())):
        for address in (f"{LIST}?ids={post.pk}", page(post, 1)):
            answer = client.get(address)
            assert (answer.status_code, "/admin/login/" in answer["Location"]) == (302, True)


def test_staff_without_the_permission_to_view_posts_get_nothing():
    post, client = writing(), logged_in(writer.make(is_staff=True))

    assert client.get(f"{LIST}?ids={post.pk}").status_code == 403
    assert client.get(page(post, 1)).status_code == 403
    assert client.post(LIST).status_code == 405
