"""What is understood and refused: base of the refusals that have a page under /problems."""

from typing import Any


class Refusal(Exception):
    """A refused request. Nothing was changed; raised wherever the rule is known, answered at each door in its own way.

    Subclasses set `status` (HTTP), `problem` (the page's name) and `detail` (a sentence that says what to do).

    Args:
        detail: another sentence than the usual one.
        wait: seconds after which a retry makes sense.
        members: what else the problem tells a program.
    """

    status = 403
    problem = ""
    detail = ""

    def __init__(self, detail: str = "", *, wait: float | None = None, **members: Any) -> None:
        super().__init__(detail or self.detail)
        self.wait = wait
        self.members = members
