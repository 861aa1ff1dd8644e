"""The pages for links in mail in a real browser: under their policy, and with the Origin that it sends from them."""

import pytest
from playwright.sync_api import expect

from accounts.links import invitation_link, new_address_token, password_reset_token, verification_link
from accounts.models import User
from accounts.pages.addresses import ADDRESS_SET
from accounts.pages.passwords import CHECK_YOUR_MAIL, PASSWORD_SET
from accounts.tests.baker_recipes import editor, writer
from accounts.tests.doors import invitation, path_of
from blogsite.tests.browser.accessibility import what_is_missing
from blogsite.tests.middleware.test_headers import violations

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "snow-on-the-Daffodils-3"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_password_and_an_address_are_changed_by_hand(page, live_server, scheme):
    user, found = editor.make(email="bob@example.com"), violations(page)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 800})

    page.goto(f"{live_server.url}/admin/login/")
    page.get_by_role("link", name="Forgotten").click()
    page.get_by_label("E-mail address").fill("bob@example.com")
    page.get_by_role("button").click()
    expect(page.get_by_role("heading")).to_have_text(CHECK_YOUR_MAIL)

    page.goto(f"{live_server.url}/account/password/reset/{password_reset_token(user)}")
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password, again").fill(NEW)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button").click()
    expect(page.get_by_role("heading")).to_have_text(PASSWORD_SET)

    token = new_address_token(User.objects.get(), "robert@example.com")
    page.goto(f"{live_server.url}/account/address/{token}")
    page.get_by_role("button").click()
    expect(page.get_by_role("heading")).to_have_text(ADDRESS_SET)

    user.refresh_from_db()
    assert (user.email, user.check_password(NEW)) == ("robert@example.com", True)
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_and_filled_in_by_everybody(page, live_server, scheme):
    user, row = writer.make(email="bob@example.com"), invitation("ann@example.com")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 800})
    forms = {
        "/account/password/forgotten": {"email": "bob"},
        f"/account/password/reset/{password_reset_token(user)}": {"new_password1": "1234", "new_password2": "4321"},
        path_of(invitation_link(row.pk)): {"new_password1": "1234", "new_password2": "4321"},
        path_of(verification_link(user.pk, user.email)): {"password": "1234"},
        f"/account/address/{new_address_token(user, 'robert@example.com')}": {},
    }
    found = {}
    for path, wrong in forms.items():
        page.goto(live_server.url + path)
        found[path] = what_is_missing(page)
        for name, value in wrong.items():
            page.locator(f"[name={name}]").fill(value)
        page.evaluate("document.forms[0].noValidate = true")
        page.get_by_role("button").click()
        page.wait_for_load_state()
        assert not wrong or page.locator("[aria-invalid=true]").count()
        found[f"sent {path}"] = what_is_missing(page)
    for path in ("/account/address/x", "/account/nothing", "/problems", "/problems/not-found", "/problems/none"):
        page.goto(live_server.url + path)
        found[path] = what_is_missing(page)

    assert {path: missing for path, missing in found.items() if missing} == {}
