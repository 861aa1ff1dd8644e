"""Which drafts land, and which wait for a person."""

from dataclasses import replace

import pytest

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.writer.checks.findings import Finding, FindingName
from generation.writer.draft import CHECKS_FAILED, MORE, NO_POST, QUOTE_LIMIT, Draft, RejectedDraft, checked

DRAFT = Draft("T", "The text.", Usage(calls=2), {"failed": []}, "v")
PERSON = Finding(FindingName.INVENTED_PERSON, "Dr. Elm says so.", "Dr. Elm")
FILLER = Finding(FindingName.FILLER, "Pots matter.")


def rejected(draft: Draft) -> RejectedDraft:
    with pytest.raises(RejectedDraft) as caught:
        checked(draft)
    return caught.value


def test_a_draft_without_findings_is_returned() -> None:
    assert checked(DRAFT) is DRAFT


def test_warnings_and_odd_measures_hold_nothing_back() -> None:
    draft = replace(DRAFT, warnings=(FILLER,), gate={"failed": ["words", "sections"]})
    assert checked(draft) is draft


@pytest.mark.parametrize("name", [name for name in FindingName if name.holds_back])
def test_a_rejected_draft_carries_its_text_and_says_why(name: FindingName) -> None:
    draft = replace(DRAFT, warnings=(FILLER, Finding(name, "Pots fly."), PERSON, PERSON))
    caught = rejected(draft)
    assert (caught.code, caught.raw, caught.draft) == (FailureCode.INVALID_OUTPUT, "The text.", draft)
    problem = f"{name.summary} “Pots fly.” {MORE.format(count=2)}"
    assert caught.message == CHECKS_FAILED.format(problems=problem)


def test_only_the_beginning_of_a_long_sentence_is_quoted() -> None:
    caught = rejected(replace(DRAFT, warnings=(replace(PERSON, sentence="x" * 9_000),)))
    assert f"“{'x' * QUOTE_LIMIT}…”" in caught.message


def test_what_is_too_short_to_be_a_post_is_rejected() -> None:
    caught = rejected(replace(DRAFT, is_post=False))
    assert caught.message == CHECKS_FAILED.format(problems=NO_POST.format(quote="The text."))


@pytest.mark.parametrize(("raw", "code"), [("\n\n", FailureCode.EMPTY_OUTPUT), ("# T", FailureCode.INVALID_OUTPUT)])
def test_without_a_text_there_is_nothing_to_decide_on(raw: str, code: FailureCode) -> None:
    with pytest.raises(GenerationFailed) as caught:
        checked(replace(DRAFT, content=" ", raw=raw))
    assert (caught.value.code, isinstance(caught.value, RejectedDraft)) == (code, False)
