"""`manage.py regenerate_posts`: regenerates posts, at a lower priority than requests that a person waits for."""

import math
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from accounts.models import User
from blogs.models import BlogPost, BlogPostQuerySet, Status
from blogs.options import CHOICES
from generation.management.arguments import UNWRITABLE, check_report_path, count, duration
from generation.management.terminal import console
from generation.models import Generation, State
from generation.reporting.estimates import Estimate, estimate
from generation.reporting.formatting import dollars, lasting
from generation.reporting.regeneration_report import write_report
from generation.reporting.stats import queue

POLL = 0.5  # seconds between two polls
FINAL_FAILURES = (State.FAILED, State.CANCELLED)

NO_MATCH = "No posts match; nothing to do."
REGENERATING, WOULD_REGENERATE = "Regenerating {posts}:", "Would regenerate {posts}:"
QUEUED = "All queued."
NO_WORKER = "No worker seen recently: nothing will be written until `manage.py worker` runs."
REPORT_SAVED = "The changes are in {path}."
ALL_COMPLETED = "{count} completed."
SOME_FAILED = "{failed} of {count} failed."
SOME_UNFINISHED = "{unfinished} of {count} are not finished; they stay in the queue."
NO_OWNER = "There is no user with the email address {email}."
NOTHING_TO_WAIT_FOR = "--timeout needs --wait or --report."
ESTIMATE = "{posts} by {model}: about {tokens:,} tokens, {price}, {time}."
PRICE_UNKNOWN = "price unknown"
TYPICAL = "This model has not completed a generation here yet, so the estimate uses typical values."


class Command(BaseCommand):
    help = (
        "Regenerates the posts that match all given options. Posts that are queued or in progress are skipped unless "
        "--status or --id selects them. A post keeps its text until the new one lands."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--status", choices=Status.values, help="Only posts with this status.")
        parser.add_argument("--owner", metavar="EMAIL", help="Only posts of this user.")
        parser.add_argument("--id", dest="ids", metavar="N", type=count, nargs="+", help="Only these posts.")
        parser.add_argument(
            "--older-than",
            metavar="AGE",
            type=duration,
            help="Only posts unchanged for this long, such as 90m, 12h, 7d or 2w.",
        )
        parser.add_argument("--limit", metavar="N", type=count, help="At most this many, the oldest first.")
        for name, choices in CHOICES.items():
            parser.add_argument(f"--{name}", choices=choices.values, help=f"Set the {name} of these posts.")
        parser.add_argument("--model", choices=settings.MODELS, help="Set the model of these posts.")
        parser.add_argument("--economy", action="store_true", help="Let OpenAI take its time, at half the price.")
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
        if options["report"]:
            check_report_path(options["report"])
        if options["timeout"] and not (options["wait"] or options["report"]):
            raise CommandError(NOTHING_TO_WAIT_FOR)
        posts = self.matching(options)
        if not posts:
            self.stdout.write(NO_MATCH)
        elif options["estimate"]:
            self.stdout.write(estimate_line(estimate(len(posts), options["model"] or "")))
        else:
            self.regenerate(posts, options)

    def regenerate(self, posts: list[tuple[int, str]], options: dict[str, Any]) -> None:
        heading = WOULD_REGENERATE if options["dry_run"] else REGENERATING
        self.stdout.write(heading.format(posts=post_count(len(posts))))
        for pk, title in posts:
            self.stdout.write(f"  {pk}  {title}")
        if options["dry_run"]:
            return
        chosen = {name: options[name] for name in CHOICES if options[name]}
        wanted = {"options": chosen, "model": options["model"], "economy": options["economy"]}
        requested = [self.request(pk, **wanted) for pk, _ in posts]
        generations = [pk for pk in requested if pk]
        self.stdout.write(QUEUED)
        if options["wait"] or options["report"]:
            self.wait_for(generations, options["timeout"])
            if options["report"]:
                self.save_report(options["report"], generations)
            self.show_results(generations)

    def matching(self, options: dict[str, Any]) -> list[tuple[int, str]]:
        posts: BlogPostQuerySet = BlogPost.objects.order_by("id")
        if options["status"]:
            posts = posts.filter(status=options["status"])
        elif not options["ids"]:
            posts = posts.filter(status__in=(Status.COMPLETED, Status.FAILED))
        if options["owner"]:
            posts = posts.of(self.owner(options["owner"]))
        if options["ids"]:
            posts = posts.filter(pk__in=options["ids"])
        if options["older_than"]:
            posts = posts.filter(updated_at__lt=timezone.now() - options["older_than"])
        return list(posts.values_list("pk", "title")[: options["limit"]])

    def owner(self, email: str) -> User:
        try:
            return User.objects.get(email=email)
        except User.DoesNotExist as error:
            raise CommandError(NO_OWNER.format(email=email)) from error

    def request(self, pk: int, **wanted: Any) -> int | None:
        """Request a generation and return its id, or None if the post was deleted meanwhile."""
        if not (post := BlogPost.objects.filter(pk=pk).first()):
            return None
        post.request_generation(urgent=False, **wanted)
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
