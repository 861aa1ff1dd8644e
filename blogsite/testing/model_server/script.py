"""What the loopback model server is told to do next, and what it has seen."""

import threading
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """Ways to break an answer that a status cannot express."""

    HANG = "hang"  # never answers
    RESET = "reset"  # half of the answer, then a TCP reset
    LATE_RESET = "late_reset"  # a whole stream but for the mark of its end, then a TCP reset
    CUT = "cut"  # half of the answer, then a clean close; a stream ends without finish_reason and [DONE]
    BROKEN_BODY = "broken_body"  # HTTP 200 whose body is not JSON
    ERROR_EVENT = "error_event"  # half of a stream, then an event that tells of an error (`code`)
    BROKEN_CONTENT = "broken_content"  # a well-formed answer whose text is half a JSON object


class Dialect(StrEnum):
    """What a compatible server may not know of OpenAI's streams."""

    UNCOUNTED = "uncounted"  # counts no tokens
    NO_STREAM_OPTIONS = "no_stream_options"  # answers 400 to them
    NO_STREAMS = "no_streams"  # answers 400 to `stream`
    WHOLE = "whole"  # takes no notice of `stream`


@dataclass(frozen=True)
class Behaviour:
    """How one request is answered; the fields combine.

    Args:
        delay: seconds before the first byte.
        spread: the share (0 to 1) of `delay` over which a stream's pieces come, as a model that writes sends them.
        status: HTTP status; other than 200 answers OpenAI's error object.
        code: the error's `code`, such as `insufficient_quota`; None takes the usual one of the status.
        retry_after: the header's value, in seconds or an HTTP date.
        fault: a way to break off.
        drip: seconds between the single bytes of the body; 0 sends it whole.
        text: the answer's text, word for word (may be empty); None writes a fitting one.
        refusal: what the model says instead of an answer.
        finish_reason: other than `stop` also cuts a text that was not given in its middle.
        dialect: a way to know less than OpenAI's server.
        when: only for requests whose messages contain this.
    """

    delay: float = 0.0
    spread: float = 0.0
    status: int = 200
    code: str | None = None
    retry_after: str | int | None = None
    fault: Fault | None = None
    drip: float = 0.0
    text: str | None = None
    refusal: str | None = None
    finish_reason: str = "stop"
    dialect: Dialect | None = None
    when: str = ""


@dataclass
class Call:
    """One request for a completion as it was received; `arrived` and `ended` are seconds of the Unix clock."""

    body: dict[str, Any]
    key: str
    arrived: float
    ended: float | None = None
    disconnected: bool = False  # the client left before its answer was sent

    @property
    def said(self) -> str:
        """All the request's messages as one text."""
        return "\n".join(str(message.get("content", "")) for message in self.body.get("messages") or [])


@dataclass
class Script:
    """The queue of one-shot behaviours, the standing one, and the calls; safe to use from any thread."""

    standing: Behaviour = field(default_factory=Behaviour)
    queue: deque[Behaviour] = field(default_factory=deque)
    calls: list[Call] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_for(self, call: Call) -> Behaviour:
        with self.lock:
            for behaviour in self.queue:
                if behaviour.when in call.said:
                    self.queue.remove(behaviour)
                    return behaviour
        return self.standing if self.standing.when in call.said else Behaviour()

    def add(self, behaviour: Behaviour, times: int) -> None:
        with self.lock:
            self.queue.extend([behaviour] * times)

    def reset(self) -> None:
        with self.lock:
            self.queue.clear()
            self.calls.clear()
            self.standing = Behaviour()

    def obey(self, order: dict[str, Any]) -> None:
        """Do what a JSON object of the control door asks: `reset`, `answer` (with `times`), `always`, in this order."""
        if order.get("reset"):
            self.reset()
        if "answer" in order:
            self.add(Behaviour(**order["answer"]), order.get("times", 1))
        if "always" in order:
            self.standing = Behaviour(**order["always"])
