"""Warnings in the admin: beside a post and in its texts, with the sentences that the model added."""

from typing import Any

import pytest
from django.urls import reverse

from blogs.models import BlogPost, Revision
from blogs.tests.baker_recipes import finished_post
from blogs.tests.text.elements import Elements
from blogs.text.marks import MarkKind
from generation.admin.warnings import LIVE, PROPOSAL
from generation.models import Generation, State
from generation.tests.baker_recipes import written
from generation.writer.checks.findings import Finding, FindingName

pytestmark = pytest.mark.django_db
TEXT = "Rye rises.\n\nBake it **cold**. It is what it is. This way it keeps."
OPPOSITE = Finding(FindingName.CONTRADICTION, "Bake it **cold**.", note="a hot oven")
FIGURE = Finding(FindingName.INVENTED_FIGURE, "It is what it is.", "87 %")
LOST = Finding(FindingName.LOST_NOTE, note="patience")
FOUND: dict[str, Any] = {
    "warnings": [finding.as_json() for finding in (LOST, FIGURE, OPPOSITE)],
    "provenance": {"added": ["This way it keeps."]},
}


@pytest.fixture
def post() -> BlogPost:
    """A post whose text has warnings."""
    post: BlogPost = finished_post.make(revision=0)
    post.add_revision("Bread", TEXT, source=Revision.Source.AI)
    written.make(post=post, owner=post.owner, content=TEXT, revision=post.revisions.get(), **FOUND)
    return post


@pytest.fixture
def held_back(post: BlogPost) -> Generation:
    """A text that the same warnings keep from going live."""
    failed: dict[str, Any] = {"status": State.FAILED, "failure_code": "invalid_output", "failure_message": "It failed."}
    proposed = written.make(
        post=post, number=2, landing=Generation.Landing.PROPOSED, title="Loaves", content=TEXT, **failed, **FOUND
    )
    assert isinstance(proposed, Generation)
    return proposed


def address(page: str, post: BlogPost) -> str:
    return reverse(f"admin:blogs_blogpost_{page}", args=[post.pk])


def read(client, url: str, **query: int) -> str:
    return str(client.get(url, query).content.decode())


def marked(kind: MarkKind, title: str, text: str) -> str:
    said = f"{kind.label}: {title}" if title else kind.label
    return f'<mark class="{kind}" title="{said}">{text}</mark>'


CONTRADICTED = f"{FindingName.CONTRADICTION.summary} The notes: “a hot oven”"
WARNED = marked(MarkKind.WARNING, "It has a figure that is not in the notes: 87 %", FIGURE.sentence)
ADDED = marked(MarkKind.ADDED, "", "This way it keeps.")


def test_the_preview_marks_the_sentences_of_warnings_and_those_that_the_model_added(editor_client, post):
    html = read(editor_client, address("preview", post))

    cold = f"<strong>{marked(MarkKind.WARNING, CONTRADICTED, 'cold')}</strong>"
    assert marked(MarkKind.WARNING, CONTRADICTED, "Bake it ") + cold in html
    assert f"{WARNED} {ADDED}" in html
    assert f'<mark class="added">{MarkKind.ADDED.label.lower()}</mark>' in html  # the legend


def test_a_warning_about_what_is_missing_is_listed(editor_client, post):
    html = read(editor_client, address("preview", post))

    assert f'<li>{FindingName.LOST_NOTE.summary}<br><span class="quiet">The notes: <q>patience</q></span></li>' in html


def test_a_text_without_warnings_has_no_list_and_no_legend(editor_client, post):
    Generation.objects.update(warnings=[], provenance={})

    html = read(editor_client, address("preview", post))

    assert "<mark" not in html
    assert 'class="remarks"' not in html


def test_what_a_person_left_in_the_text_stays_marked_and_what_they_took_out_is_not_listed(editor_client, post):
    post.edit(title="Bread", content="Bake it hot. This way it keeps.", author=post.owner)

    for html in (read(editor_client, address("preview", post)), read(editor_client, address("compare", post))):
        assert ADDED in html
        assert FindingName.CONTRADICTION.summary not in html
        assert FindingName.LOST_NOTE.summary not in html


