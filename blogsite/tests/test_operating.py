"""The operator's manual: every command in it is run here, or by the test or the part of CI that is named here."""

import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

ROOT = settings.BASE_DIR
MANUAL = (ROOT / ".github/OPERATING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
MANAGE, BACKUPS = ".venv/bin/python manage.py ", "/var/lib/blogsite/"
INSTALL = ".venv/bin/pip install --no-deps --require-hashes -r requirements.txt"
# What this process runs on the test's database.
RUN_HERE = {
    f"backup {BACKUPS}before-upgrade.backup",
    f"backup {BACKUPS}nightly.backup",
    "createsuperuser",
    "doctor",
    "migrate",
    "pause",
    "regenerate_posts --status failed --estimate",
    "resume",
}
# What others run: the file, and a part of its text that shows that it does.
RUN_ELSEWHERE = {
    f"python3 -m venv .venv && {INSTALL}": (".ci/run", "run_lock_is_enough"),
    INSTALL: (".ci/run", "--no-deps --require-hashes \\\n    -r requirements.txt"),
    f"{MANAGE}check --deploy --fail-level WARNING": (".ci/run", "manage.py check --deploy --fail-level WARNING"),
    f"{MANAGE}restore {BACKUPS}nightly.backup --replace --yes": (
        "blogsite/tests/backups/test_commands.py",
        "replace=True, yes=True",
    ),
    "curl -fsS http://127.0.0.1:8000/healthz": ("blogsite/tests/test_operation.py", '"/healthz"'),
    "curl -fsS http://127.0.0.1:8000/readyz": ("blogsite/tests/test_operation.py", '"/readyz"'),
    "curl -fsS http://127.0.0.1:8000/metrics": ("blogsite/tests/test_operation.py", '"/metrics"'),
}
# Other programs' commands, about what is tested by itself: a clone, and the units in `.deploy/`.
OF_OTHER_PROGRAMS = re.compile(r"git pull --ff-only|systemctl (start|stop|restart)((?: blogsite-\w+)+)")


def commands() -> list[str]:
    return [line for block in BLOCK.findall(MANUAL) for line in block.splitlines()]


def is_known(command: str) -> bool:
    if found := OF_OTHER_PROGRAMS.fullmatch(command):
        return all((ROOT / f".deploy/{unit}.service").exists() for unit in (found[2] or "").split())
    if command in RUN_ELSEWHERE:
        path, part = RUN_ELSEWHERE[command]
        return part in (ROOT / path).read_text(encoding="utf-8")
    return command.startswith(MANAGE) and command.removeprefix(MANAGE) in RUN_HERE


def test_every_command_is_run_somewhere() -> None:
    assert [command for command in commands() if not is_known(command)] == []


def test_no_command_is_run_for_nothing() -> None:
    assert {f"{MANAGE}{command}" for command in RUN_HERE} | set(RUN_ELSEWHERE) <= set(commands())


@pytest.mark.parametrize(
    "command", ["rm -rf /", f"{MANAGE}flush", "systemctl start blogsite-cache", f"{MANAGE}backup --fast"]
)
def test_a_command_that_nobody_runs_is_found(command: str) -> None:
    assert not is_known(command)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", sorted(RUN_HERE))
def test_a_command_does_what_the_manual_says(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, *arguments = shlex.split(command.replace(BACKUPS, f"{tmp_path}/"))
    if name == "createsuperuser":  # which asks
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "tulips-in-the-rain")
        arguments = ["--no-input", "--email", "root@example.com"]
    try:
        call_command(name, *arguments, stdout=StringIO())
    except (CommandError, SystemExit):
        assert name == "doctor"  # no worker runs here, which it says


def test_settings_and_metrics_have_the_names_that_they_have_elsewhere() -> None:
    names = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", MANUAL))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    metrics = set(re.findall(r"blogsite_[a-z_]+", MANUAL))
    code = (ROOT / "blogsite/metrics.py").read_text(encoding="utf-8")

    assert names <= set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert {name for name in metrics if name.removesuffix("_count") not in code} == set()
