"""The API's documentation in a real browser: it works, and loads nothing from another host."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from accounts.tests.baker_recipes import PASSWORD, writer

pytestmark = pytest.mark.django_db(transaction=True)


def hosts_asked(page: Page) -> set[str]:
    """Return the set that will hold every host the page asks for anything, and fail on a broken script."""
    hosts: set[str] = set()
    page.on("requestfinished", lambda request: hosts.add(urlsplit(request.url).netloc))

    def note(request: Request) -> None:
        if request.failure != "csp":
            hosts.add(urlsplit(request.url).netloc)

    page.on("requestfailed", note)
    page.on("pageerror", lambda error: pytest.fail(f"a script broke: {error}"))
    return hosts


def test_authorize_in_swagger_ui_logs_in_with_the_login_form(page, live_server):
    writer.make(email="bob@example.com")
    hosts = hosts_asked(page)
    page.goto(f"{live_server.url}/docs")

    page.get_by_role("button", name="Authorize").click()
    page.get_by_label("username:").fill("bob@example.com")
    page.get_by_label("password:").fill(PASSWORD)
    page.get_by_label("Apply given OAuth2 credentials").click()
    expect(page.get_by_role("button", name="Remove authorization")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    page.locator("#operations-accounts-me").get_by_role("button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()

    expect(page.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")
    expect(page.locator(".live-responses-table")).to_contain_text("bob@example.com")
    assert hosts - {""} == {urlsplit(live_server.url).netloc}


def test_redoc_shows_the_contract(page, live_server):
    hosts = hosts_asked(page)

    page.goto(f"{live_server.url}/redoc")

    expect(page.get_by_role("heading", name="create_blog").first).to_be_visible()
    assert hosts - {""} == {urlsplit(live_server.url).netloc}


def test_every_body_of_the_contract_has_an_example(api):
    operations = [
        (f"{method} {path}", operation)
        for path, methods in api.get("/openapi.json").json()["paths"].items()
        for method, operation in methods.items()
    ]
    without = [
        f"{name} {where}"
        for name, operation in operations
        for where, part in {"request": operation.get("requestBody", {}), **operation["responses"]}.items()
        for content in part.get("content", {}).values()
        if not ({"example", "examples"} & content.keys())
    ]

    assert len(operations) == 39
    assert without == []
