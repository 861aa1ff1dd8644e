"""The import contracts reject what they forbid: each is broken by an import planted in a copy."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

# For each contract the importing module and what it may not import.
PLANTS = {
    "Apps import one way": ("blogs.etags", "generation.costs"),
    "Layers inside accounts": ("accounts.models.user", "accounts.attempts"),
    "Layers inside blogs": ("blogs.text.diff", "blogs.api.base"),
    "Layers inside generation": ("generation.llm.sse", "generation.worker.shutdown"),
    "Layers inside blogsite": ("blogsite.views", "blogsite.testing.model_server"),
    "Nothing below the writer knows rows": ("generation.writer.words", "generation.models"),
    "The queue is rows only": ("generation.queue.leases", "asyncio"),
    "Processes need the standard library only": ("generation.processes.ports", "django"),
    "Only prices.published imports genai_prices": ("generation.worker.supervisor", "genai_prices"),
    "Only llm.client imports openai": ("generation.worker.executor", "openai"),
    "Only wake-ups, cluster and admin import django_q": ("generation.receivers", "django_q"),
    "Models do not know views and admin": ("blogs.models.limits", "rest_framework"),
}


def module_file(root: Path, module: str) -> Path:
    return root.joinpath(*module.split(".")).with_suffix(".py")


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what import-linter says of each contract that a copy of the tree breaks."""
    root = tmp_path_factory.mktemp("planted")
    ignored = shutil.ignore_patterns("__pycache__", "static", "templates", "*.json")
    for app in ("accounts", "blogs", "generation", "blogsite"):
        shutil.copytree(settings.BASE_DIR / app, root / app, ignore=ignored)
    shutil.copy(settings.BASE_DIR / "pyproject.toml", root)
    for importer, imported in PLANTS.values():
        with module_file(root, importer).open("a") as file:
            file.write(f"\nimport {imported}\n")
    command: list[str | Path] = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stdout + run.stderr
    sections = re.split(r"^(.+)\n-+\n", run.stdout.partition("Broken contracts")[2], flags=re.MULTILINE)
    return dict(zip(sections[1::2], sections[2::2], strict=True))


def test_every_contract_has_a_forbidden_import_to_plant() -> None:
    contracts = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in contracts} == set(PLANTS)


@pytest.mark.parametrize("contract", PLANTS)
def test_a_forbidden_import_breaks_its_contract(broken: dict[str, str], contract: str) -> None:
    importer, imported = PLANTS[contract]
    assert re.search(rf"{re.escape(importer)} -> {re.escape(imported)}\b", broken[contract])
