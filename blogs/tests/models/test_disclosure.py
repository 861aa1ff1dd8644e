"""What readers are told of a machine's part in a text."""

import pytest

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost, Disclosure, Revision
from blogs.models.disclosure import disclosure, keeps_a_sentence


@pytest.mark.own_database
@pytest.mark.parametrize(
    ("has_machine_text", "is_named", "expected"),
    [
        (False, False, Disclosure.HUMAN_ONLY),
        (False, True, Disclosure.HUMAN_ONLY),
        (True, True, Disclosure.AI_ASSISTED),
        (True, False, Disclosure.AI_AUTONOMOUS),
    ],
)
def test_it_follows_from_who_wrote_and_whether_a_person_named_the_revision(has_machine_text, is_named, expected):
    assert disclosure(has_machine_text=has_machine_text, is_named=is_named) == expected


@pytest.mark.own_database
@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("Rye  and\r\nwater! Mine.", True),
        ("Ein Satz. 水和面粉。", True),
        ("My own words.", False),
        ("", False),
        ("...\n\n!", False),
    ],
)
def test_a_sentence_is_kept_whatever_its_spaces_and_its_end(text, is_kept):
    assert keeps_a_sentence(text, ["Water! Rye.", "Rye and\nwater. Salt, too.\n\nwater", "水和面粉。"]) == is_kept


@pytest.mark.django_db
def test_a_machines_sentence_counts_until_a_person_leaves_it_out():
    user = writer.make()
    post = BlogPost(owner=user, title="Bread")
    post.submit_own_text("By hand.", author=user)
    said = [post.ai_disclosure]

    post.add_revision("Bread", "Rye and water. Salt.", source=Revision.Source.AI)
    said.append(post.ai_disclosure)
    for content, is_named in (("Salt. Mine.", False), ("Salt! Mine, too.", True), ("All mine.", False)):
        post.edit(title="Bread", content=content, author=user, is_named=is_named)
        said.append(post.ai_disclosure)
    post.restore(post.revisions.get(number=3), author=user)
    said.append(post.ai_disclosure)

    machine, person, both = Disclosure.AI_AUTONOMOUS, Disclosure.HUMAN_ONLY, Disclosure.AI_ASSISTED
    assert said == [person, machine, machine, both, person, both]
