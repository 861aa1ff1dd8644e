from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from generation.costs import EMBEDDED_MODEL
from generation.doctor import model

pytestmark = [pytest.mark.process, pytest.mark.django_db]


def test_the_embedded_model_is_started_for_the_check_when_it_is_not_running(settings: Settings) -> None:
    settings.LOCAL_MODEL_URL = "http://127.0.0.1:9/v1"
    out = StringIO()

    call_command("doctor", stdout=out)  # an error would raise

    assert f"ok       model     {EMBEDDED_MODEL} answered" in out.getvalue()
    assert f"warning  model     {model.NOT_RUNNING.format(url=settings.LOCAL_MODEL_URL)}" in out.getvalue()
