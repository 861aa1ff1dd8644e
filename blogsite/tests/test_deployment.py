"""The samples in `.deploy/`, as far as they can be checked without the programs that use them."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

ROOT = settings.BASE_DIR
SAMPLES = ROOT / ".deploy"
UNITS = ("blogsite-web", "blogsite-worker")
AT_THE_TOP = {"README.md", "LICENSE", "manage.py", "pyproject.toml", "accounts", "blogs", "blogsite", "generation"}


def text_of(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text_of("compose.yml"))
    return found


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="missing: systemd-analyze")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in UNITS:  # which names programs that are there, on a machine with the service
        text = text_of(f"{unit}.service").replace("/srv/blogsite", str(ROOT)).replace("User=blogsite", "User=daemon")
        (tmp_path / f"{unit}.service").write_text(text)

    verify = ["systemd-analyze", "verify", *(str(path) for path in tmp_path.iterdir())]
    done = subprocess.run(verify, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_units_differ_in_what_they_start_and_how_long_it_takes_to_stop() -> None:
    web, worker = (text_of(f"{unit}.service").splitlines() for unit in UNITS)

    different = {line.partition("=")[0] for line in {*web} ^ {*worker} if not line.startswith("#")}

    assert different == {"Description", "ExecStart", "TimeoutStopSec"}


def test_all_that_the_samples_start_is_there() -> None:
    services = compose()["services"]
    words = [" ".join(service.get("command", [])) for service in services.values()]
    text = "\n".join([*words, *map(text_of, ("Dockerfile", "blogsite-web.service", "blogsite-worker.service"))])

    started = set(re.findall(r"manage\.py[\", ]+(\w+)", text))

    assert started == {"web", "worker", "migrate"}
    assert started <= set(get_commands())


def test_the_image_has_all_that_runs_and_nothing_else() -> None:
    lines = text_of("Dockerfile").splitlines()
    copied = {
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    }
    ignored = text_of("Dockerfile.dockerignore").splitlines()

    assert copied == {"requirements.txt", "manage.py", "LICENSE", "accounts", "blogs", "blogsite", "generation"}
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == copied
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001"]
    assert "apt" not in text_of("Dockerfile")


@pytest.mark.parametrize("service", ["migrate", "web", "worker"])
def test_a_container_may_neither_write_nor_gain_rights(service: str) -> None:
    found = compose()["services"][service]

    assert (found["read_only"], found["cap_drop"]) == (True, ["ALL"])
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert found["init"] is True


def test_only_lock_files_and_the_like_join_the_rooms_at_the_top() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = {line.partition("/")[0] for line in listed.splitlines()}

    assert {name for name in names - AT_THE_TOP if not re.fullmatch(r"\..+|requirements(-\w+)?\.txt", name)} == set()
