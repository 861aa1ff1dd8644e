"""How many tokens a prompt may have at most, whichever model counts them."""

from __future__ import annotations

import json

from generation.llm.allowances import ROOM_TO_THINK
from generation.llm.request import ModelRequest

AROUND_A_CALL = 100  # tokens that templates of chat models put in front: a date, who the model is
AROUND_A_MESSAGE = 8  # tokens: its role, and where it begins and ends
# In twentieths of a token. A token a byte is the most that byte-level BPE makes of anything it has no word for; a mark
# or a capital may end the word before it, too. Of letters that are common in words it makes at least pairs nearly
# always: the worst that was measured with o200k, cl100k and p50k (random small letters, letters between digits or line
# ends, scripts of two to four bytes) was 0.55 tokens a byte for these, 0.79 for other letters and one for the rest.
_COMMON, _COMMON_COSTS = b"abcdefghilmnoprstu ", 11
_MIDDLE, _MIDDLE_COSTS = b"jkqvwxyz" + bytes(range(0x80, 0xC0)), 20  # the latter continue a character
_REST_COSTS = 29
_TOKEN = 20


def most_tokens(text: str) -> int:
    """Return how many tokens a text has at most."""
    return _weight(text) // _TOKEN + 1


def most_prompt_tokens(request: ModelRequest, *, thinks: bool = False) -> int:
    """Return how many tokens the prompt of a request has at most, with the schema of its answer.

    What a model wrote of it came out as no more tokens than it was allowed, and is about as many again when it goes in:
    a text is encoded in the fewest or nearly so, whoever wrote it.

    Args:
        request: to be sent.
        thinks: the model's allowances have room for thoughts, which its texts may have used.
    """
    room = ROOM_TO_THINK if thinks else 1
    weight = sum(_weight(message["content"]) for message in request.messages)
    weight -= sum(max(0, _weight(text) - allowed * room * _TOKEN) for text, allowed in request.written)
    weight += _weight(json.dumps(request.json_schema)) if request.json_schema else 0
    return AROUND_A_CALL + AROUND_A_MESSAGE * len(request.messages) + weight // _TOKEN + 1


def _weight(text: str) -> int:
    encoded = text.encode(errors="replace")
    uncommon = encoded.translate(None, _COMMON)
    rest = len(uncommon.translate(None, _MIDDLE))
    common, middle = len(encoded) - len(uncommon), len(uncommon) - rest
    return common * _COMMON_COSTS + middle * _MIDDLE_COSTS + rest * _REST_COSTS
