"""`manage.py pause` and `manage.py resume`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line
from django.core.management.base import SystemCheckError

from accounts.tests.baker_recipes import editor
from generation.management.commands.pause import ALREADY, DONE
from generation.management.commands.resume import DONE as RESUMED
from generation.management.commands.resume import NOT_PAUSED
from generation.models import SitePause
from generation.models.site_pause import COMMAND, DELETED, REASON_MAX_LENGTH
from generation.queue.site_pause import pause

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().strip()


def test_it_pauses_with_a_reason_and_resumes():
    assert run("pause", "The provider", "is too dear") == DONE
    found = SitePause.objects.get()
    assert (found.reason, found.by) == ("The provider is too dear", None)
    assert str(found) == f"Paused since {found.since:%Y-%m-%d %H:%M} UTC by {COMMAND}: The provider is too dear."

    assert run("resume") == RESUMED
    assert not SitePause.objects.exists()


def test_both_may_be_repeated_and_say_that_nothing_changed():
    assert run("resume") == NOT_PAUSED
    run("pause", "First")

    again = run("pause", "Second")

    assert again == ALREADY.format(pause=SitePause.objects.get())
    assert again.endswith(": First.")


def test_a_reason_that_is_too_long_is_refused():
    run("pause", "x" * REASON_MAX_LENGTH)
    run("resume")

    with pytest.raises(CommandError, match=str(REASON_MAX_LENGTH)):
        run("pause", "x" * (REASON_MAX_LENGTH + 1))

    assert not SitePause.objects.exists()


def test_a_pause_outlasts_the_user_who_paused():
    user = editor.make()
    pause(by=user)
    assert user.email in str(SitePause.current())

    pk = user.pk
    user.delete()

    assert DELETED.format(id=pk) in run("pause")


@pytest.mark.django_db(transaction=True)  # the command line closes its connections
def test_it_pauses_whatever_is_wrong_with_the_settings(settings):
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"retry": 1}
    with pytest.raises(SystemCheckError):
        call_command("check")

    execute_from_command_line(["manage.py", "pause"])

    assert SitePause.objects.exists()
