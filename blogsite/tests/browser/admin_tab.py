"""A tab of a real browser, logged in to the admin."""

import pytest
from playwright.sync_api import Page

from accounts.models import User
from blogsite.testing.browsers import logged_in


class AdminTab:
    """It fails on a broken script, and knows whether its page was loaded again."""

    def __init__(self, page: Page, url: str, user: User) -> None:
        self.page, self.url = page, url
        page.on("pageerror", lambda error: pytest.fail(f"a script broke: {error}"))
        session = logged_in(user).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": url}])

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")
        self.mark()

    def mark(self) -> None:
        self.page.evaluate("window.stillTheSamePage = true")

    def expect_no_reload(self) -> None:
        assert self.page.evaluate("window.stillTheSamePage") is True

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
