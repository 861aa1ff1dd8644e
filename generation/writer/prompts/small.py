"""What the embedded model is asked: how a few words of the author's would go on, one token an answer."""

from __future__ import annotations

from typing import Any

from generation.llm.request import ModelRequest

# What has no verb yet goes on with one; a sentence goes on with its end. The grammar leaves no other answer.
VERBS = (" is", " are", " was", " were")
ENDS = (".", ",")
PROMPT = "Write a sentence."
# In natural logarithms: what is no sentence is often followed by a stop all the same.
VERBS_BIAS = 2.5
SAMPLING = {
    "max_tokens": 1,
    "temperature": 0,
    "grammar": "root ::= " + " | ".join(f'"{answer}"' for answer in (*VERBS, *ENDS)),
    "logit_bias": [[verb, VERBS_BIAS] for verb in VERBS],
}
VERSIONED = [PROMPT, SAMPLING]  # what `prompts.version` covers


def continuation(text: str) -> ModelRequest:
    """Ask how a text goes on: whether it is a sentence is seen from that.

    Args:
        text: some words of the author's, without an end.
    """
    begun = {"role": "assistant", "content": text.rstrip(" .,;:!?")}
    return ModelRequest([{"role": "user", "content": PROMPT}, begun], SAMPLING)


def is_sentence(answer: str) -> bool | None:
    """Read an answer to `continuation`, which may repeat the text; None if it is none."""
    if answer.rstrip().endswith(VERBS) or answer.strip() in {verb.strip() for verb in VERBS}:
        return False
    return True if answer.rstrip().endswith(ENDS) else None


def sampling() -> dict[str, Any]:
    """Return how the answers are sampled, by the kind of call."""
    return {"continuation": SAMPLING}
