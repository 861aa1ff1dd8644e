"""The verification: one call after the draft, for what no check in code can see."""

from typing import Any

import pytest
from pytest_django import Settings

from generation.failures import FailureCode, GenerationFailed
from generation.llm.paid_answers import PaidAnswers
from generation.tests.writer.large_posts import (
    BRIEF,
    DRAFTING,
    EDITING,
    NOTES,
    SHORT_POST,
    TITLE,
    VERIFYING,
    answer,
    claims,
    failure,
    kinds,
    rejected,
    write,
)
from generation.writer.answers import UnusableAnswer
from generation.writer.brief import Brief
from generation.writer.checks.findings import Finding, FindingName
from generation.writer.draft import CHECKS_FAILED, MORE
from generation.writer.verification import read_claims, with_claims

CONTENT = "Tomatoes like sun.\n\n## Water\n\nWater them at noon. My neighbour won a prize for hers.\n\nIt “helps”."


@pytest.fixture(autouse=True)
def verifying(settings: Settings) -> None:
    settings.GENERATION_VERIFY = True


@pytest.fixture
def sentences(model_server: Any) -> list[str]:
    """Three sentences of the draft that the server is going to write."""
    text = write().content.split("\n\n")[2]
    model_server.calls.clear()
    return [f"{sentence.strip('.')}." for sentence in text.split(". ")[:3]]


def read(*found: tuple[Any, Any, Any]) -> list[Finding]:
    return read_claims(claims(*found), CONTENT, TITLE, NOTES)


def test_a_clean_post_takes_one_call_more(model_server: Any) -> None:
    draft = write()
    assert kinds(model_server) == ["plan", "draft", "verify"]
    assert (draft.provenance["verification"], draft.warnings, draft.usage.calls) == ("passed", (), 3)
    shown = model_server.calls[-1].said
    assert draft.content in shown
    assert "2. water in the morning" in shown


def test_without_it_nothing_is_asked(model_server: Any, settings: Settings) -> None:
    settings.GENERATION_VERIFY = False
    assert write().provenance["verification"] == "off"
    assert kinds(model_server) == ["plan", "draft"]


def test_without_notes_there_is_nothing_to_compare(model_server: Any) -> None:
    assert write(Brief(TITLE, "mention the compost heap")).provenance["verification"] == "no notes"
    assert kinds(model_server) == ["plan", "draft"]


def test_what_is_no_post_is_not_verified(model_server: Any) -> None:
    answer(model_server, times=2, when=DRAFTING, text=SHORT_POST)
    assert rejected().draft.provenance["verification"] == "off"
    assert kinds(model_server) == ["plan", "draft", "rewrite"]


def test_a_contradiction_that_the_repair_leaves_is_a_proposal(model_server: Any, sentences: list[str]) -> None:
    answer(model_server, when=VERIFYING, text=claims(*((sentence, 2, "contradicted") for sentence in sentences)))
    caught = rejected()
    assert kinds(model_server) == ["plan", "draft", "verify", "edits"]
    held = [Finding(FindingName.CONTRADICTION, sentence, note=NOTES[1]) for sentence in sentences]
    assert caught.draft.warnings == tuple(held)
    problem = f"{FindingName.CONTRADICTION.summary} “{sentences[0]}” {MORE.format(count=2)}"
    assert (caught.code, caught.message) == (FailureCode.INVALID_OUTPUT, CHECKS_FAILED.format(problems=problem))
    assert caught.draft.provenance["verification"] == "found 3"


def test_an_unsupported_claim_is_a_warning(model_server: Any, sentences: list[str]) -> None:
    answer(model_server, when=VERIFYING, text=claims((sentences[0], 0, "not_in_notes")))
    assert write().warnings == (Finding(FindingName.UNSUPPORTED, sentences[0]),)


def test_its_findings_are_repaired_with_their_sentences_and_notes(model_server: Any, sentences: list[str]) -> None:
    answer(model_server, when=VERIFYING, text=claims((sentences[1], 2, "contradicted")))
    rejected()
    assert f"1. {FindingName.CONTRADICTION.summary} Sentence: “{sentences[1]}”" in model_server.calls[-1].said
    assert f"The notes: “{NOTES[1]}”" in model_server.calls[-1].said


