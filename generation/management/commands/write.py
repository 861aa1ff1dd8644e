"""`manage.py write`: one post now, at the terminal."""

import asyncio
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from blogs.models import BRIEF_MAX_LENGTH, STAGES, TITLE_MAX_LENGTH
from blogs.models.visible import INVISIBLE_BRIEF, NO_VISIBLE_TITLE, has_visible, is_invisible_brief
from blogs.options import CHOICES, DEFAULTS
from generation.failures import FailureCode, GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.embedded_process import ensure_model_server
from generation.llm.embedded_server import LocalModelUnavailable
from generation.llm.paid_answers import PaidAnswers
from generation.llm.providers import Provider, configured_provider
from generation.management.outcome import Outcome
from generation.management.terminal import console
from generation.private_file import private
from generation.smol_blogwriter import Brief, Draft, RejectedDraft, write

INTERRUPTED = 130  # the shell's exit code for Ctrl-C
CANCELLED = "Interrupted; no post was written."
CANNOT_WRITE = "Cannot write {path}: {reason}."
NO_TITLE = "The title is empty."
TOO_LONG = "Too many characters in {name}: {length}, maximum {limit}."


class NotStarted(GenerationFailed):
    """The embedded model is not there; what to do is in its message, not in the advice of its code."""


class Command(BaseCommand):
    help = (
        "Writes one post and prints it as Markdown, and what is wrong with it on the standard error. Needs no running "
        "service and no database. Without an API key and a base URL it runs the embedded model for the duration of the "
        "command."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("title", help="What the post is about.")
        parser.add_argument("--notes", default="", help="What the post should say; separate points with semicolons.")
        for name, choices in CHOICES.items():
            parser.add_argument(f"--{name}", choices=choices.values, default=DEFAULTS[name].value)
        parser.add_argument("--model", choices=settings.MODELS, default="", help="Instead of OPENAI_MODEL.")
        parser.add_argument(
            "--out", metavar="FILE.md", type=Path, help="Write the post to this file, which must not exist yet."
        )
        parser.add_argument(
            "--json",
            action="store_true",
            help="Print one line of JSON instead, also about a failure: title, content, status (completed, proposal or "
            "failed), warnings, code, message, calls, cost. With --out the Markdown goes to the file as well.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        brief = brief_of(options["title"], options["notes"], {name: options[name] for name in CHOICES})
        printed = None if options["json"] else self.stdout
        with new_file(options["out"]) if options["out"] else nullcontext(printed) as markdown:
            outcome = self.attempt(brief, options["model"])
            if options["json"]:
                self.stdout.write(outcome.as_json())
            if outcome.draft is None:
                raise no_post(outcome.failure)
            for line in outcome.remarks(outcome.draft):
                self.stderr.write(line, style_func=str)
            if markdown:
                markdown.write(f"# {outcome.draft.title}\n\n{outcome.draft.content}\n")

    def attempt(self, brief: Brief, model: str) -> Outcome:
        """Write a post; what goes wrong is part of the outcome, and so is what it cost."""
        started, paid_answers = time.monotonic(), PaidAnswers()
        draft, failure = self.write_post(brief, model, paid_answers)
        return Outcome(configured_provider(model), paid_answers.usage, time.monotonic() - started, draft, failure)

    def write_post(
        self, brief: Brief, model: str, paid_answers: PaidAnswers
    ) -> tuple[Draft | None, GenerationFailed | None]:
        try:
            with ensure_model_server():
                return asyncio.run(self.write_with_progress(brief, configured_provider(model), paid_answers)), None
        except RejectedDraft as rejected:
            return rejected.draft, rejected
        except GenerationFailed as failure:
            return None, failure
        except LocalModelUnavailable as error:
            return None, NotStarted(FailureCode.PROVIDER_UNAVAILABLE, str(error))
        except KeyboardInterrupt:
            return None, GenerationFailed(FailureCode.CANCELLED, CANCELLED)

    async def write_with_progress(self, brief: Brief, provider: Provider, paid_answers: PaidAnswers) -> Draft:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console(self.stderr), transient=True) as bars:
            on_progress = StageBar(bars, bars.add_task(STAGES["plan"]))
            async with ModelClient(provider) as client:
                return await write(brief, client, on_progress, paid_answers)


def no_post(failure: GenerationFailed | None) -> CommandError:
    """Return how the command ends without a text."""
    if failure is None or failure.code == FailureCode.CANCELLED:
        return CommandError(CANCELLED, returncode=INTERRUPTED)
    advice = "" if isinstance(failure, NotStarted) else f" {failure.code.advice}"
    return CommandError(f"{failure.for_staff}{advice}")


@contextmanager
def new_file(path: Path) -> Iterator[IO[str]]:
    """Create a file before anything is paid for; it is removed again if the command fails.

    Raises:
        CommandError: it exists, or cannot be created.
    """
    try:
        file = open(path, "x", encoding="utf-8", opener=private)  # noqa: SIM115 (the block below closes it)
    except OSError as error:
        raise CommandError(CANNOT_WRITE.format(path=path, reason=error.strerror)) from None
    with file:
        try:
            yield file
        except BaseException:
            path.unlink()
            raise


class StageBar:
    """Shows the writer's progress as one bar, labelled with the stage."""

    def __init__(self, bars: Progress, task: TaskID) -> None:
        self.bars, self.task = bars, task

    def __call__(self, stage: str, done: int, total: int, text: Sequence[str] | None = None, /) -> None:
        self.bars.update(self.task, description=STAGES.get(stage, stage), completed=done, total=total)


def brief_of(title: str, notes: str, options: dict[str, str]) -> Brief:
    """Return a brief under the same rules as the API's.

    Raises:
        CommandError: the title is empty, nothing of one of the two can be seen, or one is too long.
    """
    title = title.strip()
    if not title:
        raise CommandError(NO_TITLE)
    if not has_visible(title):
        raise CommandError(NO_VISIBLE_TITLE)
    if is_invisible_brief(notes):
        raise CommandError(INVISIBLE_BRIEF)
    for name, text, limit in (("title", title, TITLE_MAX_LENGTH), ("notes", notes, BRIEF_MAX_LENGTH)):
        if len(text) > limit:
            raise CommandError(TOO_LONG.format(name=name, length=len(text), limit=limit))
    return Brief(title, notes, **options)
