import pytest

from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.writer.draft import CHECKS_FAILED, Draft, RejectedDraft, checked
from generation.writer.prompts.problems import PROBLEMS


def test_a_rejected_draft_carries_its_text_and_says_why() -> None:
    gate = {"words": 90, "sections": 2, "wanted": "800 words", "failed": ["words", "sections"]}
    draft = Draft("T", "The text.", Usage(calls=2), gate, "v")
    with pytest.raises(RejectedDraft) as caught:
        checked(draft)
    assert (caught.value.code, caught.value.raw, caught.value.draft) == (
        FailureCode.INVALID_OUTPUT,
        "The text.",
        draft,
    )
    words = PROBLEMS["words"].format(figure=90, length="800 words")
    assert caught.value.message == CHECKS_FAILED.format(problems=f"{words} {PROBLEMS['sections'].format(figure=2)}")


def test_an_empty_draft_is_an_empty_output() -> None:
    with pytest.raises(GenerationFailed) as caught:
        checked(Draft("T", "", Usage(calls=2), {"sections": 0, "words": 0, "failed": []}, "v", raw="\n\n"))
    assert caught.value.code == FailureCode.EMPTY_OUTPUT


def test_a_draft_that_passed_the_checks_is_returned() -> None:
    draft = Draft("T", "The text.", Usage(), {"failed": []}, "v")
    assert checked(draft) is draft
