"""The report of `manage.py regenerate_posts`: what changed, as one self-contained HTML file."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import timezone

from blogs.models import Revision
from blogs.text.diff import diff
from generation.models import UNFINISHED, Generation, State
from generation.reporting.formatting import cost_of, sum_of_dollars

OUTCOMES = {
    Generation.Landing.LANDED: "live",
    Generation.Landing.PROPOSED: "proposal to review",
    Generation.Landing.ACCEPTED: "proposal accepted",
    Generation.Landing.DISCARDED: "proposal discarded",
}
UNFINISHED_OUTCOME = "not finished yet"


@dataclass(frozen=True)
class Line:
    """A generation in the report's table."""

    generation: Generation

    @property
    def outcome(self) -> str:
        if self.generation.landing:
            return OUTCOMES[Generation.Landing(self.generation.landing)]
        if self.generation.status in UNFINISHED:
            return UNFINISHED_OUTCOME
        if self.generation.status == State.SUPERSEDED:
            return "superseded by a newer request"
        return self.generation.get_status_display().lower()

    @property
    def tokens(self) -> int:
        return self.generation.prompt_tokens + self.generation.completion_tokens

    @property
    def price(self) -> str:
        return cost_of(self.generation.calls, self.generation.cost)


def write_report(path: Path, generations: Sequence[int]) -> None:
    """Write a table of these generations, and word by word what each changed in the text that was live before it.

    Texts are read one by one, so that memory does not grow with their number. A file of this name is replaced at the
    end, and stays as it is if something goes wrong.

    Raises:
        OSError
    """
    rows = Generation.objects.filter(pk__in=generations).order_by("post_id", "pk")
    lines = [Line(row) for row in rows.defer("content", "brief", "gate")]
    costs = [line.generation.cost for line in lines if line.generation.calls]
    known = [cost for cost in costs if cost is not None]
    head = {
        "lines": lines,
        "gone": len(generations) - len(lines),
        "made_at": timezone.now(),
        "tokens": sum(line.tokens for line in lines),
        "price": sum_of_dollars(sum(known, Decimal(0)), len(costs) - len(known)),
    }
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(render_to_string("generation/regeneration_report.html", head))
            for line in lines:
                if line.generation.landing:
                    file.write(render_to_string("generation/regeneration_report_post.html", change(line.generation)))
            file.write("</main>\n</body>\n</html>\n")
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def change(generation: Generation) -> dict[str, object]:
    """Return what the text of `generation` changes in the one that was live when it was requested."""
    old = Revision.objects.filter(post_id=generation.post_id, number=generation.base_revision).first()
    title, text = (old.title, old.content) if old else ("", "")
    return {
        "generation": generation,
        "heading": diff(title, generation.title),
        "text": diff(text, generation.content),
    }
