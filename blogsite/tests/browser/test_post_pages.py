"""The list and the pages of posts in a real browser, with a real cluster and a model that takes its time."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.tests.baker_recipes import editor
from blogs.models import BlogPost, Revision, Status
from blogs.tests.baker_recipes import failed_post, finished_post
from blogsite.testing.groups import member_of
from blogsite.testing.model_server import Behaviour
from blogsite.tests.browser.admin_tab import AdminTab
from generation.admin.bulk_actions import RETRY
from generation.admin.post_page import REGENERATE
from generation.admin.post_page import RETRY as RETRY_BUTTON
from generation.models import Generation, State
from generation.tests.baker_recipes import waiting

pytestmark = pytest.mark.django_db(transaction=True)
failed_bread = failed_post.extend(title="Bread", brief_title="Bread", brief="flour and water; patience; a hot oven")
LIST = reverse("admin:blogs_blogpost_changelist")
MINUTE = 60_000  # milliseconds
HIDE = """isHidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def post_page(post: BlogPost) -> str:
    return reverse("admin:blogs_blogpost_change", args=[post.pk])


def test_a_superuser_adds_a_post_and_watches_it_finish_in_the_list(page, live_server, start_worker, model_server):
    model_server.always(Behaviour(delay=1.0))
    start_worker()
    older = finished_post.make(title="Older")
    tab = AdminTab(page, live_server.url, editor.make())

    tab.open(reverse("admin:blogs_blogpost_add"))
    page.get_by_label("Title:").fill("Bread")
    page.get_by_label("Brief:").fill("flour and water; patience; a hot oven")
    tab.press("Save")
    tab.mark()
    page.locator(f"input[name=_selected_action][value='{older.pk}']").check()
    new = page.get_by_role("row", name="Bread")

    expect(new.locator(".status-label")).to_have_text("In Progress")
    expect(new.locator(".status-label")).to_have_text("Completed")
    tab.expect_no_reload()
    expect(page.locator(f"input[name=_selected_action][value='{older.pk}']")).to_be_checked()


def test_an_editors_form_takes_the_text_that_lands_unless_they_have_typed(
    page, live_server, start_worker, model_server
):
    model_server.always(Behaviour(delay=0.5))
    start_worker()
    post = failed_bread.make(content="", revision=0)
    tab = AdminTab(page, live_server.url, member_of("Editors"))
    tab.open(post_page(post))
    content = page.locator("#id_content")

    expect(page.locator("#post-box")).to_contain_text("The model took too long.")
    tab.press(RETRY_BUTTON)
    expect(page.locator("#post-note")).to_contain_text("Revision 1 is live now")
    landed = content.input_value()
    content.fill("What I typed while it was being written.")
    tab.press(REGENERATE)
    expect(page.locator("#post-note")).to_contain_text("Revision 2 is live now")

    tab.expect_no_reload()
    assert "## " in landed
    expect(content).to_have_value("What I typed while it was being written.")
    tab.press("Save")
    expect(page.get_by_role("region", name="Edit conflict")).to_contain_text("What I typed while it was being written.")
    tab.press("Keep mine")
    page.wait_for_url(f"{live_server.url}{LIST}*")
    post.refresh_from_db()
    sources = post.revisions.order_by("number").values_list("source", flat=True)
    assert (post.content, list(sources)) == ("What I typed while it was being written.", ["ai", "ai", "human"])
    assert Revision.objects.get(number=1).content == landed


def test_a_writer_retries_all_of_their_failed_posts(page, live_server, start_worker, monkeypatch):
    monkeypatch.setattr("blogs.admin.bulk.BATCH", 2)
    start_worker()
    user = member_of("Writers")
    mine, other = failed_bread.make(owner=user, _quantity=5), failed_post.make()
    tab = AdminTab(page, live_server.url, user)
    tab.open(f"{LIST}?status__exact=failed")

    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option(RETRY.label)
    tab.press("Go")
    expect(page.locator("#content")).to_contain_text("Estimated cost")
    tab.press("Yes, I’m sure")
    expect(page.locator(".messagelist")).to_contain_text(f"{RETRY.done}: 5.")
    tab.open(LIST)

    expect(page.locator(".status-label.completed")).to_have_count(5)
    tab.expect_no_reload()
    assert {post.status for post in BlogPost.objects.filter(pk__in=[post.pk for post in mine])} == {"completed"}
    other.refresh_from_db()
    assert other.status == "failed"


def test_the_list_polls_only_while_it_is_visible_and_something_is_unfinished(page, live_server):
    post = finished_post.make(status=Status.IN_PROGRESS, progress={"stage": "write", "done": 1, "total": 5})
    tab, polled = AdminTab(page, live_server.url, editor.make()), []
    page.on("request", lambda request: polled.append(request.url) if "/live/" in request.url else None)
    page.clock.install()
    tab.open(LIST)
    status = page.locator(".field-state")
    expect(status).to_contain_text("part 2 of 5")

    BlogPost.objects.filter(pk=post.pk).show_progress("write", 2, 5)
    expect(status).to_contain_text("part 3 of 5")
    page.evaluate(HIDE, True)
    page.clock.run_for(MINUTE)
    before = len(polled)
    BlogPost.objects.filter(pk=post.pk).show_progress("write", 3, 5)
    page.clock.run_for(MINUTE)
    assert len(polled) == before
    page.evaluate(HIDE, False)
    expect(status).to_contain_text("part 4 of 5")

    BlogPost.objects.get(pk=post.pk).add_revision("Landed", "A text.", source=Revision.Source.AI)
    BlogPost.objects.get(pk=post.pk).set_status(Status.COMPLETED)
    expect(status).to_have_text("Completed")
    before = len(polled)
    page.clock.run_for(MINUTE)
    assert len(polled) == before
    assert {url.partition("?")[2] for url in polled} == {f"ids={post.pk}"}


def test_the_text_so_far_grows_on_the_posts_page_and_ends_in_the_form(page, live_server):
    generation = waiting.make(status=State.IN_PROGRESS, content="Half a text", post__status=Status.IN_PROGRESS)
    tab, post = AdminTab(page, live_server.url, editor.make()), generation.post
    tab.open(post_page(post))
    so_far = page.get_by_role("region", name="Text so far")
    expect(so_far).to_contain_text("Half a text")

    Generation.objects.update(content="Half a text, and some more.")
    expect(so_far).to_contain_text("Half a text, and some more.")
    BlogPost.objects.get(pk=post.pk).add_revision("Landed", "A whole text.", source=Revision.Source.AI)
    BlogPost.objects.get(pk=post.pk).set_status(Status.COMPLETED)

    expect(page.get_by_label("Text:")).to_have_value("A whole text.")
    expect(page.get_by_label("Title:")).to_have_value("Landed")
    expect(so_far).to_be_hidden()
    tab.expect_no_reload()
