"""What is locked may be used and passed on with a program under MIT."""

import re
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata
from typing import cast

import pytest
from django.conf import settings

LOCKED = re.compile(r"^([\w.-]+)==\S+( ; )?", re.MULTILINE)  # the group after the name: only on some systems
WORDS = re.compile(r"\s+(?:AND|OR|WITH)\s+|[()]", re.IGNORECASE)
PERMISSIVE = re.compile(r"(MIT(-0)?|BSD|Apache|PSF|ISC|Python Software Foundation)([\s-].*)?")
# Copyleft that ends at their own files or at a library that is used unchanged; the README says so.
BY_NAME = {"psycopg": {"LGPL-3.0-only"}, "psycopg-binary": {"LGPL-3.0-only"}, "orjson": {"MPL-2.0"}}


def licences(package: Message) -> set[str]:
    """Return the names of a package's licences: of its expression, else of its classifiers, else of its old field."""
    classifiers = [line.split(" :: ")[-1] for line in package.get_all("Classifier", []) if line.startswith("License")]
    names = [package["License-Expression"]] if package["License-Expression"] else classifiers or [package["License"]]
    return {word.strip() for name in names for word in WORDS.split(name or "") if word.strip()}


def refused(name: str, package: Message) -> set[str]:
    """Return the licences under which a package may not be passed on with ours; a package needs some licence."""
    found = licences(package) or {"none"}
    return {word for word in found - BY_NAME.get(name, set()) if not PERMISSIVE.fullmatch(word)}


def test_all_that_is_locked_may_be_used_with_mit() -> None:
    found = {}
    for name, only_on_some_systems in LOCKED.findall((settings.BASE_DIR / "requirements.txt").read_text()):
        try:
            found[name] = refused(name, cast(Message, metadata(name)))
        except PackageNotFoundError:
            assert only_on_some_systems, name

    assert len(found) > 50
    assert {name: licences for name, licences in found.items() if licences} == {}


def test_the_readme_names_the_exceptions() -> None:
    readme = (settings.BASE_DIR / "README.md").read_text()

    assert "psycopg is under the LGPL" in readme
    assert "orjson in part under the MPL" in readme


@pytest.mark.parametrize(
    "headers",
    [
        {"License-Expression": "GPL-3.0-or-later"},
        {"License-Expression": "MIT AND AGPL-3.0-only"},
        {"License-Expression": "LGPL-3.0-only"},
        {"License": "Proprietary"},
        {"Classifier": "License :: OSI Approved :: GNU General Public License v3 (GPLv3)", "License": "MIT"},
        {},
    ],
)
def test_another_licence_fails(headers: dict[str, str]) -> None:
    package = Message()
    for name, value in headers.items():
        package[name] = value

    assert refused("another-package", package)
