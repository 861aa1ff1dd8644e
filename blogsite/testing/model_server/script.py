"""What the loopback model server does next, and the calls that it has received."""

import asyncio
import threading
from collections import deque
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """Ways to break an answer that a status cannot express."""

    HANG = "hang"  # no answer before `ModelServer.release()`
    RESET = "reset"  # half of the answer, then a TCP reset
    LATE_RESET = "late_reset"  # a whole stream except the mark of its end, then a TCP reset
    CUT = "cut"  # half of the answer, then a clean close; a stream ends without finish_reason and [DONE]
    BROKEN_BODY = "broken_body"  # HTTP 200 whose body is not JSON
    ERROR_EVENT = "error_event"  # half of a stream, then an error event (`code`)
    ENDLESS = "endless"  # an answer that never ends
    OVERSIZED = "oversized"  # a whole answer of 10 MB
    ONE_LINE = "one_line"  # a stream whose first line never ends
    BROKEN_CONTENT = "broken_content"  # a well-formed answer whose text is half a JSON object


class Dialect(StrEnum):
    """How a compatible server answers a request for a stream otherwise than OpenAI does."""

    UNCOUNTED = "uncounted"  # counts no tokens
    WHOLE = "whole"  # ignores `stream`


@dataclass(frozen=True)
class Behaviour:
    """How one request is answered; the fields combine.

    Args:
        delay: seconds before the first byte.
        spread: the share (0 to 1) of `delay` over which a stream's pieces are sent, as a real model does.
        status: HTTP status; other than 200 answers OpenAI's error object.
        code: the error's `code`, such as `insufficient_quota`; None for the status' usual one.
        retry_after: the header's value, in seconds or an HTTP date.
        fault: a way to break off.
        drip: seconds between the single bytes of the body; 0 sends it whole.
        text: the answer's text, unchanged (may be empty); None for one that fits the request.
        refusal: the model's refusal instead of a text.
        finish_reason: other than `stop` also cuts a default text in its middle.
        dialect: how a stream differs from OpenAI's.
        refuses: parameters that are answered with 400, in OpenAI's words; `system` is a message with that role.
        raw: the whole body, instead of any other.
        kind: its Content-Type.
        headers: further ones of a raw answer, each a line.
        model: who answers; None for the one that was requested.
        service_tier: that the answer names.
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
    refuses: tuple[str, ...] = ()
    raw: str | None = None
    kind: str = "application/json"
    headers: tuple[str, ...] = ()
    model: str | None = None
    service_tier: str | None = None
    when: str = ""


@dataclass
class Call:
    """One request for a completion as received; `arrived` and `ended` are Unix times in seconds."""

    body: dict[str, Any]
    key: str
    arrived: float
    ended: float | None = None
    disconnected: bool = False  # the client disconnected before its answer was sent
    charged: tuple[int, int] | None = None  # tokens in and out, from when the model begins; None: it did not
    is_scripted: bool = False  # answered with a queued behaviour, so perhaps badly

    @property
    def said(self) -> str:
        """All the request's messages as one text."""
        return "\n".join(str(message.get("content", "")) for message in self.body.get("messages") or [])


@dataclass
class Script:
    """The queue of one-shot behaviours, the standing one, and the calls; thread-safe except for `released`."""

    standing: Behaviour = field(default_factory=Behaviour)
    queue: deque[Behaviour] = field(default_factory=deque)
    calls: list[Call] = field(default_factory=list)
    description: dict[str, Any] | None = None  # of every model
    # Calls that it works on at once; the others wait in line without a byte.
    slots: AbstractAsyncContextManager[None] = field(default_factory=nullcontext)
    lock: threading.Lock = field(default_factory=threading.Lock)
    released: asyncio.Event = field(default_factory=asyncio.Event)

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

    def apply(self, order: dict[str, Any]) -> None:
        """Apply a body of `POST /control`: `reset`, `answer` (with `times`), `always`, in this order."""
        if order.get("reset"):
            self.reset()
        if "answer" in order:
            self.add(Behaviour(**order["answer"]), order.get("times", 1))
        if "always" in order:
            self.standing = Behaviour(**order["always"])
