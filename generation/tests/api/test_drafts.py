"""The draft of a post over HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.baker_recipes import editor, writer
from blogsite.testing.posts import finished_text, fresh, owner_of, request_post
from generation.api.drafts import PRIVATE
from generation.models import Generation
from generation.queue import fetch, transitions
from generation.tests.baker_recipes import waiting, written

pytestmark = pytest.mark.django_db

WARNINGS = [{"name": "invented_figure", "sentence": "Bake for 90 minutes.", "detail": "90", "note": ""}]


def draft_of(post):
    return f"/api/v1/blogs/{post.pk}/draft"


def test_a_draft_has_the_newest_text_and_what_is_about_to_become_of_it(as_user, settings):
    settings.PUBLISH = "on_review"
    post = request_post("Bread", "rye; water", tone="formal")
    transitions.land([finished_text(fetch.fetch_due(1, "one:1")[0], "Bread", "One.")])
    post = fresh(post)
    Generation.objects.update(warnings=WARNINGS)
    proposal = written.make(
        post=post, number=2, landing="proposed", title="Loaves", base_revision=0, warnings=WARNINGS, revision=None
    )
    user = owner_of(post)
    post.publish(by=user, number=1, is_named=True)
    post.edit(title="Bread", content="Two.", author=user)
    post.schedule(timezone.now() + timedelta(hours=1), by=user)

    answer = as_user(editor.make()).get(draft_of(post))
    blog = answer.json()["blog"]

    assert (blog["title"], blog["content"], blog["revision"], blog["brief"]) == ("Bread", "Two.", 2, "rye; water")
    assert (blog["tone"], blog["released_revision"], blog["ai_disclosure"]) == ("formal", 1, "ai-assisted")
    assert (blog["release"]["revision"], blog["release"]["by_id"], blog["release"]["is_named"]) == (1, user.pk, True)
    assert (blog["schedule"]["revision"], blog["schedule"]["moment"]) == (2, blog["publish_at"])
    assert [(found["number"], found["title"]) for found in blog["proposals"]] == [(proposal.number, "Loaves")]
    assert [warning["detail"] for warning in blog["proposals"][0]["warnings"]] == ["90"]
    assert (blog["warnings"], blog["queued_before"]) == ([], None)
    assert answer["ETag"] == f'"{post.pk}-{fresh(post).version}"'


def test_the_warnings_are_those_of_the_newest_text(as_user):
    post = request_post()
    transitions.land([finished_text(fetch.fetch_due(1, "one:1")[0])])
    Generation.objects.update(warnings=WARNINGS)

    warnings = as_user(post.owner).get(draft_of(post)).json()["blog"]["warnings"]

    assert [warning["name"] for warning in warnings] == ["invented_figure"]


def test_a_queued_post_says_how_many_are_before_it(as_user):
    first, second, bulk = (
        waiting.make(turn=turn, urgent=urgent) for turn, urgent in ((1, True), (2, True), (0, False))
    )

    places = [
        as_user(row.post.owner).get(draft_of(row.post)).json()["blog"]["queued_before"] for row in (first, second, bulk)
    ]

    assert places == [0, 1, 2]


def test_only_who_may_see_a_brief_sees_a_draft(as_user, api):
    post = request_post()

    assert api.get(draft_of(post)).status_code == 401
    codes = [as_user(user).get(draft_of(post)).status_code for user in (writer.make(), post.owner, editor.make())]
    assert codes == [403, 200, 200]


def test_brief_and_options_change_without_a_rewrite(as_user):
    post = request_post("Bread", "rye", length="long")
    client = as_user(post.owner)

    answer = client.patch(draft_of(post), {"brief": "wheat", "tone": "formal", "brief_title": "Wheat"})

    post, generation = fresh(post), Generation.objects.get()
    assert (answer.status_code, answer["ETag"]) == (200, f'"{post.pk}-{post.version}"')
    assert (post.brief, post.options["tone"], post.options["length"]) == ("wheat", "formal", "long")
    assert (post.title, post.brief_title, post.status) == ("Wheat", "Wheat", "pending")  # it has no text yet
    assert (generation.brief, generation.brief_title) == ("rye", "Bread")


def test_a_draft_is_changed_as_it_was_read_or_not_at_all(as_user):
    post = request_post("Bread", "rye")
    client, before = as_user(post.owner), fresh(post).version

    assert client.patch(draft_of(post), {"tone": "odd"}).status_code == 400
    assert client.patch(draft_of(post), {"brief": "x" * 20_001}).status_code == 400
    assert client.patch(draft_of(post), {"brief": "x"}, headers={"If-Match": '"1-0"'}).status_code == 412
    assert as_user(writer.make()).patch(draft_of(post), {"brief": "x"}).status_code == 403
    assert client.patch(draft_of(post), {}).status_code == 200
    assert fresh(post).version == before


def test_a_client_that_has_this_draft_gets_304_until_anything_in_it_changes(as_user):
    post = request_post("Bread", "rye")
    transitions.land([finished_text(fetch.fetch_due(1, "one:1")[0])])
    proposal = written.make(post=post, number=2, landing="proposed", base_revision=0, revision=None)
    client = as_user(post.owner)

    def read(tag):
        return client.get(draft_of(post), headers={"If-None-Match": tag})

    first = client.get(draft_of(post))
    again = read(f'"1-0", W/{first["ETag"]}')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == first["Cache-Control"] == PRIVATE
    assert "Content-Type" not in again
    assert as_user(writer.make()).get(draft_of(post), headers={"If-None-Match": first["ETag"]}).status_code == 403

    for path, change in (("draft", {"brief": "wheat"}), ("", {"content": "Mine."})):
        assert client.patch(f"/api/v1/blogs/{post.pk}/{path}", change).status_code == 200
        first, before = read(first["ETag"]), first
        assert (first.status_code, read(first["ETag"]).status_code) == (200, 304), before
    assert client.post(f"/api/v1/blogs/{post.pk}/generations/{proposal.number}/discard").status_code == 200
    assert read(first["ETag"]).json()["blog"]["proposals"] == []


def test_a_queued_draft_is_sent_whole_since_its_place_changes(as_user):
    first, second = waiting.make(turn=1), waiting.make(turn=2)
    client, address = as_user(second.post.owner), draft_of(second.post)
    tag = client.get(address)["ETag"]
    first.delete()

    answer = client.get(address, headers={"If-None-Match": tag})

    assert (answer.status_code, answer["ETag"], answer.json()["blog"]["queued_before"]) == (200, tag, 0)