def test_the_unsaved_text_of_the_form_is_marked_too(editor_client, post):
    form = {"title": "Bread", "content": "Mine.\r\n\r\nIt is what it is."}

    html = editor_client.post(address("preview", post), form).content.decode()

    assert WARNED in html
    assert ADDED not in html


def test_an_earlier_revision_has_its_own_warnings(editor_client, post):
    post.add_revision("Bread", TEXT, source=Revision.Source.AI)
    written.make(post=post, number=2, revision=post.revisions.get(number=2))

    assert WARNED in read(editor_client, address("preview", post), revision=1)
    assert WARNED not in read(editor_client, address("preview", post), revision=2)


def test_the_comparison_marks_the_newer_text(editor_client, post):
    Generation.objects.update(revision=None)
    post.add_revision("Bread", f"{TEXT} New.", source=Revision.Source.AI)
    Generation.objects.update(revision=post.revisions.get(number=2))

    html = read(editor_client, address("compare", post))

    assert f"{WARNED} {ADDED}<ins> New.</ins>" in html
    assert marked(MarkKind.WARNING, CONTRADICTED, "Bake it **cold**.") in html


def test_a_proposal_names_what_holds_it_back_and_marks_it(editor_client, held_back):
    html = read(editor_client, reverse("admin:generation_proposal", args=[held_back.post_id, 2]))

    reasons, _, others = html.partition("Held back because of")[2].partition("<h2>Warnings</h2>")
    assert FindingName.CONTRADICTION.summary in reasons
    assert FindingName.LOST_NOTE.summary in others.partition("</section>")[0]
    assert marked(MarkKind.REASON, CONTRADICTED, "Bake it **cold**.") in html  # compared
    assert marked(MarkKind.REASON, CONTRADICTED, "Bake it ") in html  # previewed
    assert html.count(ADDED) == 2


def test_the_history_names_what_holds_a_proposal_back(editor_client, held_back):
    html = read(editor_client, address("history", held_back.post))

    assert f'<td data-label="Reason" class="title">{FindingName.CONTRADICTION.summary}</td>' in html


def test_an_accepted_proposal_is_held_back_no_longer(editor_client, held_back):
    address_of = reverse("admin:generation_proposal", args=[held_back.post_id, 2])
    editor_client.post(address_of, {"decision": "accept", "seen": 1})

    html = read(editor_client, address("preview", held_back.post))

    assert marked(MarkKind.WARNING, CONTRADICTED, "Bake it ") in html
    assert MarkKind.REASON.label not in html


def test_the_posts_page_counts_and_lists_the_warnings_of_its_text_and_proposals(editor_client, held_back):
    html = read(editor_client, address("change", held_back.post))
    slot = editor_client.get(address("live", held_back.post)).json()["slots"]["warnings"]

    for name in (LIVE, PROPOSAL.format(number=2)):
        assert f"<summary>{name}: 3 warnings, 1 sentence added by the model</summary>" in html
    assert slot in html
    assert slot.count(f"<strong>{MarkKind.REASON.label}.</strong> {FindingName.CONTRADICTION.summary}") == 1
    assert "<q>It is what it is.</q>" in slot


def test_a_hostile_sentence_is_shown_as_text(editor_client, post):
    hostile = '<img src=x onerror=alert(1)>" onmouseover="alert(1)'
    BlogPost.objects.update(content=f"First. {hostile} Last.")
    bad = Finding(FindingName.FILLER, hostile, f"</mark>{hostile}", f"</q>{hostile}")
    Generation.objects.update(warnings=[bad.as_json()], provenance={"added": [hostile]})

    for page in ("preview", "change", "history"):
        html = read(editor_client, address(page, post))
        attributes = {name for _, attributes in Elements(html).found for name in attributes}
        assert not {name for name in attributes if name.startswith("on")}
        assert "<img src=x" not in html
    assert '<mark class="warning"' in read(editor_client, address("preview", post))


def test_the_pages_read_no_more_rows_for_many_generations(editor_client, post, django_assert_max_num_queries):
    for number in range(2, 20):
        written.make(post=post, number=number, **FOUND)
    post.edit(title="Bread", content=f"{TEXT} Mine.", author=post.owner)

    with django_assert_max_num_queries(6):
        read(editor_client, address("preview", post))
