"""What the doctor says about a pause."""

from typing import Any

import pytest
from pytest_django import Settings

from generation.doctor import queue
from generation.doctor.findings import Level
from generation.models import SitePause
from generation.queue.site_pause import pause
from generation.tests.doctor.test_doctor import lines, long_wait, run

pytestmark = pytest.mark.django_db


def test_a_pause_is_a_warning_with_its_fix_and_explains_the_wait(model_server: Any, settings: Settings) -> None:
    long_wait(model_server, settings)
    pause(reason="Too dear.")

    output, _ = run()

    [line] = [line for line in lines(output, Level.WARNING) if str(SitePause.objects.get()) in line]
    following = output.splitlines()[output.splitlines().index(line) + 1]
    assert line.split()[1] == "pause"
    assert following.strip() == queue.FIX_PAUSE
    assert queue.SLOW.format(depth=1, minutes=60) not in output
