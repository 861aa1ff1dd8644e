"""The one repair of a draft: edits of its sentences, or the whole text again."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from generation.failures import FailureCode
from generation.llm.client import ModelClient
from generation.llm.paid_answers import PaidAnswers
from generation.llm.providers import configured_provider
from generation.tests.writer.large_posts import (
    BRIEF,
    DRAFTING,
    EDITING,
    REWRITING,
    SHORT_POST,
    TITLE,
    VERIFYING,
    answer,
    claims,
    edits,
    failure,
    kinds,
    rejected,
    write,
)
from generation.tests.writer.sample_post import post
from generation.writer.calls import ModelCalls
from generation.writer.checks.assess import Wanted
from generation.writer.checks.findings import Finding, FindingName
from generation.writer.checks.review import Subject
from generation.writer.prompts.large import Material
from generation.writer.repair import Repair, needs_whole_text
from generation.writer.reviewer import Reviewed, Reviewer

CONTENT = post()


@pytest.fixture
def lies(model_server: Any, settings: Settings) -> list[str]:
    """Two sentences of the draft; the verification is going to say that they contradict a note."""
    settings.GENERATION_VERIFY = True
    text = write().content.split("\n\n")[2]
    model_server.calls.clear()
    found = [f"{sentence.strip('.')}." for sentence in text.split(". ")[:2]]
    answer(model_server, when=VERIFYING, text=claims(*((sentence, 1, "contradicted") for sentence in found)))
    return found


def test_edits_change_the_sentences_and_nothing_else(model_server: Any, lies: list[str]) -> None:
    answer(model_server, when=EDITING, text=edits((lies[0], "Compact varieties fit."), (lies[1], "")))
    steps: list[str] = []
    draft = write(steps=steps)
    assert kinds(model_server) == ["plan", "draft", "verify", "edits"]
    assert list(dict.fromkeys(steps)) == ["plan", "write", "check", "edit"]
    shown = model_server.calls[-1].said
    before = shown[shown.index("<post>\n") + 7 : shown.index("\n</post>")]
    assert draft.content == before.replace(lies[0], "Compact varieties fit.").replace(f"{lies[1]} ", "")
    account = {"form": "edits", "problems": 2, "edits": 2, "skipped": 0, "result": "kept"}
    assert (draft.warnings, draft.provenance["repair"]) == ((), account)


def test_an_edit_that_does_not_apply_is_counted(model_server: Any, lies: list[str]) -> None:
    answer(model_server, when=EDITING, text=edits((lies[0], ""), ("Not in the text.", "")))
    caught = rejected()
    assert [finding.sentence for finding in caught.draft.warnings] == [lies[1]]
    account = {"form": "edits", "problems": 2, "edits": 1, "skipped": 1, "result": "kept"}
    assert caught.draft.provenance["repair"] == account


@pytest.mark.parametrize(
    ("behaviour", "result"),
    [
        ({"text": "I have corrected the post."}, "unusable"),
        ({"text": '{"edits": []}'}, "no better"),
        ({"text": ""}, "empty_output"),
        ({"fault": "broken_body"}, "invalid_output"),
        ({"refusal": "No."}, "refused"),
        ({"finish_reason": "length"}, "truncated"),
        ({"status": 400}, "provider_rejected"),
    ],
)
def test_a_repair_that_fails_leaves_the_draft_to_a_person(
    model_server: Any, lies: list[str], behaviour: dict[str, Any], result: str
) -> None:
    answer(model_server, when=EDITING, **behaviour)
    caught = rejected()
    assert caught.code == FailureCode.INVALID_OUTPUT
    assert [finding.sentence for finding in caught.draft.warnings] == lies
    assert caught.draft.provenance["repair"]["result"] == result
    assert kinds(model_server) == ["plan", "draft", "verify", "edits"]


def test_after_a_retryable_failure_of_the_repair_another_attempt_pays_for_nothing_else(
    model_server: Any, lies: list[str]
) -> None:
    paid_answers = PaidAnswers()
    answer(model_server, when=EDITING, status=500)
    assert failure(paid_answers=paid_answers).code == FailureCode.PROVIDER_UNAVAILABLE
    model_server.calls.clear()
    answer(model_server, when=EDITING, text=edits((lies[0], ""), (lies[1], "")))
    saved = json.loads(json.dumps(paid_answers.as_json(billed=True)))
    again = write(paid_answers=PaidAnswers(saved=saved))
    assert kinds(model_server) == ["edits"]
    assert (again.provenance["repair"]["result"], again.usage.calls) == ("kept", 1)


def test_a_finished_repair_is_among_the_paid_answers(model_server: Any, lies: list[str]) -> None:
    paid_answers = PaidAnswers()
    answer(model_server, when=EDITING, text=edits((lies[0], ""), (lies[1], "")))
    first = write(paid_answers=paid_answers)
    model_server.calls.clear()
    again = write(paid_answers=PaidAnswers(saved=paid_answers.as_json(billed=True)))
    assert (model_server.calls, again.content) == ([], first.content)


SHORT = replace(BRIEF, length="short")


@pytest.fixture
def clean(model_server: Any) -> str:
    """A draft that nothing is wrong with."""
    text = write(SHORT).content
    model_server.calls.clear()
    return text


INVENTED = {
    FindingName.INVENTED_PERSON: "Dr. Miriam Castellan recommends compact varieties to everyone.",
    FindingName.INVENTED_QUOTATION: "As one grower put it, “there is nothing like a warm tomato at breakfast”.",
    FindingName.INVENTED_LINK: "More about compact varieties is at https://tomatoes.example.org/varieties.",
}


@pytest.mark.parametrize("name", INVENTED)
def test_an_invention_is_removed_by_an_edit_and_the_post_lands(
    model_server: Any, clean: str, name: FindingName
) -> None:
    answer(model_server, when=DRAFTING, text=f"{clean} {INVENTED[name]}")
    answer(model_server, when=EDITING, text=edits((INVENTED[name], "")))
    draft = write(SHORT)
    assert kinds(model_server) == ["plan", "draft", "edits"]
    assert (draft.content, draft.warnings, draft.provenance["repair"]["result"]) == (clean, (), "kept")


@pytest.mark.parametrize("name", INVENTED)
def test_an_invention_that_the_repair_leaves_is_a_proposal(model_server: Any, clean: str, name: FindingName) -> None:
    answer(model_server, when=DRAFTING, text=f"{clean} {INVENTED[name]}")
    caught = rejected(SHORT)
    assert name in {finding.name for finding in caught.draft.warnings}
    assert name.summary in caught.message
    assert INVENTED[name] in caught.message


def test_a_figure_that_the_repair_leaves_is_a_warning(model_server: Any, clean: str) -> None:
    answer(model_server, when=DRAFTING, text=f"{clean} Compact varieties yield 47 kilograms in a season.")
    draft = write(SHORT)
    assert kinds(model_server) == ["plan", "draft", "edits"]
    assert {finding.name for finding in draft.warnings} == {FindingName.INVENTED_FIGURE}
    assert "47 kilograms" in draft.content


def test_a_draft_in_another_language_or_much_too_long_is_written_again(model_server: Any, clean: str) -> None:
    german = "Der Balkon ist klein und die Tomaten sind nicht groß, aber wir gießen sie mit Geduld. " * 12
    for text in (german, f"{clean} {clean}"):
        model_server.calls.clear()
        answer(model_server, when=DRAFTING, text=text)
        draft = write(SHORT)
        assert kinds(model_server) == ["plan", "draft", "rewrite"]
        assert (draft.warnings, draft.provenance["repair"]["result"]) == ((), "kept")


def better(draft: Reviewed) -> tuple[Reviewed, dict[str, Any]]:
    async def one_repair() -> tuple[Reviewed, dict[str, Any]]:
        async with ModelClient(configured_provider()) as client:
            reviewer = Reviewer(Subject(TITLE, BRIEF.content), Wanted())
            repair = Repair(Material(TITLE, BRIEF.content), "## Water", ModelCalls(client), reviewer)
            return await repair.better(draft, [])

    return asyncio.run(one_repair())


def reviewed(*names: FindingName) -> Reviewed:
    return Reviewed(CONTENT, tuple(Finding(name) for name in names), {"words": 300})


def test_what_is_wrong_with_the_whole_text_takes_the_whole_text_again(model_server: Any) -> None:
    _, account = better(reviewed(FindingName.NO_PROSE, FindingName.TOO_LONG))
    assert kinds(model_server) == ["rewrite"]
    assert account["form"] == "text"
    said = model_server.calls[0].body["messages"]
    assert [message["role"] for message in said] == ["system", "user", "assistant", "user"]
    assert said[2]["content"] == CONTENT
    assert f"1. {FindingName.NO_PROSE.summary}\n2. {FindingName.TOO_LONG.summary}" in said[3]["content"]


def test_a_text_that_comes_back_as_a_fragment_is_no_better(model_server: Any) -> None:
    answer(model_server, when=REWRITING, text=SHORT_POST)
    draft = reviewed(*[FindingName.NO_PROSE] * 50)
    found, account = better(draft)
    assert (found, account["result"]) == (draft, "no better")


def test_repeats_and_filler_take_the_whole_text_only_if_most_of_it_is() -> None:
    sentences = ["Pots are good for plants.", "Plants are good in pots.", "The rest is fine as it stands here."]
    text = " ".join(sentences)
    assert not needs_whole_text([Finding(FindingName.FILLER, sentences[0])], text)
    most = [Finding(FindingName.FILLER, sentences[0]), Finding(FindingName.REPETITION, sentences[1])]
    assert needs_whole_text(most, text)
    assert not needs_whole_text([Finding(FindingName.CONTRADICTION, text)], text)
    assert needs_whole_text([Finding(FindingName.REPETITION)], text)
