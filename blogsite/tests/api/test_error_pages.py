"""Errors where people look: a page in the look of its place, and a problem for programs."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.links import password_reset_token
from accounts.tests.baker_recipes import writer
from blogs.database.outages import Outage
from blogsite.api.error_pages import ADVICE, CSRF_FAILED, FORM_REFUSED
from blogsite.api.problem_types import PROBLEM_TYPES
from blogsite.api.problems import CANNOT_SHOW, CONTENT_TYPE, NOT_SAVED, SAVE_AGAIN, SEND_AGAIN
from blogsite.middleware.headers import OWN_FILES
from blogsite.testing.browsers import logged_in
from blogsite.tests.middleware.test_outages import database_away, text_of

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
JSON = {"Accept": "application/json"}
FORGOTTEN = "/account/password/forgotten"
ACCOUNT, ADMIN = "accounts/page.css", "admin/css/base.css"


def headings(answer: Any) -> list[str]:
    return re.findall(r"<h1>([^<]+)</h1>", text_of(answer))


def expect_page(answer: Any, status: int, title: str, style: str) -> None:
    assert (answer.status_code, answer["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert headings(answer) == [title]
    assert f"<title>Error: {title} | Blogsite</title>" in " ".join(text_of(answer).split())
    assert style in text_of(answer)
    assert answer["Content-Security-Policy"] == OWN_FILES
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("strict-origin", "no-store")


@pytest.mark.parametrize("path", ["/account", "/account/nothing", "/account/verify/a/b", "/problems/none"])
def test_an_address_without_a_page_gets_one_that_says_so(client, path):
    title = PROBLEM_TYPES["not-found"].title

    expect_page(client.get(path, headers=BROWSER), 404, title, ACCOUNT)
    expect_page(client.get(path), 404, title, ACCOUNT)
    answer = client.get(path, headers=JSON)
    assert (answer.status_code, answer["Content-Type"], answer.json()["title"]) == (404, CONTENT_TYPE, title)


def test_an_editor_gets_pages_of_the_admin(editor_client):
    stranger = logged_in(writer.make(is_staff=True))
    too_long = {"title": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}

    expect_page(editor_client.get("/admin/nothing/"), 404, PROBLEM_TYPES["not-found"].title, ADMIN)
    expect_page(stranger.get("/admin/accounts/user/"), 403, PROBLEM_TYPES["not-allowed"].title, ADMIN)
    answer = editor_client.post("/admin/blogs/blogpost/add/", too_long)
    expect_page(answer, 413, PROBLEM_TYPES["body-too-large"].title, ADMIN)
    assert ADVICE[413] in text_of(answer)
    assert stranger.get("/admin/accounts/user/", headers=JSON).json()["status"] == 403


@pytest.mark.parametrize(("path", "style"), [(FORGOTTEN, ACCOUNT), ("/admin/login/", ADMIN)])
def test_a_form_that_another_site_may_have_sent_gets_a_page(path, style):
    browser = Client(enforce_csrf_checks=True)

    answer = browser.post(path, {"email": "bob@example.com"}, headers=BROWSER)

    expect_page(answer, 403, FORM_REFUSED, style)
    assert CSRF_FAILED in text_of(answer)
    assert browser.post(path, headers=JSON).json()["type"] == "/problems/not-allowed"


def test_a_link_that_is_followed_while_the_database_is_away_gets_a_page(client):
    path = f"/account/password/reset/{password_reset_token(writer.make())}"

    with database_away():
        opened, sent = client.get(path, headers=BROWSER), client.post(path, headers=BROWSER)
        data = client.get(path, headers=JSON)

    expect_page(opened, 503, CANNOT_SHOW, ACCOUNT)
    expect_page(sent, 503, NOT_SAVED, ACCOUNT)
    assert Outage.UNREACHABLE.detail in text_of(opened)
    assert f'href="{path}"' in text_of(opened)
    assert SEND_AGAIN in text_of(sent)
    assert SAVE_AGAIN not in text_of(sent)
    assert (opened["Retry-After"], data["Retry-After"], data["Content-Type"]) == ("5", "5", CONTENT_TYPE)


@pytest.mark.parametrize(("path", "style"), [(FORGOTTEN, ACCOUNT), ("/admin/login/", ADMIN)])
def test_a_mistake_of_ours_gets_a_page_with_the_number_of_the_request(client, monkeypatch, path, style):
    client.raise_request_exception = False
    monkeypatch.setattr("django.forms.forms.BaseForm.is_valid", lambda form: 1 / 0)

    answer = client.post(path, headers=BROWSER)

    expect_page(answer, 500, PROBLEM_TYPES["internal-error"].title, style)
    assert answer["X-Request-ID"] in text_of(answer)


def test_programs_get_problems_everywhere_else(client):
    for path in ("/api/v1/nothing", "/nothing", "/api/nothing"):
        assert client.get(path, headers=BROWSER)["Content-Type"] == CONTENT_TYPE
