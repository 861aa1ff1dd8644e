"""`manage.py regenerate_posts`: has posts written anew, behind the requests that somebody waits for."""

import math
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from accounts.models import User
from blogs.models import BlogPost, BlogPostQuerySet, Status
from blogs.options import CHOICES
from generation.management.arguments import age, count
from generation.management.terminal import console
from generation.models import Generation, State
from generation.reporting.estimates import Estimate, estimate
from generation.reporting.formatting import dollars, lasting
from generation.reporting.regeneration_report import write_report
from generation.reporting.stats import queue

POLL = 0.5  # seconds between two looks at the waited-for generations
FINAL_FAILURES = (State.FAILED, State.CANCELLED)


class Command(BaseCommand):
    help = (
        "Has the posts that match all given options written anew. Posts that wait or are being written are left "
        "alone unless --status or --id names them. The present text of a post stays until the new one is there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--status", choices=Status.values, help="Only posts with this status.")
        parser.add_argument("--owner", metavar="EMAIL", help="Only posts of this user.")
        parser.add_argument("--id", dest="ids", metavar="N", type=count, nargs="+", help="Only these posts.")
        parser.add_argument("--older-than", metavar="AGE", type=age, help="Only posts unchanged for 90m, 12h, 7d, 2w.")
        parser.add_argument("--limit", metavar="N", type=count, help="At most so many, the oldest first.")
        for name, choices in CHOICES.items():
            parser.add_argument(f"--{name}", choices=choices.values, help=f"Their {name} from now on.")
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--dry-run", action="store_true", help="Say what would be done, and do nothing.")
        kind.add_argument("--estimate", action="store_true", help="Say what it would take, and do nothing.")
        kind.add_argument("--report", metavar="FILE.html", type=Path, help="Wait, and write what changed to this file.")
        parser.add_argument("--wait", action="store_true", help="Wait until they are written; exit 1 if any failed.")
        parser.add_argument("--timeout", metavar="AGE", type=age, help="Wait no longer than 90m, 12h, 7d, 2w.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["report"]:
            refuse_unwritable(options["report"])
        if options["timeout"] and not (options["wait"] or options["report"]):
            raise CommandError("--timeout goes with --wait or --report.")
        posts = self.matching(options)
        if not posts:
            self.stdout.write("No posts match; nothing to do.")
        elif options["estimate"]:
            self.stdout.write(in_words(estimate(len(posts))))
        else:
            self.regenerate(posts, options)

    def regenerate(self, posts: list[tuple[int, str]], options: dict[str, Any]) -> None:
        verb = "Would regenerate" if options["dry_run"] else "Regenerating"
        self.stdout.write(f"{verb} {len(posts)} {'post' if len(posts) == 1 else 'posts'}:")
        for pk, title in posts:
            self.stdout.write(f"  {pk}  {title}")
        if options["dry_run"]:
            return
        wanted = {name: options[name] for name in CHOICES if options[name]}
        asked = [self.request(pk, wanted) for pk, _ in posts]
        generations = [pk for pk in asked if pk]
        self.stdout.write("All are in the queue.")
        if options["wait"] or options["report"]:
            self.wait_for(generations, options["timeout"])
            if options["report"]:
                self.report(options["report"], generations)
            self.judge(generations)

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
            raise CommandError(f"There is no user with the address {email}.") from error

    def request(self, pk: int, options: dict[str, str]) -> int | None:
        """Ask for a post's text and return the generation's id, or None if the post is gone by now."""
        if not (post := BlogPost.objects.filter(pk=pk).first()):
            return None
        post.request_generation(urgent=False, options=options)
        newest = Generation.objects.filter(post=post).newest_first().values_list("pk", flat=True)
        return newest.first()

    def wait_for(self, generations: Sequence[int], timeout: timedelta | None) -> None:
        """Show a progress bar until all generations have ended, or the time is over."""
        if not queue().workers:
            self.stderr.write("No worker has been seen lately: nothing is written before `manage.py worker` runs.")
        ends_at = time.monotonic() + timeout.total_seconds() if timeout else math.inf
        columns = (TextColumn("Writing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        rows = Generation.objects.filter(pk__in=generations)
        with Progress(*columns, console=console(self.stdout)) as progress:
            bar = progress.add_task("Writing", total=len(generations))
            while (unfinished := rows.unfinished().count()) and time.monotonic() < ends_at:
                progress.update(bar, completed=len(generations) - unfinished)
                time.sleep(POLL)
            progress.update(bar, completed=len(generations) - unfinished)

    def report(self, path: Path, generations: Sequence[int]) -> None:
        try:
            write_report(path, generations)
        except OSError as error:
            raise CommandError(f"{path} cannot be written any more: {error.strerror}.") from error
        self.stdout.write(f"What changed is in {path}.")

    def judge(self, generations: Sequence[int]) -> None:
        """Say how it went.

        Raises:
            CommandError: some of the posts failed, or are not written yet.
        """
        rows = Generation.objects.filter(pk__in=generations)
        failed = rows.filter(status__in=FINAL_FAILURES).order_by("post_id")
        for generation in failed:
            self.stderr.write(f"  {generation.post_id}  {generation.failure_code}: {generation.failure_message}")
        if unfinished := rows.unfinished().count():
            raise CommandError(f"{unfinished} of {len(generations)} posts are not written yet; they stay in the queue.")
        if failed:
            raise CommandError(f"{len(failed)} of {len(generations)} posts failed.")
        self.stdout.write(f"{len(generations)} written.")


def refuse_unwritable(path: Path) -> None:
    """Raise a CommandError if a report cannot be written here: before anything is asked for."""
    if path.suffix.lower() != ".html":
        raise CommandError(f"{path} is no name for a report: it must end in .html.")
    if path.is_dir():
        raise CommandError(f"{path} cannot be written: it is a directory.")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error


def in_words(told: Estimate) -> str:
    price = "a cost that is not known (no price for this model)" if told.cost is None else dollars(told.cost)
    posts = f"{told.posts:,} {'post' if told.posts == 1 else 'posts'}"
    figures = f"{posts} by {told.model}: about {told.tokens:,} tokens, {price}, {lasting(told.minutes * 60)}."
    return figures if told.is_measured else f"{figures} This model has not written here yet: typical figures."
