"""The history of a post in a real browser: restore and accept, and what a text cannot do there."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import ConsoleMessage, Dialog, Page, Request, expect

from blogs.admin.revisions import RESTORED
from blogs.models import BlogPost, Revision
from blogs.tests.baker_recipes import finished_post
from blogs.text.markdown import MARKED_TAGS
from blogsite.testing.groups import member_of
from blogsite.testing.payloads import PAYLOADS
from blogsite.tests.browser.admin_tab import AdminTab
from generation.admin.proposals import ACCEPTED, REVIEW
from generation.llm.responses import storable
from generation.models import Generation
from generation.tests.baker_recipes import written
from generation.writer.checks.findings import Finding, FindingName

pytestmark = pytest.mark.django_db(transaction=True)

TOGETHER = 6  # payloads in a text: each page takes a moment, and one payload may hide others, but not all others


def address(page: str, post: BlogPost) -> str:
    return reverse(f"admin:blogs_blogpost_{page}", args=[post.pk])


@pytest.fixture
def post() -> BlogPost:
    """A writer's post of two revisions and a proposal."""
    post: BlogPost = finished_post.make(revision=0, owner=member_of("Writers"))
    post.add_revision("Bread", "Rye and water.", source=Revision.Source.AI)
    post.add_revision("Bread", "Rye and much water.", source=Revision.Source.HUMAN, author=post.owner)
    written.make(
        post=post, owner=post.owner, landing=Generation.Landing.PROPOSED, title="Loaves", content="Rye and *no* water."
    )
    return post


def test_a_writer_compares_two_revisions_and_restores_the_earlier_one(page, live_server, post):
    tab = AdminTab(page, live_server.url, post.owner)
    tab.open(address("change", post))

    page.get_by_role("link", name="History").click()
    tab.press("Compare")
    expect(page.locator(".difference ins")).to_have_text(["much "])
    tab.press("Restore revision 1")

    expect(page.locator(".messagelist")).to_contain_text(RESTORED.format(number=1, live=3))
    post.refresh_from_db()
    assert (post.content, post.revision) == ("Rye and water.", 3)


def test_an_editor_accepts_a_proposal_after_seeing_what_it_changes(page, live_server, post):
    tab = AdminTab(page, live_server.url, member_of("Editors"))
    tab.open(address("change", post))

    page.get_by_role("link", name=REVIEW.format(1)).click()
    expect(page.locator(".words del")).to_have_text("much")
    expect(page.locator(".words ins")).to_have_text("*no*")
    tab.press("Accept")

    expect(page.locator(".messagelist")).to_contain_text(ACCEPTED.format(number=1, revision=3))
    post.refresh_from_db()
    assert (post.title, post.content) == ("Loaves", "Rye and *no* water.")


def test_an_editor_previews_the_form_and_saves_it(page, live_server, post):
    tab = AdminTab(page, live_server.url, member_of("Editors"))
    tab.open(address("change", post))
    page.get_by_label("Text:").fill("## Typed\n\nand *not* saved")

    with page.expect_popup() as opened:
        tab.press("Preview")

    expect(opened.value.locator(".post-text h2")).to_have_text("Typed")
    expect(page.get_by_label("Text:")).to_have_value("## Typed\n\nand *not* saved")
    page.get_by_label("Title:").press("Enter")  # saves, as without the button
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    post.refresh_from_db()
    assert post.content == "## Typed\n\nand *not* saved"


def watched(page: Page, host: str) -> list[str]:
    """Return the list that will hold what a text has got a browser to do."""
    done: list[str] = []

    def note_request(request: Request) -> None:
        if urlsplit(request.url).netloc not in (host, "") and not request.url.startswith("data:"):
            done.append(f"requested {request.url}")

    def note_dialog(dialog: Dialog) -> None:
        done.append(f"said {dialog.message}")
        dialog.dismiss()

    def note_console(message: ConsoleMessage) -> None:
        if message.type == "error" and "favicon" not in message.location.get("url", ""):
            done.append(message.text)

    page.context.on("request", note_request)
    page.context.on("page", lambda other: done.append("opened a tab") if other != page else None)
    page.on("dialog", note_dialog)
    page.on("console", note_console)
    page.on("pageerror", lambda error: done.append(str(error)))
    return done


