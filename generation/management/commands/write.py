"""`manage.py write`: one post now, at the terminal."""

import asyncio
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from blogs.models import BRIEF_MAX_LENGTH, STAGES, TITLE_MAX_LENGTH
from blogs.options import CHOICES, DEFAULTS
from generation.costs import cost
from generation.failures import GenerationFailed
from generation.llm.client import ModelClient
from generation.llm.embedded_process import model_to_write_with
from generation.llm.embedded_server import LocalModelUnavailable
from generation.llm.providers import Provider, configured_provider
from generation.management.terminal import console
from generation.smol_blogwriter import Brief, Draft, write_for_a_look

INTERRUPTED = 130  # the shell's exit code for Ctrl-C


class Command(BaseCommand):
    help = (
        "Writes one post and prints it as Markdown. Needs no server and no database; without a key and a base URL it "
        "starts the embedded model for as long as it writes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("title", help="What the post is about.")
        parser.add_argument("--notes", default="", help="What it should say; points are divided by semicolons.")
        for name, choices in CHOICES.items():
            parser.add_argument(f"--{name}", choices=choices.values, default=DEFAULTS[name].value)
        parser.add_argument("--out", metavar="FILE.md", type=Path, help="Write the post to this new file instead.")

    def handle(self, *args: Any, **options: Any) -> None:
        brief = brief_of(options["title"], options["notes"], {name: options[name] for name in CHOICES})
        with new_file(options["out"]) if options["out"] else nullcontext(self.stdout) as destination:
            destination.write(self.written(brief))

    def written(self, brief: Brief) -> str:
        started = time.monotonic()
        try:
            with model_to_write_with():
                provider = configured_provider()
                draft = asyncio.run(self.write_with_progress(brief, provider))
        except LocalModelUnavailable as error:
            raise CommandError(str(error)) from None
        except GenerationFailed as failure:
            raise CommandError(f"{failure.message} {failure.code.advice}") from None
        except KeyboardInterrupt:
            raise CommandError("Stopped; nothing was written.", returncode=INTERRUPTED) from None
        self.stderr.write(account(draft, provider, time.monotonic() - started), style_func=str)
        return f"# {draft.title}\n\n{draft.content}\n"

    async def write_with_progress(self, brief: Brief, provider: Provider) -> Draft:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console(self.stderr), transient=True) as bars:
            bar = Bar(bars, bars.add_task(STAGES["plan"]))
            async with ModelClient(provider) as client:
                return await write_for_a_look(brief, client, bar)


@contextmanager
def new_file(path: Path) -> Iterator[IO[str]]:
    """Open a file that does not exist yet, before anything is paid for; it is gone again if nothing comes of it.

    Raises:
        CommandError: it exists, or cannot be made.
    """
    try:
        file = path.open("x", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"Cannot write {path}: {error.strerror}.") from None
    with file:
        try:
            yield file
        except BaseException:
            path.unlink()
            raise


class Bar:
    """Shows the writer's reports as one bar, whose name is the stage."""

    def __init__(self, bars: Progress, task: TaskID) -> None:
        self.bars, self.task = bars, task

    def __call__(self, stage: str, done: int, total: int, text: Sequence[str] | None = None, /) -> None:
        self.bars.update(self.task, description=STAGES.get(stage, stage), completed=done, total=total)


def brief_of(title: str, notes: str, options: dict[str, str]) -> Brief:
    """Return a brief under the same rules as the API's.

    Raises:
        CommandError: there is no title, or one of the two is too long.
    """
    title = title.strip()
    if not title:
        raise CommandError("The title is empty.")
    for name, text, most in (("title has", title, TITLE_MAX_LENGTH), ("notes have", notes, BRIEF_MAX_LENGTH)):
        if len(text) > most:
            raise CommandError(f"The {name} {len(text)} characters; {most} are the most.")
    return Brief(title, notes, **options)


def account(draft: Draft, provider: Provider, seconds: float) -> str:
    """Return one line on who wrote, what it took, and what the gate found."""
    dollars = cost(provider.model, draft.usage)
    price = f", ${dollars:.4f}" if dollars else ""
    failed = ", ".join(draft.gate["failed"])
    found = f" Checks that it fails: {failed}." if failed else " It passes all checks."
    return f"{draft.gate['words']} words by {provider.model} in {seconds:.0f} s{price}.{found}"
