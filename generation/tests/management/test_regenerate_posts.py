"""`manage.py regenerate_posts` as an operator types it."""

import re
import threading
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.tests.baker_recipes import writer
from blogs.models import BlogPost, Revision, Status
from blogs.tests.baker_recipes import failed_post, finished_post
from generation.management import arguments, selection
from generation.management.commands import regenerate_posts as command
from generation.models import Generation
from generation.reporting.regeneration_report import UNFINISHED_OUTCOME
from generation.tests.baker_recipes import waiting, written
from generation.worker.executor import write_due

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command("regenerate_posts", *args, stdout=out, stderr=out)
    return out.getvalue()


def regenerated() -> set[int]:
    return set(Generation.objects.values_list("post_id", flat=True))


def test_all_finished_posts_are_regenerated_behind_urgent_requests():
    posts = [finished_post.make(title="Bread"), failed_post.make()]

    output = run("--all", "--yes")

    assert command.REGENERATING.format(posts="2 posts") in output
    assert "Bread" in output
    assert command.QUEUED in output
    assert regenerated() == {post.pk for post in posts}
    assert set(Generation.objects.values_list("urgent", flat=True)) == {False}
    assert set(BlogPost.objects.values_list("status", flat=True)) == {Status.PENDING}


def test_unfinished_posts_are_skipped_unless_selected():
    post = waiting.make().post

    assert run("--all", "--yes") == f"{command.NO_MATCH}\n"
    run("--id", str(post.pk))

    assert post.generations.count() == 2


def test_a_post_must_match_all_options():
    owner = writer.make(email="bob@example.com")
    old = timezone.now() - timedelta(days=8)
    wanted = failed_post.make(owner=owner, updated_at=old)
    failed_post.make(owner=owner)
    failed_post.make(updated_at=old)
    finished_post.make(owner=owner, updated_at=old)

    run("--status", "failed", "--owner", "Bob@example.com", "--older-than", "7d")

    assert regenerated() == {wanted.pk}


def test_a_limit_takes_the_oldest():
    first, _ = finished_post.make(_quantity=2)

    run("--all", "--limit", "1", "--yes")

    assert regenerated() == {first.pk}


def test_a_dry_run_prints_what_it_would_do_and_does_nothing():
    finished_post.make(title="Bread")

    output = run("--dry-run")

    assert command.WOULD_REGENERATE.format(posts="1 post") in output
    assert "Bread" in output
    assert not regenerated()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--status", "lost"], "invalid choice: 'lost'"),
        (["--older-than", "yesterday"], arguments.NO_DURATION.format(text="yesterday")),
        (["--limit", "0"], arguments.NO_COUNT.format(text="0")),
        (["--id", "x"], arguments.NO_COUNT.format(text="x")),
        (["--owner", "nobody@example.com"], selection.NO_OWNER.format(email="nobody@example.com")),
        (["--colour", "red"], "unrecognized arguments"),
        (["--estimate", "--dry-run"], "not allowed with argument"),
        (["--timeout", "5m"], command.NOTHING_TO_WAIT_FOR),
        (["--wait", "--timeout", "soon"], arguments.NO_DURATION.format(text="soon")),
        (
            ["--report", "/nowhere/at/all/report.html"],
            arguments.UNWRITABLE.format(path="/nowhere/at/all/report.html", reason="No such file or directory"),
        ),
        (["--report", "/dev/report.txt"], arguments.NOT_HTML.format(path="/dev/report.txt")),
    ],
)
def test_a_wrong_option_is_an_error_and_changes_nothing(args, message):
    finished_post.make()

    with pytest.raises(CommandError, match=re.escape(message)):
        run(*args)

    assert not regenerated()


def waiting_for(*args: str) -> Any:
    """Run the command while a worker writes; return its output, or the error it ended with."""
    outcome: list[Any] = []

    def operator() -> None:
        try:
            outcome.append(run(*args))
        except CommandError as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=operator)
    thread.start()
    while thread.is_alive():
        write_due()
        thread.join(0.1)
    return outcome[0]


@pytest.mark.django_db(transaction=True)
def test_waiting_ends_when_all_are_finished(model_server):
    finished_post.make(_quantity=2, brief_title="Bread")

    output = waiting_for("--status", "completed", "--wait")

    assert command.NO_WORKER in output
    assert command.ALL_COMPLETED.format(count="2 posts") in output


