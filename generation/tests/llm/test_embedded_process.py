"""The embedded model, started for one command."""

import re
from pathlib import Path
from typing import Any

import psutil
import pytest
from pytest_django import Settings

from generation.llm.embedded_process import NOT_READY, ensure_model_server, is_serving, peak_memory_mb
from generation.llm.embedded_server import LocalModelUnavailable

NOBODY = "http://127.0.0.1:9/v1"


@pytest.mark.process
@pytest.mark.own_database
def test_a_model_server_that_is_not_running_is_started_and_ended(settings: Settings) -> None:
    settings.LOCAL_MODEL_URL = NOBODY
    with ensure_model_server() as process:
        assert process is not None
        assert settings.LOCAL_MODEL_URL != NOBODY
        assert is_serving(settings.LOCAL_MODEL_URL)
        assert 100 < (peak_memory_mb(process.pid) or 0) < 400
    assert settings.LOCAL_MODEL_URL == NOBODY
    assert not psutil.pid_exists(process.pid)


def test_a_running_model_server_is_used(model_server: Any, settings: Settings) -> None:
    settings.LOCAL_MODEL_URL, settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = model_server.url, "", ""
    with ensure_model_server() as process:
        assert process is None
        assert model_server.url == settings.LOCAL_MODEL_URL


def test_with_another_provider_nothing_is_started(settings: Settings) -> None:
    settings.OPENAI_BASE_URL = NOBODY
    with ensure_model_server() as process:
        assert process is None


@pytest.mark.process
@pytest.mark.own_database
def test_a_model_server_that_exits_at_once_says_why(settings: Settings, tmp_path: Path) -> None:
    settings.LOCAL_MODEL_URL, settings.BASE_DIR = NOBODY, tmp_path
    with (
        pytest.raises(LocalModelUnavailable, match=re.escape(NOT_READY.partition("{")[0]) + r".*manage\.py"),
        ensure_model_server(),
    ):
        pass
