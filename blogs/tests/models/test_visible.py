"""A title, or a brief, in which nothing can be seen is refused at every door, and changes nothing."""

import re

import pytest
from django.urls import reverse

from accounts.tests.baker_recipes import editor, writer
from blogs.api.request_bodies import TitleField
from blogs.models import BlogPost, Revision
from blogs.models.visible import INVISIBLE_BRIEF, NO_VISIBLE_TITLE, InvisibleTitle, has_visible, is_invisible_brief
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.browsers import logged_in
from blogsite.testing.growth import assert_grows_linearly

INVISIBLE = {
    "zero width space": "\u200b",
    "joiner and byte order mark": "\u2060\ufeff",
    "override of the direction": "\u202e",
    "filler of Hangul": "\u3164",
    "other fillers": "\u115f\u1160\uffa0",
    "soft hyphen": "\u00ad",
    "empty pattern of Braille": "\u2800\u2800",
    "variation selectors": "\ufe0f\U000e0101",
    "tags": "\U000e0041\U000e007f",
    "accent on nothing": "\u0301",
    "keycap on nothing": "\u20e3",
    "joiner of graphemes": "\u034f",
    "vowel sign of Thai without a letter": "\u0e31",
    "separators between": "\u200b \u2028\u3000\u200b",
    "control": "\u0001",
    "no character": "\uffff",
    "reserved for what is ignored": "\U000e0fff",
}
VISIBLE = {
    "a letter": "a",
    "a figure": "7",
    "a dot": ".",
    "an emoji with a joiner": "\U0001f469\u200d\U0001f4bb",
    "a heart with a selector": "\u2764\ufe0f",
    "a keycap": "1\ufe0f\u20e3",
    "a flag": "\U0001f1ea\U0001f1fa",
    "Hebrew with points": "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd",
    "Arabic with an embedding": "\u202b\u0645\u064f\u0631\u064e\u0628\u064a\u202c",
    "Persian with a non-joiner": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "Devanagari": "\u0915\u094d\u0937",
    "Hangul in parts": "\u1112\u1161\u11ab",
    "Thai": "\u0e01\u0e31\u0e19",
    "Braille": "\u2813",
    "a private character": "\uf8ff",
    "a character of a later Unicode": "\U0001fae9",
    "an accent on a letter after nothing": "\u200be\u0301",
}


@pytest.mark.parametrize("title", INVISIBLE.values(), ids=INVISIBLE.keys())
def test_nothing_can_be_seen(title):
    assert not has_visible(title)
    assert is_invisible_brief(f"{title}\n")


@pytest.mark.parametrize("title", VISIBLE.values(), ids=VISIBLE.keys())
def test_something_can_be_seen(title):
    assert has_visible(title)
    assert not is_invisible_brief(title)


@pytest.mark.parametrize("brief", ["", " ", "\n\t\u3000"])
def test_an_empty_brief_is_no_invisible_one(brief):
    assert not is_invisible_brief(brief)


def test_the_schemas_pattern_excludes_nothing_that_can_be_seen():
    pattern = re.compile(TitleField._spectacular_annotation["field"]["pattern"])  # type: ignore[attr-defined]
    excluded = [character for character in map(chr, range(0x10000)) if not pattern.fullmatch(character)]

    assert "\u200b" in excluded
    assert [f"{ord(character):x}" for character in excluded if has_visible(character)] == []


@pytest.mark.parametrize("mark", ["\u200b", "\u0301", "\ufe0f", "\u2800", " \u3164"])
@pytest.mark.parametrize("look", [has_visible, is_invisible_brief])
def test_the_work_grows_with_the_text(mark, look):
    assert_grows_linearly(lambda size: mark * (size // len(mark)), lambda text: look(text.rstrip("0123456789")))


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["\u200b", " \u2060\ufeff ", "\u3164"])
@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_the_api_refuses_an_invisible_title(as_user, title, method):
    post = finished_post.make(title="Bread")
    address = "/api/v1/blogs" if method == "post" else f"/api/v1/blogs/{post.pk}"

    answer = getattr(as_user(post.owner), method)(address, {"title": title})

    assert (answer.status_code, answer.json()["errors"]) == (400, {"title": [NO_VISIBLE_TITLE]})
    assert [one.title for one in BlogPost.objects.all()] == ["Bread"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put"])
def test_the_api_refuses_an_invisible_brief(as_user, method):
    post = finished_post.make(brief="flour")
    address = "/api/v1/blogs" if method == "post" else f"/api/v1/blogs/{post.pk}"

    answer = getattr(as_user(post.owner), method)(address, {"title": "Bread", "content": "\u200b\n\u200b"})

    assert (answer.status_code, answer.json()["errors"]) == (400, {"content": [INVISIBLE_BRIEF]})
    assert [one.brief for one in BlogPost.objects.all()] == ["flour"]


@pytest.mark.django_db
@pytest.mark.parametrize("title", VISIBLE.values(), ids=VISIBLE.keys())
def test_the_api_takes_a_title_in_any_script_as_it_is(as_user, title):
    answer = as_user(writer.make()).post("/api/v1/blogs", {"title": title, "content": "\u200bsalt"})

    assert (answer.status_code, answer.json()["blog"]["title"]) == (201, title)


@pytest.mark.django_db
def test_the_admin_refuses_both():
    client, address = logged_in(editor.make()), reverse("admin:blogs_blogpost_add")
    owner = writer.make()
    form = {"owner": owner.pk, "length": "standard", "tone": "neutral", "audience": "general", "language": "auto"}

    html = client.post(address, form | {"title": "\u200b", "brief": "\u200b"}).content.decode()

    assert NO_VISIBLE_TITLE in html
    assert INVISIBLE_BRIEF in html
    assert not BlogPost.objects.exists()


@pytest.fixture
def veteran() -> BlogPost:
    """A post whose first revision has a title from a time when any would do."""
    post = finished_post.make(revision=0, content="")
    post.add_revision("\u200b", "One.", source=Revision.Source.AI)
    post.add_revision("Bread", "Two.", source=Revision.Source.AI)
    return post


@pytest.mark.django_db
def test_an_invisible_title_is_not_restored_by_the_api(as_user, veteran):
    answer = as_user(veteran.owner).post(f"/api/v1/blogs/{veteran.pk}/revisions/1/restore")

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/state-conflict")
    assert answer.json()["detail"] == InvisibleTitle.detail
    veteran.refresh_from_db()
    assert (veteran.title, veteran.content, veteran.revision) == ("Bread", "Two.", 2)


@pytest.mark.django_db
def test_an_invisible_title_is_not_restored_by_the_admin(editor_client, veteran):
    address = reverse("admin:blogs_blogpost_restore", args=[veteran.pk])

    answer = editor_client.post(address, {"number": 1, "seen": 2}, follow=True)

    assert InvisibleTitle.detail in answer.content.decode()
    veteran.refresh_from_db()
    assert (veteran.title, veteran.revision) == ("Bread", 2)


@pytest.mark.django_db
def test_an_old_post_with_an_invisible_title_can_be_given_another(as_user, veteran):
    answer = as_user(veteran.owner).patch(f"/api/v1/blogs/{veteran.pk}", {"title": "Rye"})

    assert (answer.status_code, answer.json()["blog"]["title"]) == (200, "Rye")
