"""`manage.py regenerate_posts`: regenerates posts, at a lower priority than requests that a person waits for."""

import math
import time
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from statistics import mean
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from accounts.refusals import Refusal
from blogs.models import BlogPost
from blogs.options import CHOICES
from blogs.refusals import OwnerDeactivated
from generation.forecast import Group, forecast
from generation.management.arguments import UNWRITABLE, WRONG_USAGE, check_report_path, duration
from generation.management.selection import Selected, add_selection, check_selection, selected, skipped
from generation.management.terminal import console, is_terminal, says_yes
from generation.models import Generation, State
from generation.reporting.estimates import Estimate, estimates
from generation.reporting.formatting import dollars, lasting
from generation.reporting.regeneration_report import write_report
from generation.reporting.stats import queue

POLL = 0.5  # seconds between two polls
FINAL_FAILURES = (State.FAILED, State.CANCELLED)

NO_MATCH = "No posts match; nothing to do."
SKIPPED = "{posts} skipped: the accounts of their owners are deactivated."
REGENERATING, WOULD_REGENERATE = "Regenerating {posts}:", "Would regenerate {posts}:"
QUEUED = "All queued."
STOPPED = "{queued:,} of {posts} queued; the others were not. {reason}"
NO_WORKER = "No worker seen recently: nothing will be written until `manage.py worker` runs."
REPORT_SAVED = "The changes are in {path}."
ALL_COMPLETED = "{count} completed."
SOME_FAILED = "{failed} of {count} failed."
SOME_UNFINISHED = "{unfinished} of {count} are not finished; they stay in the queue."
NOTHING_TO_WAIT_FOR = "--timeout needs --wait or --report."
ALL_NEEDS_YES = "--all needs --yes where nobody can be asked: with --report, and without a terminal."
PROPOSED = "{posts} with a text that a person wrote or restored: a proposal beside it (see --replace-human)."
REPLACED = "{posts} with a text that a person wrote or restored: it is replaced."
PROPOSAL_MARK = "  (a proposal: the live text is a person's)"
QUESTION = "Regenerate {posts}? [y/N] "
DECLINED = "Nothing was done."
ESTIMATE = "{posts} by {model}: about {tokens:,} tokens, {price}, {time}."
PRICE_UNKNOWN = "price unknown"
TYPICAL = "This model has not completed a generation here yet, so the estimate uses typical values."