@pytest.mark.django_db(transaction=True)
def test_waiting_for_a_post_that_fails_ends_with_an_error(model_server):
    finished_post.make()
    model_server.always(type(model_server.script.standing)(status=401))

    error = waiting_for("--status", "completed", "--wait")

    assert isinstance(error, CommandError)
    assert str(error) == command.SOME_FAILED.format(failed=1, count="1 post")


def test_an_estimate_prints_tokens_cost_and_time_and_does_nothing(settings):
    settings.OPENAI_BASE_URL, settings.GENERATION_WORKERS, settings.GENERATION_CONCURRENCY = "http://127.0.0.1:9", 1, 1
    for post in finished_post.make(_quantity=3):
        written.make(post=post, requested_by=None)

    expected = command.ESTIMATE.format(
        posts="3 posts", model="gpt-4o-mini", tokens=12_000, price="$0.0040", time="30 s"
    )
    assert run("--estimate").startswith(f"{expected}\n")
    assert set(BlogPost.objects.values_list("status", flat=True)) == {Status.COMPLETED}


def test_an_estimate_says_when_it_is_typical_and_the_price_unknown(settings):
    settings.OPENAI_BASE_URL, settings.OPENAI_MODEL = "http://127.0.0.1:9", "llama-of-the-house"
    finished_post.make()

    output = run("--estimate")

    assert f"1 post by llama-of-the-house: about 4,500 tokens, {command.PRICE_UNKNOWN}" in output
    assert command.TYPICAL in output


def test_a_report_that_cannot_be_written_is_an_error_before_anything_is_requested(tmp_path):
    finished_post.make()
    (tmp_path / "taken.html").mkdir()

    with pytest.raises(CommandError, match="is a directory"):
        run("--all", "--report", str(tmp_path / "taken.html"))

    assert not regenerated()


@pytest.mark.django_db(transaction=True)
def test_a_report_shows_the_changes_word_by_word(model_server, tmp_path):
    post = finished_post.make(brief_title="Bread", revision=0)
    post.add_revision("<b>Old</b>", "Old <script>alert(1)</script> words.", source=Revision.Source.AI)
    report = tmp_path / "report.html"

    output = waiting_for("--all", "--yes", "--report", str(report))

    html = report.read_text()
    post.refresh_from_db()
    assert command.REPORT_SAVED.format(path=report) in output
    assert command.ALL_COMPLETED.format(count="1 post") in output
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html.replace("<del>", "").replace("</del>", "")
    assert "<script" not in html
    assert "<b>" not in html
    assert post.title in html
    assert f"<td>{post.pk}</td>" in html
    assert "<td>live</td>" in html
    assert html.endswith("</html>\n")
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [("report.html", 0o600)]


@pytest.mark.django_db(transaction=True)
def test_a_report_says_how_many_costs_of_its_sum_are_unknown(model_server, tmp_path):
    finished_post.make(_quantity=2)
    model_server.answer(type(model_server.script.standing)(model="qwen2.5"))
    report = tmp_path / "report.html"

    waiting_for("--all", "--yes", "--report", str(report))

    html = report.read_text()
    assert '<td class="number">unknown</td>' in html
    assert re.search(r'<th class="number">\$0\.\d+ \+ 1 unknown</th>', html)


@pytest.mark.django_db(transaction=True)
def test_a_report_shows_failures_too(model_server, tmp_path):
    finished_post.make(brief_title="<i>Rye</i>")
    model_server.always(type(model_server.script.standing)(status=401))
    report = tmp_path / "report.html"

    error = waiting_for("--all", "--yes", "--report", str(report))

    assert str(error) == command.SOME_FAILED.format(failed=1, count="1 post")
    html = report.read_text()
    assert "<td>failed</td>" in html
    assert "<code>provider_rejected</code>" in html
    assert "&lt;i&gt;Rye&lt;/i&gt;" in html


@pytest.mark.django_db(transaction=True)
def test_waiting_ends_when_the_time_is_up_and_the_posts_stay_in_the_queue(tmp_path, monkeypatch):
    monkeypatch.setitem(arguments.UNITS, "m", "milliseconds")
    post = finished_post.make(title="Bread", brief_title="Bread")
    report = tmp_path / "report.html"

    with pytest.raises(CommandError, match=command.SOME_UNFINISHED.format(unfinished=1, count="1 post")):
        run("--status", "completed", "--report", str(report), "--timeout", "5m")

    post.refresh_from_db()
    assert post.status == Status.PENDING
    assert f"<td>{UNFINISHED_OUTCOME}</td>" in report.read_text()
