"""Passwords in the admin, at the login and at the change of one's own: the page says how long a delay is."""

import pytest
from django.test import Client

from accounts.attempts import ACCOUNT, TOO_MANY_FOR
from accounts.tests.baker_recipes import PASSWORD, editor
from accounts.tests.counting import Clock

pytestmark = pytest.mark.django_db


def login(password: str) -> tuple[int, str]:
    answer = Client().post("/admin/login/?next=/admin/", {"username": "ed@example.com", "password": password})
    return answer.status_code, answer.content.decode()


def test_the_page_says_how_long_a_delay_is_and_the_right_password_works_after_it(monkeypatch):
    editor.make(email="ed@example.com")
    clock = Clock(monkeypatch)
    for _ in range(ACCOUNT.free + 1):
        status, page = login("wrong")
        assert (status, "Please enter the correct e-mail address" in page) == (200, True)

    answer = Client().post("/admin/login/", {"username": "ed@example.com", "password": PASSWORD})

    assert (answer.status_code, answer["Retry-After"]) == (429, "1")
    assert TOO_MANY_FOR.format(seconds=1) in answer.content.decode()
    assert "Please enter the correct" not in answer.content.decode()
    clock.move(1)
    assert login(PASSWORD)[0] == 302


def test_the_page_opens_and_leads_on_as_before():
    editor.make(email="ed@example.com")
    browser = Client()

    assert browser.get("/admin/login/").status_code == 200
    assert browser.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    answer = browser.post("/admin/login/?next=/admin/blogs/", {"username": "ed@example.com", "password": PASSWORD})
    assert answer["Location"] == "/admin/blogs/"
    assert browser.get("/admin/login/").status_code == 302


def change(browser: Client, old: str) -> tuple[int, str]:
    new = "quite another one"
    form = {"old_password": old, "new_password1": new, "new_password2": new}
    answer = browser.post("/admin/password_change/", form)
    return answer.status_code, answer.content.decode()


def test_who_found_an_open_browser_cannot_guess_the_password_either(monkeypatch, editor_client):
    clock = Clock(monkeypatch)
    assert "Blogsite" in editor_client.get("/admin/password_change/").content.decode()
    while (found := change(editor_client, "wrong"))[0] == 200:
        assert "Your old password was entered incorrectly" in found[1]

    assert found[0] == 429
    assert TOO_MANY_FOR.format(seconds=1) in found[1]
    clock.move(1)
    assert change(editor_client, PASSWORD)[0] == 302
    assert editor_client.get("/admin/password_change/done/").status_code == 200


def test_a_stranger_is_led_to_the_login():
    assert Client().get("/admin/password_change/")["Location"].startswith("/admin/login/")
