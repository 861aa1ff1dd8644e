"""The pause on the admin's first page: all concerned see it, and those with the right pause and resume."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.baker_recipes import editor, writer
from blogsite.testing.browsers import logged_in
from blogsite.testing.groups import member_of
from generation.admin.site_pause import ALREADY_PAUSED, NOT_PAUSED, PAUSED, RESUMED
from generation.models import SitePause
from generation.models.site_pause import REASON_MAX_LENGTH
from generation.queue.site_pause import pause

pytestmark = pytest.mark.django_db
PAUSE, RESUME, FRONT = reverse("pause"), reverse("resume"), "/admin/"


def operator() -> User:
    user: User = writer.make(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="pause_site"))
    return user


def press(user: User, button: str, **fields: str) -> str:
    answer = logged_in(user).post(button, fields, follow=True)
    assert answer.redirect_chain == [(FRONT, 302)]
    return str(answer.content.decode())


@pytest.mark.parametrize("user", [editor.make, operator])
def test_who_has_the_right_pauses_and_resumes(user):
    user = user()

    html = press(user, PAUSE, reason=" Too <dear> ")
    found = SitePause.objects.get()
    assert (found.by, found.reason) == (user, "Too <dear>")
    assert PAUSED in html
    assert f"by {user.email}: Too &lt;dear&gt;" in html
    assert f'action="{RESUME}"' in html
    assert f'action="{PAUSE}"' not in html

    html = press(user, RESUME)
    assert RESUMED in html
    assert f'action="{PAUSE}"' in html
    assert not SitePause.objects.exists()


def test_buttons_on_a_page_that_is_out_of_date_change_nothing():
    assert NOT_PAUSED in press(editor.make(), RESUME)
    pause(reason="First")

    assert ALREADY_PAUSED in press(editor.make(), PAUSE, reason="Second")

    assert SitePause.objects.get().reason == "First"


def test_a_reason_that_is_too_long_is_refused():
    assert str(REASON_MAX_LENGTH) in press(editor.make(), PAUSE, reason="x" * (REASON_MAX_LENGTH + 1))

    assert not SitePause.objects.exists()


@pytest.mark.parametrize("group", ["Writers", "Editors"])
def test_others_see_the_pause_but_no_button_and_may_not_press_one(group):
    user, boss = member_of(group), editor.make()
    assert PAUSE not in logged_in(user).get(FRONT).content.decode()
    pause(by=boss, reason="Too dear")

    html = logged_in(user).get(FRONT).content.decode()

    assert "Too dear" in html
    assert (boss.email in html) == (group == "Editors")  # who may see users anyway
    assert RESUME not in html
    assert [logged_in(user).post(button).status_code for button in (PAUSE, RESUME)] == [403, 403]
    assert SitePause.objects.exists()


def test_staff_who_may_not_view_posts_see_nothing():
    pause(reason="Too dear")

    assert "Too dear" not in logged_in(writer.make(is_staff=True)).get(FRONT).content.decode()


@pytest.mark.parametrize("user", [None, writer])
def test_strangers_are_sent_to_the_login(user):
    client = logged_in(user.make()) if user else Client()

    answer = client.post(PAUSE)

    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/admin/login/")
    assert not SitePause.objects.exists()


def test_a_form_of_another_site_pauses_nothing():
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor.make())

    assert client.post(PAUSE).status_code == 403
    assert not SitePause.objects.exists()

    client.get(FRONT)
    token = client.cookies["csrftoken"].value
    assert client.post(PAUSE, {"csrfmiddlewaretoken": token}).status_code == 302
    assert SitePause.objects.exists()


@pytest.mark.parametrize("address", [PAUSE, RESUME])
def test_a_link_changes_nothing(address):
    pause()

    answer = logged_in(editor.make()).get(address)

    assert (answer.status_code, answer["Location"]) == (302, FRONT)
    assert SitePause.objects.exists()
