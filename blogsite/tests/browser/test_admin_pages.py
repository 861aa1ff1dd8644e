"""The admin's pages by axe-core, in a real browser: light and wide, then dark and as narrow as a phone."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Dialog, Page, expect

from accounts.models import User
from accounts.tests.baker_recipes import editor, writer
from accounts.tests.doors import invitation
from blogs.admin.bulk_publish import PUBLISH
from blogs.models import BlogPost, Revision, Status
from blogs.tests.baker_recipes import failed_post, finished_post
from blogsite.testing.posts import owner_of
from blogsite.tests.browser.admin_tab import AdminTab
from generation.admin.bulk_actions import REGENERATE
from generation.models import Generation, State
from generation.tests.baker_recipes import waiting, written
from generation.writer.checks.findings import Finding, FindingName

pytestmark = pytest.mark.django_db(transaction=True)
LIST = reverse("admin:blogs_blogpost_changelist")
# What differs in the dark and on a phone is on these; each page costs a second.
DARK = ("overview", "list", "proposal", "compare", "release", "failed post", "running post", "user")
LOOKS: tuple[dict[str, Any], ...] = (
    {"color_scheme": "light", "width": 1280},
    {"color_scheme": "dark", "width": 390, "pages": DARK},
)
# A rule and a mark of the element, which is Django's. Its script for choosing permissions gives an icon of its search
# field, a span without a role, an aria-label; the field itself has a label.
DJANGOS = (("aria-prohibited-attr", 'class="help-tooltip search-label-icon"'),)


def post_of_all_kinds() -> BlogPost:
    """A post that is public, with a newer text that is scheduled, a proposal and warnings."""
    post: BlogPost = finished_post.make(revision=0)
    post.add_revision("Rye bread", "## Dough\n\nRye and water.", source=Revision.Source.AI)
    post.unpublish()
    post.publish(by=owner_of(post), number=1, is_named=True)
    BlogPost.objects.filter(pk=post.pk).update(revision=2, title="Rye bread, slowly")
    text = "## Dough\n\nRye and *much* water."
    Revision.objects.create(post=post, number=2, title="Rye bread, slowly", content=text, source=Revision.Source.HUMAN)
    post.refresh_from_db()
    post.schedule(timezone.now() + timedelta(days=2), by=owner_of(post))
    found = [Finding(FindingName.CONTRADICTION, "No water.").as_json()]
    written.make(
        post=post, landing=Generation.Landing.PROPOSED, title="Bread", content="Rye. No water.", warnings=found
    )
    return post


def addresses(user: User) -> dict[str, str]:
    """Return the pages by their names, with posts in each state."""
    post, failed = post_of_all_kinds(), failed_post.make()
    unread = finished_post.make(revision=0, released_revision=None, ai_disclosure=None)
    unread.add_revision("Unread", "A text.", source=Revision.Source.AI)
    unread.unpublish()
    running = waiting.make(status=State.IN_PROGRESS, content="Half a text", post__status=Status.IN_PROGRESS).post
    queued, invited = waiting.make().post, invitation("ann@example.com")
    pages = {
        "overview": reverse("admin:index"),
        "list": LIST,
        "filtered list": f"{LIST}?review=scheduled",
        "add": reverse("admin:blogs_blogpost_add"),
        "model": reverse("admin:generation_model"),
        "proposal": reverse("admin:generation_proposal", args=[post.pk, 1]),
        "delete": reverse("admin:blogs_blogpost_delete", args=[post.pk]),
        "unread": reverse("admin:blogs_blogpost_release", args=[unread.pk]),
        "password": reverse("admin:password_change"),
        "nothing": "/admin/blogs/nothing/",
    }
    pages |= {
        page: reverse(f"admin:blogs_blogpost_{page}", args=[post.pk]) for page in ("history", "compare", "preview")
    }
    pages |= {"release": reverse("admin:blogs_blogpost_release", args=[post.pk])}
    states = {"waiting": unread, "public": post, "failed": failed, "running": running, "queued": queued}
    pages |= {f"{state} post": reverse("admin:blogs_blogpost_change", args=[of.pk]) for state, of in states.items()}
    for name, pk in {"user": user.pk, "invitation": invited.pk}.items():
        pages[f"{name}s"] = reverse(f"admin:accounts_{name}_changelist")
        pages[f"new {name}"] = reverse(f"admin:accounts_{name}_add")
        pages[name] = reverse(f"admin:accounts_{name}_change", args=[pk])
    return pages


def violations(page: Page) -> list[str]:
    """Return what axe-core finds on a page, but for what is DJANGOS."""
    found = Axe().run(page).response["violations"]
    nodes = [(rule["id"], node["html"][:150]) for rule in found for node in rule["nodes"]]
    return [f"{rule}: {html}" for rule, html in nodes if not any(rule == its and of in html for its, of in DJANGOS)]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look["color_scheme"])
def test_axe_finds_nothing_on_the_pages_of_the_admin(page, live_server, look):
    page.emulate_media(color_scheme=look["color_scheme"])  # before a page loads: colours change gradually
    page.set_viewport_size({"width": look["width"], "height": 900})
    user = editor.make(email="editor@example.com")
    writer.make(_quantity=2)
    page.goto(f"{live_server.url}/admin/login/")
    found = {"login": violations(page)}
    tab = AdminTab(page, live_server.url, user)

    pages = addresses(user)
    for name in look.get("pages", pages):
        tab.open(pages[name])
        found[name] = violations(page)
    for kind in (PUBLISH, REGENERATE):
        tab.open(LIST)
        page.locator("#action-toggle").check()
        page.get_by_label("Action:").select_option(kind.label)
        tab.press("Go")
        expect(page.get_by_role("heading", name=kind.question)).to_be_visible()
        found[kind.name] = violations(page)

    lacking = [f"{name}: {sentence}" for name, sentences in found.items() for sentence in sentences]
    assert not lacking, "\n".join(lacking)


def test_unsaved_words_are_asked_about_before_the_page_is_left(page, live_server):
    asked = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    tab = AdminTab(page, live_server.url, editor.make())
    tab.open(reverse("admin:blogs_blogpost_change", args=[finished_post.make().pk]))

    page.get_by_label("Text:").fill("Words that took an hour.")
    page.get_by_role("link", name="Posts").first.click()
    expect(page.get_by_label("Text:")).to_have_value("Words that took an hour.")
    tab.expect_no_reload()
    assert asked == ["beforeunload"]
    tab.press("Save")

    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    assert asked == ["beforeunload"]
