"""The one repair of a draft: as edits of its sentences, or whole where the whole text is what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generation.failures import GenerationFailed
from generation.llm.prompt_size import most_tokens
from generation.writer import prompts
from generation.writer.answers import UnusableAnswer
from generation.writer.calls import ModelCalls
from generation.writer.checks.findings import Finding, FindingName
from generation.writer.edits import edited, read_edits
from generation.writer.prompts.budgets import PROBLEMS_TOKENS
from generation.writer.prompts.corrections import numbered
from generation.writer.prompts.large import Material
from generation.writer.reviewer import Reviewed, Reviewer
from generation.writer.text_thread import in_text_thread
from generation.writer.words import words

MOST_PROBLEMS = 30  # that one repair is asked to put right; the worst come first
LONGEST_PROBLEM = 850  # characters; one such has room in any script
_WHOLE = {
    FindingName.WRONG_LANGUAGE,
    FindingName.NO_PROSE,
    FindingName.MISSING_SECTION,
    FindingName.SWAPPED_SECTIONS,
    FindingName.TOO_LONG,
}
_WHOLE_IF_MOST = {FindingName.REPETITION, FindingName.FILLER}


class Repair:
    """Repairs the draft of one post.

    Args:
        material: the brief.
        outline: of the post.
        calls: of the post.
        reviewer: of the post.
    """

    def __init__(self, material: Material, outline: str, calls: ModelCalls, reviewer: Reviewer) -> None:
        self.material, self.outline, self.calls, self.reviewer = material, outline, calls, reviewer

    async def better(self, draft: Reviewed, claims: Sequence[Finding]) -> tuple[Reviewed, dict[str, Any]]:
        """Return the better of a draft and its repair, and how the repair went.

        Args:
            draft: with something to repair.
            claims: what a verification found in it.

        Raises:
            GenerationFailed: the call failed, and may succeed later: the draft is among the paid answers, so that
                another attempt pays for the repair only.
        """
        problems = draft.to_repair[:MOST_PROBLEMS]
        whole = needs_whole_text(problems, draft.content)
        messages = _within([finding.message for finding in problems])
        account: dict[str, Any] = {"form": "text" if whole else "edits", "problems": len(messages)}
        try:
            if whole:
                request = prompts.large.rewrite(self.material, self.outline, draft.content, messages)
                text = await self.calls.one(request, repairs=0)
            else:
                request = prompts.corrections.edits(self.material, draft.content, messages)
                answer = await self.calls.one(request, repairs=0)
                made = await in_text_thread(_edited, draft.content, answer)
                text, account = made.text, account | {"edits": made.made, "skipped": made.skipped}
                if not made.made:  # the same text again, which was reviewed
                    return draft, account | {"result": "no better"}
            repaired = await self.reviewer.review(text, claims)
        except GenerationFailed as failure:
            if failure.code.retryable:
                raise
            return draft, account | {"result": failure.code.value}
        except UnusableAnswer:
            return draft, account | {"result": "unusable"}
        is_better = repaired.is_better_than(draft)
        return (repaired if is_better else draft), account | {"result": "kept" if is_better else "no better"}


def _within(messages: Sequence[str]) -> list[str]:
    """Return the first messages, as many as a prompt has room for."""
    kept = [message if len(message) <= LONGEST_PROBLEM else f"{message[:LONGEST_PROBLEM]}…" for message in messages]
    while most_tokens(numbered(kept)) > PROBLEMS_TOKENS:
        kept.pop()
    return kept


def _edited(content: str, answer: str) -> Any:
    return edited(content, read_edits(answer))


def needs_whole_text(findings: Sequence[Finding], content: str) -> bool:
    """Whether single sentences are not what is wrong."""
    if any(is_about_the_whole(finding) for finding in findings):
        return True
    concerned = {finding.sentence for finding in findings if finding.name in _WHOLE_IF_MOST}
    return 2 * sum(len(words(sentence)) for sentence in concerned) > len(words(content))


def is_about_the_whole(finding: Finding) -> bool:
    return finding.name in _WHOLE or (finding.name in _WHOLE_IF_MOST and not finding.sentence)
