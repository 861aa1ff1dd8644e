"""Edit conflicts: what landed while an editor was typing, and what the editor typed."""

import pytest
from django.urls import reverse

from accounts.tests.baker_recipes import editor
from blogs.admin.form import BRIEF_CONFLICT, TEXT_CONFLICT, TEXT_TOO_LONG
from blogs.models import BlogPost, Revision, Status
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.browsers import as_sent, logged_in
from generation.models import Generation

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> BlogPost:
    """A post whose live text is `An old text.`, as revision 1."""
    post = finished_post.make(revision=0, content="")
    post.add_revision("Old", "An old text.", source=Revision.Source.AI)
    return post


class Form:
    """A post's form as it stood when it was opened, filled in and sent at some later time."""

    def __init__(self, post: BlogPost) -> None:
        self.client = logged_in(editor.make())
        self.address = reverse("admin:blogs_blogpost_change", args=[post.pk])
        form = self.client.get(self.address).context["adminform"].form
        self.fields = form.initial | {"seen_revision": post.revision}
        for field in form:
            if field.field.show_hidden_initial:
                self.fields[field.html_initial_name] = field.initial
        for prefix in ("generations", "revisions"):
            self.fields |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}

    def send(self, **changes):
        return self.client.post(self.address, {name: as_sent(value) for name, value in (self.fields | changes).items()})


def land(post: BlogPost, title: str = "Landed", content: str = "A newer text.") -> None:
    BlogPost.objects.get(pk=post.pk).add_revision(title, content, source=Revision.Source.AI)


def live(post: BlogPost) -> tuple[str, str, int]:
    post.refresh_from_db()
    return post.title, post.content, post.revision


def test_an_outdated_form_saves_nothing_and_shows_both_texts(post):
    form = Form(post)
    land(post)

    answer = form.send(title="From the old form", content="Typed.", brief="rye")

    html = answer.content.decode()
    assert answer.status_code == 200
    assert TEXT_CONFLICT % {"live": 2, "seen": 1} in html
    assert "From the old form" in html
    assert "A newer text." in html
    assert '<button type="submit" name="_keep" value="2"' in html
    assert live(post) == ("Landed", "A newer text.", 2)
    assert not Generation.objects.exists()


def test_the_editor_keeps_their_own_text_and_the_other_stays_in_the_history(post):
    form = Form(post)
    land(post)

    form.send(title="Mine", content="Typed.", _keep="2")

    assert live(post) == ("Mine", "Typed.", 3)
    assert post.revisions.get(number=2).content == "A newer text."


def test_the_editor_keeps_the_live_text_and_the_rest_of_the_form_is_saved(post):
    form = Form(post)
    land(post)

    form.send(content="Typed.", brief="rye", _take="2")

    assert live(post) == ("Landed", "A newer text.", 2)
    assert (post.brief, post.status) == ("rye", Status.PENDING)


@pytest.mark.parametrize("button", ["_keep", "_take"])
def test_a_choice_between_two_texts_does_not_hold_for_a_third(post, button):
    form = Form(post)
    land(post)
    land(post, "Third", "Landed after the choice was shown.")

    answer = form.send(content="Typed.", **{button: "2"})

    assert "Landed after the choice was shown." in answer.content.decode()
    assert live(post) == ("Third", "Landed after the choice was shown.", 3)


def test_a_form_whose_texts_were_not_touched_does_not_undo_newer_ones(post):
    form = Form(post)
    land(post)

    answer = form.send(brief="rye")

    assert answer.status_code == 302
    assert live(post) == ("Landed", "A newer text.", 2)
    assert post.brief == "rye"


def test_a_form_opened_before_the_first_text_does_not_empty_it(post):
    empty = finished_post.make(title="Bread", brief_title="Bread", content="", revision=0, status=Status.PENDING)
    form = Form(empty)
    land(empty, "Landed")

    answer = form.send()

    assert answer.status_code == 302
    assert live(empty) == ("Landed", "A newer text.", 1)


def test_a_form_whose_brief_was_not_touched_does_not_undo_a_newer_one(post):
    form = Form(post)
    other = BlogPost.objects.get(pk=post.pk)
    other.rewrite(title="Old", brief="rye", requested_by=post.owner, options={"tone": "formal"})

    form.send(content="A corrected text.")

    assert live(post) == ("Old", "A corrected text.", 2)
    assert (post.brief, post.tone, post.generations.count()) == ("rye", "formal", 1)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_brief_can_be_changed_however_its_lines_end(post, end):
    BlogPost.objects.filter(pk=post.pk).update(brief=f"rye{end}water")

    answer = Form(BlogPost.objects.get(pk=post.pk)).send(brief="rye\nwater\nsalt")

    post.refresh_from_db()
    assert (answer.status_code, post.brief) == (302, "rye\nwater\nsalt")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_brief_that_was_not_touched_keeps_its_line_ends(post, end):
    BlogPost.objects.filter(pk=post.pk).update(brief=f"rye{end}water")

    Form(BlogPost.objects.get(pk=post.pk)).send(title="Another")

    post.refresh_from_db()
    assert (post.title, post.brief, post.generations.count()) == ("Another", f"rye{end}water", 0)


def test_a_brief_that_two_people_changed_is_rejected_once(post):
    form = Form(post)
    BlogPost.objects.get(pk=post.pk).rewrite(title="Old", brief="rye", requested_by=post.owner)

    answer = form.send(title="Mine", brief="wheat")

    post.refresh_from_db()
    assert BRIEF_CONFLICT % {"live": "rye"} in answer.content.decode()
    assert (post.brief, post.generations.count()) == ("rye", 1)

    assert '<input type="hidden" name="initial-brief" value="rye"' in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()
    form.send(brief="wheat", **{"initial-brief": "rye"})
    post.refresh_from_db()
    assert (post.brief, post.generations.count()) == ("wheat", 2)


@pytest.mark.parametrize("seen", ["", "x", "99"])
def test_a_form_without_a_valid_seen_revision_counts_as_outdated(post, seen):
    answer = Form(post).send(content="Typed.", seen_revision=seen)

    assert answer.status_code == 200
    assert live(post) == ("Old", "An old text.", 1)


def test_a_text_that_is_too_long_is_not_saved_and_an_older_one_does_no_harm(post, settings):
    settings.TEXT_MAX = 20

    html = Form(post).send(content="x" * 21).content.decode()
    assert TEXT_TOO_LONG.format(most=20, length=21) in html
    assert live(post) == ("Old", "An old text.", 1)

    land(post, content="y" * 21)
    post.refresh_from_db()
    assert Form(post).send(title="New").status_code == 302
    assert live(post) == ("New", "y" * 21, 3)
    assert Form(post).send(content="z" * 20).status_code == 302
