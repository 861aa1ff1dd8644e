"""`manage.py prices` as an operator types it, and as a worker starts it."""

import os
import subprocess
import sys
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from blogsite.testing.workers import eventually
from generation.management.commands.prices import FREE, UNKNOWN
from generation.models import ModelPrice


def run() -> str:
    out = StringIO()
    call_command("prices", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_price_of_the_configured_model_is_stored_and_printed(settings):
    settings.OPENAI_API_KEY, settings.OPENAI_MODEL = "test-key", "gpt-5.6-luna"

    said = run()

    stored = ModelPrice.objects.get(model="gpt-5.6-luna")
    assert f"gpt-5.6-luna: ${stored.fresh.normalize():f} fresh" in said
    assert stored.source in said
    assert stored.written == stored.fresh * Decimal("1.25")
    assert ModelPrice.objects.filter(model="gpt-4o-mini").exists(), "it may answer instead"


@pytest.mark.django_db
def test_a_model_without_a_price_is_said_to_be_unknown(settings):
    settings.OPENAI_BASE_URL, settings.OPENAI_MODEL = "http://127.0.0.1:11434/v1", "qwen2.5"

    assert UNKNOWN.format(model="qwen2.5") in run()
    assert not ModelPrice.objects.exists()


def test_the_embedded_model_is_free(settings):
    settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL = ""

    assert FREE in run()


@pytest.mark.django_db(transaction=True)
def test_a_worker_stores_the_prices_when_it_starts(start_worker):
    start_worker(OPENAI_BASE_URL="", OPENAI_API_KEY="test-key")

    eventually(lambda: ModelPrice.objects.filter(model="gpt-4o-mini").exists())


@pytest.mark.process
@pytest.mark.own_database
def test_web_and_workers_do_not_import_the_package():
    """It takes 27 MB and half a second."""
    imports = "blogsite.urls, generation.tasks, generation.worker.supervisor, generation.management.commands.prices"
    code = f"import django; django.setup(); import sys, {imports}; sys.exit('genai_prices' in sys.modules)"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "blogsite.settings"}

    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
