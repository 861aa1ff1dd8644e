"""`manage.py regenerate_posts` cannot rewrite everything by accident, nor what people wrote."""

import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from blogs.models import BlogPost, Revision
from blogs.tests.baker_recipes import finished_post
from blogsite.testing.posts import fresh, owner_of
from blogsite.testing.workers import database_url
from generation.management.arguments import WRONG_USAGE
from generation.management.commands import regenerate_posts as command
from generation.management.selection import ALL_AND_SELECTION, NO_SELECTION
from generation.models import Generation
from generation.reporting.regeneration_report import OUTCOMES
from generation.worker.executor import write_due

pytestmark = pytest.mark.django_db
SELECTION = ("--status", "completed")


def run(*args: str) -> str:
    out = StringIO()
    call_command("regenerate_posts", *args, stdout=out, stderr=out)
    return out.getvalue()


def edited_post(title: str = "Mine") -> BlogPost:
    post: BlogPost = finished_post.make(revision=0)
    post.add_revision(title, "By the model.", source=Revision.Source.AI)
    post.edit(title=title, content="By hand.", author=owner_of(post))
    return post


def restored_post() -> BlogPost:
    post: BlogPost = finished_post.make(revision=0)
    first = post.add_revision("Chosen", "The better one.", source=Revision.Source.AI)
    post.add_revision("Chosen", "The newer one.", source=Revision.Source.AI)
    post.restore(first, author=owner_of(post))
    return post


def rewritten_post() -> BlogPost:
    """A post whose owner edited it, and then had the model write it again."""
    post = edited_post("Given away")
    post.add_revision("Given away", "By the model again.", source=Revision.Source.AI)
    return post


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], NO_SELECTION),
        (["--limit", "1"], NO_SELECTION),
        (["--yes"], NO_SELECTION),
        (["--model", "gpt-4o-mini", "--economy", "--replace-human"], NO_SELECTION),
        (["--report", "changes.html"], NO_SELECTION),
        (["--all"], command.ALL_NEEDS_YES),
        (["--all", "--report", "changes.html"], command.ALL_NEEDS_YES),
        (["--all", "--yes", "--status", "failed"], ALL_AND_SELECTION),
        (["--all", "--id", "1", "--dry-run"], ALL_AND_SELECTION),
    ],
)
def test_what_may_be_an_accident_is_refused_with_the_way_to_mean_it(settings, args, message):
    settings.MODELS = ["gpt-4o-mini"]
    finished_post.make()

    with pytest.raises(CommandError) as refused:
        run(*args)

    assert (str(refused.value), refused.value.returncode) == (message, WRONG_USAGE)
    assert not Generation.objects.exists()


@pytest.mark.parametrize("args", [("--dry-run",), ("--estimate",), ("--all", "--dry-run"), ("--all", "--estimate")])
def test_what_changes_nothing_is_about_all_posts_without_a_selection(args):
    finished_post.make(_quantity=2)

    assert "2 posts" in run(*args)
    assert not Generation.objects.exists()


def test_a_cron_job_with_a_selection_goes_on_without_a_question():
    finished_post.make()

    output = run(*SELECTION)

    assert command.QUEUED in output
    assert command.QUESTION.format(posts="1 post") not in output
    assert Generation.objects.count() == 1


@pytest.mark.parametrize(
    ("make", "more", "proposes_only"),
    [
        (edited_post, [], True),
        (restored_post, [], True),
        (rewritten_post, [], False),
        (finished_post.make, [], False),
        (edited_post, ["--replace-human"], False),
        (restored_post, ["--replace-human"], False),
    ],
)
def test_a_text_that_a_person_wrote_or_restored_gets_a_proposal(make, more, proposes_only):
    post = make()

    shown = run(*SELECTION, *more, "--dry-run")
    done = run(*SELECTION, *more)

    generation = Generation.objects.get()
    assert (generation.post, generation.proposes_only) == (post, proposes_only)
    assert (command.PROPOSAL_MARK in shown, command.PROPOSAL_MARK in done) == (proposes_only, proposes_only)


def at_a_terminal(*args: str, answer: bytes = b"") -> tuple[int, str]:
    """Run the command with a pseudo terminal as its input and output, and type the answer; return code and output."""
    ours, theirs = os.openpty()
    typed = [sys.executable, "manage.py", "regenerate_posts", *args]
    environment = os.environ | {"DATABASE_URL": database_url()}
    with subprocess.Popen(
        typed, cwd=settings.BASE_DIR, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        os.write(ours, answer)
        output = b"".join(iter(lambda: read(ours), b""))
        os.close(ours)
        return process.wait(60), output.decode().replace("\r\n", "\n")


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError as error:  # how Linux says that nobody has the other end open any more
        if error.errno != errno.EIO:
            raise
        return b""


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("answer", [b"y\n", b" YES\n"])
@pytest.mark.parametrize("selection", [SELECTION, ("--all",)])
def test_a_person_at_a_terminal_sees_number_and_price_and_says_yes(selection, answer):
    finished_post.make()
    edited_post()

    code, output = at_a_terminal(*selection, answer=answer)

    assert code == 0
    assert command.QUESTION.format(posts="2 posts") in output
    assert "2 posts by SmolLM2-135M-Instruct: about" in output
    assert "$0.00" in output
    assert command.PROPOSED.format(posts="1 post") in output
    assert command.QUEUED in output
    assert sorted(Generation.objects.values_list("proposes_only", flat=True)) == [False, True]


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("answer", [b"n\n", b"\n", b"yesterday\n", b"\x04"], ids=["n", "enter", "other", "end"])
def test_any_other_answer_changes_nothing(answer):
    edited_post()

    code, output = at_a_terminal(*SELECTION, "--replace-human", answer=answer)

    assert code == 1
    assert f"CommandError: {command.DECLINED}" in output
    assert command.REPLACED.format(posts="1 post") in output
    assert not Generation.objects.exists()


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_at_a_terminal_nothing_is_asked_with_yes():
    finished_post.make()

    code, output = at_a_terminal("--all", "--yes")

    assert (code, command.QUESTION.format(posts="1 post") in output) == (0, False)
    assert Generation.objects.count() == 1


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_a_report_at_a_terminal_asks_nothing_and_needs_a_yes_for_all(model_server, tmp_path):
    post, report = edited_post(), tmp_path / "changes.html"

    assert at_a_terminal("--all", "--report", str(report))[0] == WRONG_USAGE
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(at_a_terminal, *SELECTION, "--report", str(report))
        while not running.done():
            write_due()
            wait([running], 0.1)

    code, output = running.result()
    assert (code, command.QUESTION.format(posts="1 post") in output) == (0, False)
    assert fresh(post).content == "By hand."
    assert OUTCOMES[Generation.Landing.PROPOSED] in report.read_text()
