"""The dialect of a model's server: which parameters it takes, learnt from what it refuses.

Servers agree on messages and model, and on little else. A refusal (400 or 422) names what the server does not take: the
call is repeated without that at once, and no later one of this process sends it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from generation.llm.allowances import Allowances
from generation.llm.providers import Provider
from generation.llm.request import Message, ModelRequest
from generation.llm.server_errors import ServerError

LIMITS = ("max_tokens", "max_completion_tokens")  # names of the allowance; the second is OpenAI's newer one
FIXED = {"model", "messages"}  # without them there is no request
_SYSTEM = re.compile(
    r"\b(?:system|developer)\b.{0,40}\b(?:role|message|prompt|instruction)s?\b|\brole\b.{0,40}\bsystem\b"
    r"|developer instruction|conversation roles must alternate|only user and assistant",
    re.IGNORECASE,
)
_SCHEMA = re.compile(
    r"response[ _]?(?:format|schema|mime)|json[ _]?(?:schema|object|mode|validate)|structured[ _]outputs?"
    r"|guided[ _]|grammar|additionalproperties",
    re.IGNORECASE,
)
_STREAM = re.compile(r"\bstream(?:ing|ed)?\b", re.IGNORECASE)
_EFFORTS = ("none", "minimal", "low")  # that cost least, in this order


@dataclass
class Dialect:
    """What one model's server takes.

    Args:
        limit_names: how it may call the allowance, the likeliest first; empty if it takes none.
        left_out: parameters that it does not take.
        effort: the reasoning effort to ask for; empty for none.
        takes_system: whether a message may be the system's.
        allowances: how long its answers may be.
        accepted: sets of parameters that it has taken.
    """

    limit_names: list[str] = field(default_factory=lambda: list(LIMITS))
    effort: str = ""
    left_out: set[str] = field(default_factory=set)
    takes_system: bool = True
    allowances: Allowances = field(default_factory=Allowances)
    accepted: set[frozenset[str]] = field(default_factory=set)

    @property
    def limit_name(self) -> str:
        return self.limit_names[0] if self.limit_names else ""

    def body(self, provider: Provider, request: ModelRequest, *, streams: bool) -> dict[str, Any]:
        """Return the body of a request as this server takes it."""
        streams = streams and "stream" not in self.left_out
        messages = request.messages if self.takes_system else _without_system(request.messages)
        body: dict[str, Any] = {"model": provider.model, "messages": messages}
        body |= {"stream_options": {"include_usage": True}} if streams else {}
        if request.json_schema is not None:
            strict = {"name": "answer", "strict": True, "schema": request.json_schema}
            body["response_format"] = {"type": "json_schema", "json_schema": strict}
        body |= {**self.sampling(request.sampling, messages), **provider.extra_body}
        return {name: value for name, value in body.items() if name not in self.left_out} | {"stream": streams}

    def sampling(self, wanted: Mapping[str, Any], messages: Sequence[Message] = ()) -> dict[str, Any]:
        """Return the sampling of a request as it is sent with these messages."""
        sent = {"reasoning_effort": self.effort, **wanted} if self.effort else dict(wanted)
        allowed = self.allowances.for_call(sent.pop("max_tokens"), messages)
        sent |= {self.limit_name: allowed} if self.limit_name else {}
        return {name: value for name, value in sent.items() if name not in self.left_out}

    def allowance_in(self, body: Mapping[str, Any], request: ModelRequest) -> int:
        """Return how many tokens a body allows the answer."""
        return int(body.get(self.limit_name) or request.sampling["max_tokens"])

    def learn(self, error: ServerError, body: Mapping[str, Any]) -> bool:
        """Change what is sent, by what the server said of `body`; return whether that may help."""
        if not error.is_about_parameters:
            return False
        before = self._sent()
        self._learn(error, body)
        return self._sent() != before

    def _sent(self) -> tuple[object, ...]:
        return self.limit_name, self.effort, frozenset(self.left_out), self.takes_system, self.allowances.known

    def _learn(self, error: ServerError, body: Mapping[str, Any]) -> None:
        asked = body.get(self.limit_name, 0)
        if self.allowances.learn(error.words, asked, body["messages"]):
            return
        named = set(named_in(error, body))
        if self.limit_name in named:
            self.limit_names.pop(0)
        elif "reasoning_effort" in named:
            self._ask_less(error.words)
        elif named:
            self.left_out |= named
        elif _SYSTEM.search(error.words):
            self.takes_system = False

    def _ask_less(self, words: str) -> None:
        """Ask for the least effort that the refusal offers, or for none."""
        offered = [effort for effort in _EFFORTS if f"'{effort}'" in words.partition("upported values")[2]]
        lower = [effort for effort in offered if effort != self.effort]
        self.effort = lower[0] if lower else ""


_learnt: dict[str, Dialect] = {}


def dialect_of(provider: Provider) -> Dialect:
    """Return what this process knows of a provider's model."""
    if provider.key not in _learnt:
        # OpenAI's newer models reject the older name, and most compatible servers know no other.
        _learnt[provider.key] = Dialect(sorted(LIMITS, reverse=provider.name != "openai"), provider.effort)
    return _learnt[provider.key]


def forget_dialects() -> None:
    """Forget what this process has learnt."""
    _learnt.clear()


def named_in(error: ServerError, body: Mapping[str, Any]) -> Iterator[str]:
    """Find which parameters of `body` a refusal names: by its own field if it has one, else in its words."""
    sent = body.keys() - FIXED
    if not body.get("stream"):
        sent -= {"stream"}
    param = re.split(r"[.\[]", error.param)[0]
    if param in sent:
        yield param
        return
    words = f"{error.words} {' '.join(sorted(error.names))}".replace(str(body.get("model")), " ")
    by_words = {"response_format": _SCHEMA, "stream": _STREAM}
    found = [name for name in sent if (by_words.get(name) or _name(name)).search(words)]
    if "stream_options" in found:
        found = [name for name in found if name != "stream"]
    yield from found


def _name(parameter: str) -> re.Pattern[str]:
    """Return what finds a parameter in words, which may have blanks for its underscores."""
    return re.compile(rf"(?<![\w]){parameter.replace('_', '[ _]')}(?:ies|s)?(?!\w)", re.IGNORECASE)


def _without_system(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the messages with the system's text in front of the first user's."""
    system = "\n\n".join(message["content"] for message in messages if message["role"] == "system")
    others = [message for message in messages if message["role"] != "system"]
    if not system or not others:
        return others
    return [others[0] | {"content": f"{system}\n\n{others[0]['content']}"}, *others[1:]]
