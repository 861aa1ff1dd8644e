"""A model that declines in prose has refused; a post about declining has not."""

import pytest

from generation.failures import FailureCode, GenerationFailed
from generation.tests.writer.sample_post import post
from generation.writer.refusals import LONGEST, raise_if_refused


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't assist with that request.",
        "I’m sorry, I can’t help with that.",
        "Sorry, but I cannot write this post. I can write about safe gardening instead.",
        "I cannot fulfill this request.",
        "I can't create content that promotes this.",
        "I won't write that.",
        "I am unable to help with this topic.",
        "As an AI language model, I cannot provide this.",
        "I apologize, but I must decline to write about that.",
        "Unfortunately, I can't assist with that.",
        "Es tut mir leid, aber dabei kann ich nicht helfen.",
        "Je suis désolé, mais je ne peux pas vous aider.",
        "Lo siento, pero no puedo ayudar con eso.",
        "申し訳ありませんが、そのご要望にはお応えできません。",
        "很抱歉，我无法协助。",
    ],
)
def test_a_refusal_in_prose_is_one(text: str) -> None:
    with pytest.raises(GenerationFailed) as caught:
        raise_if_refused(text)
    assert (caught.value.code, caught.value.raw) == (FailureCode.REFUSED, text)
    assert text[:20] in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        post(),
        "I cannot write a word before breakfast.\n\n## Coffee\n\nIt helps.",
        '{"title": "I can\'t help it", "sections": []}',
        "Sorry seems to be the hardest word.",
        "I'm sorry for the late answer, said the baker.",
        "I cannot help noticing. " + "Words follow. " * (LONGEST // 10),
        "",
    ],
)
def test_a_text_is_none(text: str) -> None:
    raise_if_refused(text)
