"""No address of the admin, and nothing that is selected there, is a mistake of ours."""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group

from blogs.models import ID_MAX
from blogs.tests.baker_recipes import finished_post
from blogsite.middleware.admin_requests import HAS_NUL, LONGEST, NO_ID, TOO_LONG

pytestmark = pytest.mark.django_db
POSTS, USERS = "/admin/blogs/blogpost/", "/admin/accounts/user/"
LISTS = [POSTS, USERS, "/admin/accounts/invitation/", "/admin/accounts/outgoingmail/", "/admin/auth/group/"]
FINDER = "/admin/autocomplete/?app_label=blogs&model_name=blogpost&field_name=owner&term="
BROWSER = {"Accept": "text/html"}


@pytest.mark.parametrize("address", [*(f"{page}?q=" for page in LISTS), FINDER])
def test_a_search_that_is_too_long_is_refused_with_a_page(editor_client, address):
    answer = editor_client.get(address + "a" * 60_000, headers=BROWSER)

    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert TOO_LONG in answer.content.decode()

    for longest in ("ä" * LONGEST, "a+" * (LONGEST // 2)):
        assert editor_client.get(address + longest).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        f"{POSTS}?status__exact=%00",
        f"{POSTS}?%00=1",
        f"{POSTS}add/?owner=%00",
        f"{USERS}?q=%00",
        f"{FINDER}%00",
        "/admin/django_q/success/?id__exact=%00",
        "/admin/django_q/success/%00/change/",
    ],
)
def test_an_address_with_a_nul_is_refused_with_a_page(editor_client, address):
    answer = editor_client.get(address, headers=BROWSER)

    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert HAS_NUL in answer.content.decode()


@pytest.mark.parametrize("address", LISTS)
def test_what_cannot_be_an_id_is_not_selected(editor_client, address):
    for selected in ("x", "\0", "9" * 30, "-1", str(ID_MAX + 1), "²"):
        sent = {"action": "delete_selected", "_selected_action": [1, selected]}
        answer = editor_client.post(address, sent, headers=BROWSER)
        assert answer.status_code == 400
        assert NO_ID in answer.content.decode()

    assert editor_client.post(address, sent | {"_selected_action": ID_MAX}, follow=True).status_code == 200


def test_an_address_that_leads_back_to_a_long_search_is_no_search(editor_client):
    back = quote("q=" + quote("中" * LONGEST))

    answer = editor_client.get(f"{POSTS}{finished_post.make().pk}/change/?_changelist_filters={back}")

    assert answer.status_code == 200


def test_the_form_for_a_new_post_takes_no_owner_that_is_no_number(editor_client):
    for owner in ("x", "9" * 30, ""):
        assert editor_client.get(f"{POSTS}add/?owner={owner}").status_code == 200


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "created_at__year={}",
        "date_joined__year=-1",
        "created_at__year=-1",
        "pk__in=1,{}",
        "id__in={}",
        "user__exact={}",
    ],
)
def test_a_filter_with_a_number_that_is_out_of_range_is_no_mistake_of_ours(editor_client, page, query):
    for number in (ID_MAX + 1, 10**40):
        answer = editor_client.get(f"{page}?{query.format(number)}", headers=BROWSER, follow=True)

        assert answer.status_code in (200, 400)
        assert "text/html" in answer["Content-Type"]


def test_a_choice_of_a_number_that_is_out_of_range_is_no_mistake_of_ours(editor_client):
    sent = {"name": "Readers", "permissions": str(ID_MAX + 1)}

    answer = editor_client.post("/admin/auth/group/add/", sent, headers=BROWSER)

    assert answer.status_code in (200, 400)
    assert not Group.objects.filter(name="Readers").exists()
