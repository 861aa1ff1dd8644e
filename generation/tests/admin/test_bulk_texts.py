"""Bulk actions in the admin and the texts that people wrote: they get proposals unless the editor says otherwise."""

import re

import pytest

from accounts.tests.baker_recipes import editor
from blogs.admin import bulk
from blogs.models import BlogPost, Revision, Status
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.posts import owner_of
from generation.admin.bulk_actions import CANCEL, REGENERATE, REPLACE_HUMAN, RETRY
from generation.models import Generation
from generation.tests.admin.test_bulk_actions import LIST, choose, fields_of, finish
from generation.tests.baker_recipes import waiting

pytestmark = pytest.mark.django_db


def edited_post() -> BlogPost:
    post: BlogPost = finished_post.make(revision=0)
    post.add_revision("Bread", "By the model.", source=Revision.Source.AI)
    post.edit(title="Bread", content="By hand.", author=owner_of(post))
    return post


def proposing() -> dict[int, bool]:
    return dict(Generation.objects.values_list("post_id", "proposes_only"))


@pytest.mark.parametrize("kind", [REGENERATE, RETRY])
def test_the_confirmation_counts_texts_of_people_and_spares_them(editor_client, kind):
    posts = [edited_post(), edited_post(), finished_post.make()]
    BlogPost.objects.update(status=Status.FAILED)

    page = choose(editor_client, kind, posts)
    html = page.content.decode()
    finish(editor_client, page)

    assert re.search(r"Written by people</th><td>2 <", html)
    assert REPLACE_HUMAN in html
    assert not re.search(r'name="replace_human"[^>]*checked', html)
    assert proposing() == {posts[0].pk: True, posts[1].pk: True, posts[2].pk: False}


def test_they_are_replaced_in_all_batches_if_the_box_is_ticked(editor_client, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 1)
    posts = [edited_post() for _ in range(3)]
    fields = fields_of(choose(editor_client, REGENERATE, posts).content.decode())

    finish(editor_client, editor_client.post(LIST, fields | {"replace_human": "on"}))

    assert proposing() == dict.fromkeys((post.pk for post in posts), False)


def test_a_text_that_a_person_writes_after_the_confirmation_is_spared_too(editor_client):
    post = finished_post.make(revision=0)
    page = choose(editor_client, REGENERATE, [post])
    post.edit(title="Bread", content="By hand.", author=editor.make())

    finish(editor_client, page)

    assert proposing() == {post.pk: True}


@pytest.mark.parametrize(("kind", "make"), [(REGENERATE, finished_post.make), (CANCEL, lambda: waiting.make().post)])
def test_where_no_text_of_a_person_would_be_replaced_nothing_is_offered(editor_client, kind, make):
    post = make()
    if kind == CANCEL:
        post.edit(title="Bread", content="By hand.", author=owner_of(post))

    assert REPLACE_HUMAN not in choose(editor_client, kind, [post]).content.decode()
