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

CASES: list[Case] = json.loads((Path(__file__).parent / "cases" / "english.json").read_text(encoding="utf-8"))
CLEAN = {case["name"]: case for case in CASES if case["expect"] == "clean"}
FLAWED = {case["name"]: case for case in CASES if case["expect"] != "clean"}


def draft_of(case: Case) -> str:
    """Return a case's draft: its own, or a clean one with an edit."""
    if "draft" in case:
        return str(case["draft"])
    before, after = case["replace"]
    clean: str = CLEAN[case["of"]]["draft"]
    assert clean.count(before) == 1
    return clean.replace(before, after)


def reviewed(case: Case) -> list[Finding]:
    """Return what a review finds in a draft, cleaned and tidied as its writer does."""
    of = CLEAN[case.get("of", case["name"])]
    brief = CleanBrief.of(Brief(of["title"], of["notes"]), NOTES_LIMIT)
    plan = of["plan"]
    sections = tuple(PlannedSection(one["heading"], tuple(one["points"]), one["words"]) for one in plan["sections"])
    subject = Subject(brief.title, brief.notes, of["language"], of["length"], sections)
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


@pytest.mark.parametrize("name", FLAWED)
def test_a_flaw_is_found_where_it_is(name: str) -> None:
    case = FLAWED[name]
    in_clean_text = reviewed(CLEAN[case["of"]])  # a false alarm there finds no flaw here
    findings = [finding for finding in reviewed(case) if finding not in in_clean_text]
    assert any(finding.name in case["expect"] and is_about(finding, case) for finding in findings), findings
