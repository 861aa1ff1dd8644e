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
from blogs.options import CHOICES, DEFAULTS
from generation.costs import cost
from generation.failures import GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.embedded_process import ensure_model_server
from generation.llm.embedded_server import LocalModelUnavailable
from generation.llm.providers import Provider, configured_provider
from generation.management.terminal import console
from generation.prices.table import prices_without_fail
from generation.smol_blogwriter import Brief, Draft, write_for_review

COST_UNKNOWN = "cost unknown"
INTERRUPTED = 130  # the shell's exit code for Ctrl-C
CANNOT_WRITE = "Cannot write {path}: {reason}."
NO_TITLE = "The title is empty."
TOO_LONG = "Too many characters in {name}: {length}, maximum {limit}."


class Command(BaseCommand):
    help = (
        "Writes one post and prints it as Markdown. Needs no running service and no database. Without an API key and a "
        "base URL it runs the embedded model for the duration of the command."
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

    def handle(self, *args: Any, **options: Any) -> None:
        brief = brief_of(options["title"], options["notes"], {name: options[name] for name in CHOICES})
        with new_file(options["out"]) if options["out"] else nullcontext(self.stdout) as destination:
            destination.write(self.write_post(brief, options["model"]))

    def write_post(self, brief: Brief, model: str) -> str:
        started = time.monotonic()
        try:
            with ensure_model_server():
                provider = configured_provider(model)
                draft = asyncio.run(self.write_with_progress(brief, provider))
        except LocalModelUnavailable as error:
            raise CommandError(str(error)) from None
        except GenerationFailed as failure:
            raise CommandError(f"{failure.for_staff} {failure.code.advice}") from None
        except KeyboardInterrupt:
            raise CommandError("Interrupted; no post was written.", returncode=INTERRUPTED) from None
        self.stderr.write(summary(draft, provider, time.monotonic() - started), style_func=str)
        return f"# {draft.title}\n\n{draft.content}\n"

    async def write_with_progress(self, brief: Brief, provider: Provider) -> Draft:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console(self.stderr), transient=True) as bars:
            on_progress = StageBar(bars, bars.add_task(STAGES["plan"]))
            async with ModelClient(provider) as client:
                return await write_for_review(brief, client, on_progress)


@contextmanager
def new_file(path: Path) -> Iterator[IO[str]]:
    """Create a file before anything is paid for; it is removed again if the command fails.

    Raises:
        CommandError: it exists, or cannot be created.
    """
    try:
        file = path.open("x", encoding="utf-8")
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
        CommandError: the title is empty, or one of the two is too long.
    """
    title = title.strip()
    if not title:
        raise CommandError(NO_TITLE)
    for name, text, limit in (("title", title, TITLE_MAX_LENGTH), ("notes", notes, BRIEF_MAX_LENGTH)):
        if len(text) > limit:
            raise CommandError(TOO_LONG.format(name=name, length=len(text), limit=limit))
    return Brief(title, notes, **options)


def price_of(draft: Draft, provider: Provider) -> str:
    """Return what the post cost; a database is only looked into for a price that nobody knows without it."""
    dollars = cost(provider.model, draft.usage)
    if dollars is None and not draft.usage.estimated:
        dollars = cost(provider.model, draft.usage, prices_without_fail())
    return COST_UNKNOWN if dollars is None else f"${dollars:.4f}"


def summary(draft: Draft, provider: Provider, seconds: float) -> str:
    """Return one line: the model, what the post cost, and the result of the checks."""
    price = f", {price_of(draft, provider)}" if provider.name != "embedded" else ""
    failed = ", ".join(draft.gate["failed"])
    checks = f"Failed checks: {failed}." if failed else "It passes all checks."
    return f"{draft.gate['words']} words by {provider.model} in {seconds:.0f} s{price}. {checks}"