@pytest.mark.parametrize(
    "behaviour",
    [
        {"text": "Everything is fine."},
        {"text": ""},
        {"fault": "broken_body"},
        {"finish_reason": "length"},
        {"refusal": "No."},
        {"text": "I'm sorry, but I can't assist with that."},
        {"status": 400},
        {"status": 429, "code": "insufficient_quota"},
    ],
)
def test_an_unusable_answer_changes_nothing_and_is_noted(model_server: Any, behaviour: dict[str, Any]) -> None:
    answer(model_server, when=VERIFYING, **behaviour)
    draft = write()
    assert (draft.provenance["verification"], draft.warnings) == ("unusable", ())
    assert kinds(model_server) == ["plan", "draft", "verify"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_failure_that_may_pass_is_tried_again_without_paying_for_the_draft(model_server: Any, status: int) -> None:
    paid_answers = PaidAnswers()
    answer(model_server, when=VERIFYING, status=status)
    assert failure(paid_answers=paid_answers).code.retryable
    model_server.calls.clear()
    again = write(paid_answers=PaidAnswers(saved=paid_answers.as_json(billed=True)))
    assert (kinds(model_server), again.provenance["verification"]) == (["verify"], "passed")


def test_a_budget_that_allows_no_verification_leaves_the_draft(model_server: Any, settings: Settings) -> None:
    settings.GENERATION_TOKENS_MAX = 6_000
    assert write().provenance["verification"] == "unusable"
    assert kinds(model_server) == ["plan", "draft"]


def test_a_crash_before_the_repair_buys_no_second_verification(model_server: Any, sentences: list[str]) -> None:
    paid_answers = PaidAnswers()
    answer(model_server, when=VERIFYING, text=claims((sentences[0], 1, "contradicted")))
    answer(model_server, when=EDITING, status=503)
    with pytest.raises(GenerationFailed):
        write(BRIEF, paid_answers=paid_answers)
    model_server.calls.clear()
    failure(paid_answers=PaidAnswers(saved=paid_answers.as_json(billed=True)))
    assert kinds(model_server) == ["edits"]


def test_claims_are_about_sentences_as_the_text_has_them() -> None:
    found = read(("Water them  at noon.", 2, "contradicted"), ('It "helps".', 0, "not_in_notes"))
    assert found == [
        Finding(FindingName.CONTRADICTION, "Water them at noon.", note=NOTES[1]),
        Finding(FindingName.UNSUPPORTED, "It “helps”."),
    ]


@pytest.mark.parametrize(
    ("note", "meant"),
    [(0, TITLE), (1, NOTES[0]), ("2", NOTES[1]), ("water in the morning!", NOTES[1]), ("water mornings", NOTES[1])],
)
def test_a_note_is_named_by_its_number_or_its_words(note: Any, meant: str) -> None:
    assert [finding.note for finding in read(("Water them at noon.", note, "contradicted"))] == [meant]


@pytest.mark.parametrize(
    "claim",
    [
        ("Water them at dawn.", 2, "contradicted"),  # not in the text
        ("Water them at noon.", 9, "contradicted"),  # by no note
        ("Water them at noon.", "feed them weekly", "contradicted"),
        ("Water them at noon.", None, "contradicted"),
        ("Water them at noon.", 2, "fine"),
        ("Water", 2, "contradicted"),  # no sentence
        ("", 0, "not_in_notes"),
    ],
)
def test_a_claim_about_nothing_is_ignored(claim: tuple[Any, Any, Any]) -> None:
    assert read(claim) == []


def test_a_claim_that_is_made_twice_counts_once() -> None:
    assert len(read(*[("Water them at noon.", 2, "contradicted")] * 3)) == 1


def test_a_claim_without_a_sentence_makes_the_answer_unusable() -> None:
    with pytest.raises(UnusableAnswer):
        read((1, 2, "contradicted"))


def test_a_claim_ends_with_its_sentence_and_repeats_no_check() -> None:
    said = "My neighbour won a prize for hers."
    found = read(("Water them at noon.", 2, "contradicted"), (said, 0, "not_in_notes"))
    assert with_claims([], found, CONTENT.replace("at noon", "early")) == [Finding(FindingName.UNSUPPORTED, said)]
    invented = Finding(FindingName.INVENTED_MEMORY, said)
    assert with_claims([invented], found, CONTENT) == [found[0], invented]
