"""The warnings of a generation over HTTP."""

from dataclasses import replace

import pytest

from blogsite.testing.posts import finished_text
from generation.failures import FailureCode, GenerationFailed
from generation.queue import fetch, transitions
from generation.tests.baker_recipes import waiting, written
from generation.writer.checks.findings import Finding, FindingName

pytestmark = pytest.mark.django_db
FILLER = Finding(FindingName.FILLER, "It is what it is.")
OPPOSITE = Finding(FindingName.CONTRADICTION, "Bake it cold.", "cold", "a hot oven")


def test_a_generation_shows_its_warnings_and_those_that_hold_it_back_first(as_user):
    post = written.make(warnings=[FILLER.as_json(), OPPOSITE.as_json()]).post
    client = as_user(post.owner)

    one = client.get(f"/api/v1/blogs/{post.pk}/generations/1").json()["generation"]
    (listed,) = client.get(f"/api/v1/blogs/{post.pk}/generations").json()["generations"]

    assert one["warnings"] == listed["warnings"]
    assert one["warnings"] == [
        OPPOSITE.as_json() | {"message": FindingName.CONTRADICTION.summary, "holds_back": True},
        FILLER.as_json() | {"message": FindingName.FILLER.summary, "holds_back": False},
    ]


def test_a_text_that_is_held_back_shows_its_warnings_on_the_proposal(as_user):
    post = waiting.make().post
    (claim,) = fetch.fetch_due(1, "here:1")
    text = replace(finished_text(claim), warnings=[OPPOSITE.as_json()])
    transitions.reject(text, GenerationFailed(FailureCode.INVALID_OUTPUT, OPPOSITE.message))

    generation = as_user(post.owner).get(f"/api/v1/blogs/{post.pk}/generations/1").json()["generation"]

    assert (generation["status"], generation["landing"]) == ("failed", "proposed")
    assert [warning["name"] for warning in generation["warnings"]] == ["contradiction"]


def test_the_sentences_that_a_model_added_are_shown(as_user):
    added = {"added": ["That is why it keeps."]}
    post = written.make(provenance=added).post

    answer = as_user(post.owner).get(f"/api/v1/blogs/{post.pk}/generations/1")

    assert answer.json()["generation"]["provenance"] == added


def test_the_schema_lists_every_warning_with_its_meaning(api):
    schemas = api.get("/openapi.json").json()["components"]["schemas"]

    names = schemas["WarningName"]

    assert names["enum"] == [name.value for name in FindingName]
    assert names["description"].splitlines() == [f"* `{name}` - {name.summary}" for name in FindingName]
    assert schemas["Warning"]["properties"]["name"] == {"$ref": "#/components/schemas/WarningName"}
