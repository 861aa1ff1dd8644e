"""The map for newcomers: every path, module and command that it names exists."""

import re
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from django.conf import settings
from django.core.management import get_commands

PAGES = ("README.md", ".github/CONTRIBUTING.md", ".github/OPERATING.md", "generation/README.md")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)|<img src=\"([^\"]+)\"")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?|[\w-][\w.-]*\.(?:py|md|toml|txt)|\.?[\w-]+/|\.[\w-]+\.example")
NOT_IN_A_CLONE = ".venv/"


def links(text: str) -> Iterator[str]:
    for match in LINK.finditer(text):
        target = match[1] or match[2]
        if "://" not in target:
            yield target


def paths(text: str) -> Iterator[str]:
    """Yield the words of inline code that look like paths; in blocks, where other things do, those into our rooms."""
    for code in CODE.findall(text):
        is_block = code.startswith("```")
        for word in code.strip("`").split():
            is_ours = not is_block or (settings.BASE_DIR / word.partition("/")[0]).exists()
            if is_ours and PATH.fullmatch(word) and not word.startswith(NOT_IN_A_CLONE):
                yield word


def missing(page: str, text: str) -> list[str]:
    """Return what a page names that does not exist: its links, paths, modules and commands."""
    folder = (settings.BASE_DIR / page).parent
    code = "\n".join(CODE.findall(text))
    modules = re.findall(r"python -m ([\w.]+)", code)
    commands = re.findall(r"manage\.py (\w+)", code)
    return [
        *(link for link in links(text) if not (folder / link).exists()),
        *(path for path in paths(text) if not (settings.BASE_DIR / path).exists()),
        *(module for module in modules if find_spec(module) is None),
        *(command for command in commands if command not in get_commands()),
    ]


@pytest.mark.parametrize("page", PAGES)
def test_all_that_a_page_names_exists(page: str) -> None:
    text = (settings.BASE_DIR / page).read_text(encoding="utf-8")
    assert missing(page, text) == []
    assert list(paths(text)) or list(links(text))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Look into `generation/drain.py`.", "generation/drain.py"),
        ("Look into `genration/failures.py` first.", "genration/failures.py"),
        ("The room `doorbells/` rings.", "doorbells/"),
        ("Run `setup.py`.", "setup.py"),
        ("See [the tests](generation/tests/test_nothing.py).", "generation/tests/test_nothing.py"),
        ('<img src=".screenshots/none.png">', ".screenshots/none.png"),
        ("```\npython -m pytest generation/tests/test_nothing.py\n```", "generation/tests/test_nothing.py"),
        ("`python -m blogsite.benchmarks.nothing`", "blogsite.benchmarks.nothing"),
        ("`manage.py drain --now`", "drain"),
    ],
)
def test_a_page_that_names_something_else_fails(text: str, wrong: str) -> None:
    assert missing("README.md", text) == [wrong]


def test_links_start_at_their_own_page() -> None:
    assert missing("generation/README.md", "[here](failures.py) [not here](generation/failures.py)") == [
        "generation/failures.py"
    ]
