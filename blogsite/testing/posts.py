"""Posts that are requested as the API requests them, and texts for them as a worker's writer finishes them."""

from generation.costs import Usage
from generation.queue.billing import Bill
from generation.queue.claim import Claim
from generation.queue.finished_text import FinishedText

MODEL = "gpt-4o-mini"


def bill(usage: Usage | None = None) -> Bill:
    """Return the bill of an attempt at the priced model; by default nothing was spent."""
    return Bill("openai", MODEL, usage or Usage())


def finished_text(
    claim: Claim, title: str = "Bread", content: str = "The text.", usage: Usage | None = None
) -> FinishedText:
    """Return a text that passed the checks."""
    return FinishedText(
        claim=claim,
        title=title,
        content=content,
        bill=bill(usage),
        gate={"failed": []},
        prompt_version="test",
        provenance={},
    )
