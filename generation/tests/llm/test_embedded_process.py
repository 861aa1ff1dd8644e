"""The embedded model, started for one command."""

from pathlib import Path
from typing import Any

import psutil
import pytest
from pytest_django import Settings

from generation.llm.embedded_process import answers, model_to_write_with, peak_memory_mb
from generation.llm.embedded_server import LocalModelUnavailable

NOBODY = "http://127.0.0.1:9/v1"


def test_a_model_that_nobody_serves_is_started_and_ended(settings: Settings) -> None:
    settings.LOCAL_MODEL_URL = NOBODY
    with model_to_write_with() as process:
        assert process is not None
        assert settings.LOCAL_MODEL_URL != NOBODY
        assert answers(settings.LOCAL_MODEL_URL)
        assert 100 < (peak_memory_mb(process.pid) or 0) < 400
    assert settings.LOCAL_MODEL_URL == NOBODY
    assert not psutil.pid_exists(process.pid)


def test_a_model_that_answers_is_used(model_server: Any, settings: Settings) -> None:
    settings.LOCAL_MODEL_URL, settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = model_server.url, "", ""
    with model_to_write_with() as process:
        assert process is None
        assert model_server.url == settings.LOCAL_MODEL_URL


def test_with_another_provider_nothing_is_started(settings: Settings) -> None:
    settings.OPENAI_BASE_URL = NOBODY
    with model_to_write_with() as process:
        assert process is None


def test_a_model_that_ends_at_once_says_why(settings: Settings, tmp_path: Path) -> None:
    settings.LOCAL_MODEL_URL, settings.BASE_DIR = NOBODY, tmp_path
    with pytest.raises(LocalModelUnavailable, match=r"did not get ready: .*manage\.py"), model_to_write_with():
        pass
