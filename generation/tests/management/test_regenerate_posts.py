"""`manage.py regenerate_posts` as an operator types it."""

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
from generation.management.arguments import UNITS
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

    said = run()

    assert "Regenerating 2 posts" in said
    assert "Bread" in said
    assert regenerated() == {post.pk for post in posts}
    assert set(Generation.objects.values_list("urgent", flat=True)) == {False}
    assert set(BlogPost.objects.values_list("status", flat=True)) == {Status.PENDING}


def test_posts_on_their_way_are_left_alone_unless_named():
    post = waiting.make().post

    assert run() == "No posts match; nothing to do.\n"
    run("--id", str(post.pk))

    assert post.generations.count() == 2


def test_options_narrow_the_choice_together():
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

    run("--limit", "1")

    assert regenerated() == {first.pk}


def test_a_dry_run_says_what_it_would_do_and_does_nothing():
    finished_post.make(title="Bread")

    said = run("--dry-run")

    assert "Would regenerate 1 post:" in said
    assert "Bread" in said
    assert not regenerated()


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (["--status", "lost"], "invalid choice: 'lost'"),
        (["--older-than", "yesterday"], "'yesterday' is not an age"),
        (["--limit", "0"], "'0' is not a number of at least 1"),
        (["--id", "x"], "'x' is not a number of at least 1"),
        (["--owner", "nobody@example.com"], "There is no user with the address nobody@example.com."),
        (["--colour", "red"], "unrecognized arguments"),
        (["--estimate", "--dry-run"], "not allowed with argument"),
        (["--timeout", "5m"], "--timeout goes with --wait or --report."),
        (["--wait", "--timeout", "soon"], "'soon' is not an age"),
        (["--report", "/nowhere/at/all/report.html"], "cannot be written: No such file or directory."),
        (["--report", "/dev/report.txt"], "it must end in .html"),
    ],
)
def test_a_wrong_option_is_a_clear_error_and_changes_nothing(args, complaint):
    finished_post.make()

    with pytest.raises(CommandError, match=complaint.replace("(", r"\(")):
        run(*args)

    assert not regenerated()


def waiting_for(*args: str) -> Any:
    """Run the command while a worker drains; return what it said, or the error it ended with."""
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
def test_waiting_ends_when_all_are_written(model_server):
    finished_post.make(_quantity=2, brief_title="Bread")

    assert "2 written." in waiting_for("--wait")


@pytest.mark.django_db(transaction=True)
def test_waiting_for_a_post_that_fails_ends_with_an_error_that_names_it(model_server):
    finished_post.make()
    model_server.always(type(model_server.script.standing)(status=401))

    error = waiting_for("--wait")

    assert isinstance(error, CommandError)
    assert str(error) == "1 of 1 posts failed."


def test_an_estimate_says_what_it_would_take_and_does_nothing(settings):
    settings.OPENAI_BASE_URL, settings.GENERATION_WORKERS, settings.GENERATION_CONCURRENCY = "http://127.0.0.1:9", 1, 1
    for post in finished_post.make(_quantity=3):
        written.make(post=post, requested_by=None)

    assert run("--estimate") == "3 posts by gpt-4o-mini: about 12,000 tokens, $0.0040, 30 s.\n"
    assert set(BlogPost.objects.values_list("status", flat=True)) == {Status.COMPLETED}


def test_an_estimate_says_when_it_is_only_typical_and_no_price_is_known(settings):
    settings.OPENAI_BASE_URL, settings.OPENAI_MODEL = "http://127.0.0.1:9", "llama-of-the-house"
    finished_post.make()

    said = run("--estimate")

    assert "1 post by llama-of-the-house: about 4,500 tokens, a cost that is not known" in said
    assert "This model has not written here yet: typical figures." in said


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_asked_for(tmp_path):
    finished_post.make()
    (tmp_path / "taken.html").mkdir()

    with pytest.raises(CommandError, match="it is a directory"):
        run("--report", str(tmp_path / "taken.html"))

    assert not regenerated()


@pytest.mark.django_db(transaction=True)
def test_a_report_tells_word_by_word_what_changed(model_server, tmp_path):
    post = finished_post.make(brief_title="Bread", revision=0)
    post.publish("<b>Old</b>", "Old <script>alert(1)</script> words.", source=Revision.Source.AI)
    report = tmp_path / "report.html"

    said = waiting_for("--report", str(report))

    html = report.read_text()
    post.refresh_from_db()
    assert f"What changed is in {report}." in said
    assert "1 written." in said
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html.replace("<del>", "").replace("</del>", "")
    assert "<script" not in html
    assert "<b>" not in html
    assert post.title in html
    assert f"<td>{post.pk}</td>" in html
    assert "<td>live</td>" in html
    assert html.endswith("</html>\n")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.django_db(transaction=True)
def test_a_report_tells_of_failures_too(model_server, tmp_path):
    finished_post.make(brief_title="<i>Rye</i>")
    model_server.always(type(model_server.script.standing)(status=401))
    report = tmp_path / "report.html"

    error = waiting_for("--report", str(report))

    assert str(error) == "1 of 1 posts failed."
    html = report.read_text()
    assert "<td>failed</td>" in html
    assert "<code>provider_rejected</code>" in html
    assert "&lt;i&gt;Rye&lt;/i&gt;" in html


@pytest.mark.django_db(transaction=True)
def test_waiting_ends_when_its_time_is_over_and_the_posts_stay_in_the_queue(tmp_path, monkeypatch):
    monkeypatch.setitem(UNITS, "m", "milliseconds")
    post = finished_post.make(title="Bread", brief_title="Bread")
    report = tmp_path / "report.html"

    with pytest.raises(CommandError, match="1 of 1 posts are not written yet; they stay in the queue"):
        run("--report", str(report), "--timeout", "5m")

    post.refresh_from_db()
    assert post.status == Status.PENDING
    assert f"<td>{UNFINISHED_OUTCOME}</td>" in report.read_text()