@pytest.fixture
def armed(post: BlogPost) -> BlogPost:
    """The post with every payload as a title and in a text, then all in one, as in a proposal with warnings of each."""
    payloads = [storable(payload) for payload in PAYLOADS]  # as they are of an answer
    for number, payload in enumerate(payloads):
        post.add_revision(payload[:255], "\n\n".join(payloads[number : number + TOGETHER]), source=Revision.Source.AI)
    whole = "\n\n".join(payloads)
    post.add_revision(whole[:255], whole, source=Revision.Source.AI)
    warnings = [Finding(FindingName.FILLER, payload, payload, payload).as_json() for payload in payloads]
    Generation.objects.update(
        title=post.title, content=post.content + " ", warnings=warnings, provenance={"added": payloads}
    )
    written.make(post=post, number=2, revision=post.revisions.first(), warnings=warnings)
    return post


def test_no_text_can_run_or_fetch_anything_in_the_admin(page, live_server, armed):
    tab = AdminTab(page, live_server.url, member_of("Editors"))
    done = watched(page, urlsplit(live_server.url).netloc)
    preview = address("preview", armed)
    shown = [f"{preview}?revision={number}" for number in (*range(3, armed.revision, TOGETHER), armed.revision)]
    shown += [address("compare", armed), address("history", armed), f"{address('history', armed)}?page=2"]
    shown += [reverse("admin:generation_proposal", args=[armed.pk, 1]), address("change", armed)]

    marked = False
    for path in shown:
        page.goto(f"{tab.url}{path}")
        assert page.url == f"{tab.url}{path}"
        names = page.locator(".post-text *").evaluate_all("all => all.map(one => one.localName)")
        assert set(names) <= MARKED_TAGS
        marked |= "mark" in names
    page.wait_for_timeout(300)

    assert done == []
    assert marked
    assert armed.revision == len(PAYLOADS) + 3


def test_the_watch_notices_what_a_page_without_protection_does(page: Page, live_server: object) -> None:
    done = watched(page, "127.0.0.1")

    page.set_content("".join(PAYLOADS[:1] + PAYLOADS[12:14]) + "<img src=https://evil.example/pixel.png>")
    page.wait_for_timeout(300)

    assert "said 1" in done
    assert "requested https://evil.example/pixel.png" in done


CONTRAST = """selector => {
  const light = colour => {
    const parts = colour.match(/[0-9.]+/g).slice(0, 3).map(part => part / 255);
    const [r, g, b] = parts.map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return [...document.querySelectorAll(selector)].map(element => {
    const style = getComputedStyle(element);
    const [low, high] = [light(style.color), light(style.backgroundColor)].sort((one, other) => one - other);
    return (high + 0.05) / (low + 0.05);
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marked_sentences_are_readable_in_both_modes(page, live_server, post, scheme):
    found = [Finding(FindingName.CONTRADICTION, "Rye"), Finding(FindingName.FILLER, "and *no*")]
    Generation.objects.update(warnings=[one.as_json() for one in found], provenance={"added": ["water."]})
    page.emulate_media(color_scheme=scheme)
    tab = AdminTab(page, live_server.url, member_of("Editors"))

    tab.open(reverse("admin:generation_proposal", args=[post.pk, 1]))
    page.locator("details.preview summary").click()

    ratios = page.evaluate(CONTRAST, "mark")
    assert len(ratios) >= 3 + 3 + 3  # in the legend, the comparison and the preview
    assert min(ratios) >= 4.5
    expect(page.locator(".post-text mark.reason")).to_have_attribute("title", re.compile("opposite"))
