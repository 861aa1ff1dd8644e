"""What a panel of another app adds to the pages of posts."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from blogs.admin import panels
from blogs.admin.panels import Panel, Tool, register_panel
from blogs.models import BlogPost, Revision
from blogs.tests.baker_recipes import finished_post
from blogs.text.marks import Mark, MarkKind
from blogsite.testing.browsers import logged_in
from blogsite.testing.groups import member_of

pytestmark = pytest.mark.django_db
LIST = reverse("admin:blogs_blogpost_changelist")


@admin.action(description="Praise selected posts", permissions=["delete"])
def praise(post_admin, request, posts):
    return HttpResponse(", ".join(f"{post.title}!" for post in posts))


class PraisePanel(Panel):
    def bulk_actions(self):
        return [praise]

    def tools(self, request, post):
        return [Tool("Praise", f"/praise/{post.pk}")]

    def slots(self, request, post):
        return {"praise": format_html("<b>{}!</b>", post.title)}

    def text_so_far(self, post):
        return "What a"

    def marks(self, post, text, number):
        return [Mark(MarkKind.WARNING, text.split(".")[0], f"Praise {number}")]

    def join_revisions(self, revisions):
        return revisions.exclude(title="Boring")

    def revision_facts(self, revision):
        return {"Praise": f"Well done, {revision.number}"}

    def above_revisions(self, request, post):
        return format_html("<p>Above {}</p>", post.pk)

    def below_revisions(self, request, post):
        return format_html("<p>Below {}</p>", post.pk)


@pytest.fixture
def post() -> BlogPost:
    post: BlogPost = finished_post.make(revision=0)
    for title in ("Bread", "Boring", "<Rye>"):
        post.add_revision(title, "Text.", source=Revision.Source.AI)
    return post


@pytest.fixture
def praised(post: BlogPost) -> Iterator[BlogPost]:
    """The post while a panel is registered that uses all slots."""
    register_panel(PraisePanel)
    yield post
    panels.registered.remove(PraisePanel)


def change_page(client, post: BlogPost) -> str:
    return str(client.get(reverse("admin:blogs_blogpost_change", args=[post.pk])).content.decode())


def history(client, post: BlogPost) -> str:
    return str(client.get(reverse("admin:blogs_blogpost_history", args=[post.pk])).content.decode())


def test_a_panel_adds_tools_slots_and_the_text_so_far_to_a_posts_page(editor_client, praised):
    html = change_page(editor_client, praised)

    assert f'<a href="/praise/{praised.pk}">Praise</a>' in html
    assert '<div class="slot-praise" data-slot="praise"><b>&lt;Rye&gt;!</b></div>' in html
    assert '<pre tabindex="0">What a</pre>' in html


def test_a_panels_slots_and_text_are_part_of_the_live_updates(editor_client, praised):
    answer = editor_client.get(reverse("admin:blogs_blogpost_live", args=[praised.pk])).json()

    assert answer["slots"]["praise"] == "<b>&lt;Rye&gt;!</b>"
    assert answer["so_far"] == "What a"


def test_a_panel_adds_sections_and_columns_to_the_history(editor_client, praised):
    html = history(editor_client, praised)

    order = [
        html.index(part) for part in (f"<p>Above {praised.pk}</p>", 'id="revisions"', f"<p>Below {praised.pk}</p>")
    ]
    assert order == sorted(order)
    assert '<th scope="col">Praise</th>' in html
    assert '<td data-label="Praise" class="fact">Well done, 3</td>' in html
    assert ">Boring</a>" not in html


@pytest.mark.parametrize(("page", "number"), [("preview", 3), ("preview", 1), ("compare", 3)])
def test_a_panel_points_out_sentences_where_texts_are_shown(editor_client, praised, page, number):
    address = reverse(f"admin:blogs_blogpost_{page}", args=[praised.pk])

    html = editor_client.get(address, {"revision": number} if page == "preview" else {}).content.decode()

    assert f'<mark class="warning" title="Warning: Praise {number}">Text</mark>' in html.replace("Text.", "Text")
    assert f"<li>Praise {number}<br><q>Text</q></li>" in html


def test_a_panels_bulk_action_is_run_and_kept_to_its_permission(editor_client, praised):
    def run(client):
        return client.post(LIST, {"action": "praise", "_selected_action": [praised.pk]}).content.decode()

    viewer = member_of()
    viewer.user_permissions.set(Permission.objects.filter(codename__in=["view_blogpost", "change_blogpost"]))

    assert run(editor_client) == "<Rye>!"
    assert "<Rye>!" not in run(logged_in(viewer))


def test_panels_come_in_the_order_in_which_they_were_registered(editor_client, praised):
    html = change_page(editor_client, praised)

    assert html.index('data-slot="state"') < html.index('data-slot="proposals"') < html.index('data-slot="praise"')


def test_a_panel_that_overrides_nothing_changes_nothing(editor_client, post):
    long_ago = timezone.now() - timedelta(days=400)  # what is "now" and then "1 second ago" is another page
    BlogPost.objects.update(created_at=long_ago, updated_at=long_ago)
    Revision.objects.update(created_at=long_ago)
    before = change_page(editor_client, post), history(editor_client, post)
    register_panel(Panel)
    after = change_page(editor_client, post), history(editor_client, post)
    panels.registered.remove(Panel)

    assert [without_token(html) for html in after] == [without_token(html) for html in before]


def without_token(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
