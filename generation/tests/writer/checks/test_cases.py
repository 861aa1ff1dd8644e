"""Whole texts on briefs of many kinds: clean ones, and the same with one flaw each."""

import json
from pathlib import Path
from typing import Any

import pytest

from generation.writer.brief import Brief, CleanBrief
from generation.writer.checks.findings import Finding
from generation.writer.checks.review import PlannedSection, Subject, review
from generation.writer.large import NOTES_LIMIT
from generation.writer.tidy import tidy

Case = dict[str, Any]

FOLDER = Path(__file__).parent / "cases"
CASES: list[Case] = [case for file in sorted(FOLDER.glob("*.json")) for case in json.loads(file.read_text("utf-8"))]
CLEAN = {case["name"]: case for case in CASES if case["expect"] == "clean"}
FLAWED = {case["name"]: case for case in CASES if case["expect"] != "clean" and not case.get("beyond_code")}
# What code does not see, and a verification may.
UNSEEN = {case["name"]: case for case in CASES if case.get("beyond_code")}


def draft_of(case: Case) -> str:
    """Return a case's draft: its own, or a clean one with an edit."""
    if "draft" in case:
        return str(case["draft"])
    clean: str = CLEAN[case["of"]]["draft"]
    before, after = case.get("replace", ("", ""))
    assert not before or clean.count(before) == 1
    return clean.replace(before, after) if before else clean


def reviewed(case: Case) -> list[Finding]:
    """Return what a review finds in a draft, cleaned and tidied as its writer does."""
    of = CLEAN[case.get("of", case["name"])]
    brief = CleanBrief.of(Brief(of["title"], of["notes"]), NOTES_LIMIT)
    plan = of["plan"]
    sections = tuple(PlannedSection(one["heading"], tuple(one["points"]), one["words"]) for one in plan["sections"])
    language = str(case.get("language", of["language"]))
    subject = Subject(brief.title, brief.notes, language, of["length"], sections)
    return review(tidy(draft_of(case), plan["title"]), subject)


def is_about(finding: Finding, case: Case) -> bool:
    """Whether a finding points to the flaw: to its sentence, or where something is not said, to the note."""
    sentence, note = case.get("sentence", ""), case.get("note", "")
    if not (sentence or note):
        return True
    if finding.sentence:
        return bool(sentence) and sentence in finding.sentence
    return bool(note) and note in finding.note


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found_in_a_clean_text(name: str) -> None:
    assert [finding.message for finding in reviewed(CLEAN[name])] == []


def seen(case: Case) -> list[Finding]:
    """Return the findings that are about the flaw of a case; what its clean text has too is a false alarm."""
    in_clean_text = reviewed(CLEAN[case["of"]])
    findings = [finding for finding in reviewed(case) if finding not in in_clean_text]
    return [finding for finding in findings if finding.name in case["expect"] and is_about(finding, case)]


@pytest.mark.parametrize("name", FLAWED)
def test_a_flaw_is_found_where_it_is(name: str) -> None:
    assert seen(FLAWED[name])


@pytest.mark.parametrize("name", UNSEEN)
def test_what_is_said_to_be_beyond_the_checks_is(name: str) -> None:
    assert not seen(UNSEEN[name])