class Command(BaseCommand):
    help = (
        "Regenerates the posts that match all given options. Posts that are queued or in progress are skipped unless "
        "--status or --id selects them. A post keeps its text until the new one lands; one that a person wrote or "
        "restored is not replaced. At a terminal the command says what it may cost, and asks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_selection(parser)
        for name, choices in CHOICES.items():
            parser.add_argument(f"--{name}", choices=choices.values, help=f"Set the {name} of these posts.")
        parser.add_argument("--model", choices=settings.MODELS, help="Set the model of these posts.")
        parser.add_argument("--economy", action="store_true", help="Let OpenAI take its time, at half the price.")
        parser.add_argument(
            "--replace-human",
            action="store_true",
            help="Replace texts that people wrote or restored too; without it these posts get proposals.",
        )
        parser.add_argument("--yes", action="store_true", help="Ask nothing at a terminal; --all in scripts needs it.")
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--dry-run", action="store_true", help="Print what would be done, and do nothing.")
        kind.add_argument(
            "--estimate", action="store_true", help="Print an estimate of tokens, cost and time, and do nothing."
        )
        kind.add_argument("--report", metavar="FILE.html", type=Path, help="Wait, then write all changes to this file.")
        parser.add_argument(
            "--wait", action="store_true", help="Wait until all are finished; exit with 1 if any failed."
        )
        parser.add_argument(
            "--timeout", metavar="TIME", type=duration, help="Wait at most this long, such as 90m, 12h, 7d or 2w."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_options(options)
        posts = selected(options)
        if number := skipped(options):
            self.stdout.write(SKIPPED.format(posts=post_count(number)))
        if not posts:
            self.stdout.write(NO_MATCH)
        elif options["estimate"]:
            self.show_estimate(posts, options)
        elif options["dry_run"]:
            self.show(WOULD_REGENERATE, posts, options)
        else:
            if self.can_ask(options) and not options["yes"]:
                self.confirm(posts, options)
            self.show(REGENERATING, posts, options)
            self.regenerate(posts, options)

    def check_options(self, options: dict[str, Any]) -> None:
        """Check that the options go together, before anything else is done.

        Raises:
            CommandError: they do not.
        """
        if options["report"]:
            check_report_path(options["report"])
        if options["timeout"] and not (options["wait"] or options["report"]):
            raise CommandError(NOTHING_TO_WAIT_FOR)
        changes_posts = not (options["dry_run"] or options["estimate"])
        check_selection(options, is_needed=changes_posts)
        if options["all"] and changes_posts and not (options["yes"] or self.can_ask(options)):
            raise CommandError(ALL_NEEDS_YES, returncode=WRONG_USAGE)

    def can_ask(self, options: dict[str, Any]) -> bool:
        return is_terminal(self.stdout) and not options["report"]

    def confirm(self, posts: Sequence[Selected], options: dict[str, Any]) -> None:
        """Ask a person at the terminal, who sees what it is likely to cost.

        Raises:
            CommandError: the answer is no.
        """
        self.show_estimate(posts, options)
        if number := sum(post.has_persons_text for post in posts):
            line = REPLACED if options["replace_human"] else PROPOSED
            self.stdout.write(line.format(posts=post_count(number)))
        if not says_yes(QUESTION.format(posts=post_count(len(posts)))):
            raise CommandError(DECLINED)

    def show_estimate(self, posts: Sequence[Selected], options: dict[str, Any]) -> None:
        for expected in estimates(Counter(options["model"] or post.model for post in posts)):
            self.stdout.write(estimate_line(expected))
        room = forecast(groups(posts, options), user=None)
        for line in room.lines(with_shared=True):
            self.stdout.write(line)
        if room.warning:
            self.stderr.write(room.warning)

    def show(self, heading: str, posts: Sequence[Selected], options: dict[str, Any]) -> None:
        self.stdout.write(heading.format(posts=post_count(len(posts))))
        for post in posts:
            is_proposal = post.has_persons_text and not options["replace_human"]
            self.stdout.write(f"  {post.pk}  {post.title}{PROPOSAL_MARK if is_proposal else ''}")

    def regenerate(self, posts: Sequence[Selected], options: dict[str, Any]) -> None:
        chosen = {name: options[name] for name in CHOICES if options[name]}
        wanted = {name: options[name] for name in ("model", "economy", "replace_human")} | {"options": chosen}
        generations, refusal = self.request_all(posts, **wanted)
        if not refusal:
            self.stdout.write(QUEUED)
        if generations and (options["wait"] or options["report"]):
            self.wait_for(generations, options["timeout"])
            if options["report"]:
                self.save_report(options["report"], generations)
            self.show_results(generations)
        if refusal:
            raise CommandError(
                STOPPED.format(queued=len(generations), posts=post_count(len(posts)), reason=refusal)
            ) from refusal

    def request_all(self, posts: Sequence[Selected], **wanted: Any) -> tuple[list[int], Refusal | None]:
        """Request generations until one is refused; return the ids of those that are queued, and the refusal."""
        generations = []
        for post in posts:
            try:
                generations.append(self.request(post.pk, **wanted))
            except Refusal as refusal:
                return [pk for pk in generations if pk], refusal
        return [pk for pk in generations if pk], None

    def request(self, pk: int, **wanted: Any) -> int | None:
        """Request a generation and return its id, or None if the post or its owner's account is gone meanwhile."""
        if not (post := BlogPost.objects.filter(pk=pk).first()):
            return None
        try:
            post.request_generation(urgent=False, **wanted)
        except OwnerDeactivated:
            return None
        newest = Generation.objects.filter(post=post).newest_first().values_list("pk", flat=True)
        return newest.first()

    def wait_for(self, generations: Sequence[int], timeout: timedelta | None) -> None:
        """Show a progress bar until all generations are finished or the time is up."""
        if not queue().workers:
            self.stderr.write(NO_WORKER)
        ends_at = time.monotonic() + timeout.total_seconds() if timeout else math.inf
        columns = (TextColumn("Writing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        rows = Generation.objects.filter(pk__in=generations)
        with Progress(*columns, console=console(self.stdout)) as progress:
            bar = progress.add_task("Writing", total=len(generations))
            while (unfinished := rows.unfinished().count()) and time.monotonic() < ends_at:
                progress.update(bar, completed=len(generations) - unfinished)
                time.sleep(POLL)
            progress.update(bar, completed=len(generations) - unfinished)

    def save_report(self, path: Path, generations: Sequence[int]) -> None:
        try:
            write_report(path, generations)
        except OSError as error:
            raise CommandError(UNWRITABLE.format(path=path, reason=error.strerror)) from error
        self.stdout.write(REPORT_SAVED.format(path=path))

    def show_results(self, generations: Sequence[int]) -> None:
        """Print how the generations ended.

        Raises:
            CommandError: some failed, or are not finished.
        """
        posts = post_count(len(generations))
        rows = Generation.objects.filter(pk__in=generations)
        failed = rows.filter(status__in=FINAL_FAILURES).order_by("post_id")
        for generation in failed:
            self.stderr.write(f"  {generation.post_id}  {generation.failure_code}: {generation.failure_for_staff}")
        if unfinished := rows.unfinished().count():
            raise CommandError(SOME_UNFINISHED.format(unfinished=unfinished, count=posts))
        if failed:
            raise CommandError(SOME_FAILED.format(failed=len(failed), count=posts))
        self.stdout.write(ALL_COMPLETED.format(count=posts))


def groups(posts: Sequence[Selected], options: dict[str, Any]) -> Iterator[Group]:
    """Yield the posts by what their prices depend on, with the options that are going to be set."""
    briefs = defaultdict(list)
    for post in posts:
        chosen = (options[name] or getattr(post, name) for name in ("model", "length", "language"))
        briefs[tuple(chosen)].append(post.brief)
    for (model, length, language), characters in briefs.items():
        yield Group(model, length, language, len(characters), mean(characters))


def estimate_line(estimate: Estimate) -> str:
    line = ESTIMATE.format(
        posts=post_count(estimate.posts),
        model=estimate.model,
        tokens=estimate.tokens,
        price=PRICE_UNKNOWN if estimate.cost is None else dollars(estimate.cost),
        time=lasting(estimate.minutes * 60),
    )
    return line if estimate.is_measured else f"{line} {TYPICAL}"


def post_count(number: int) -> str:
    return f"{number:,} {'post' if number == 1 else 'posts'}"
