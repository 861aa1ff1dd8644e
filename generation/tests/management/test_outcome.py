"""How `manage.py write` says how it ended: to a person, and with --json to a program."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from blogsite.testing.model_server import Behaviour
from blogsite.testing.posts import DRAFTING
from blogsite.testing.workers import TIMEOUT
from generation.costs import Usage
from generation.failures import FailureCode, GenerationFailed
from generation.llm.embedded_process import NOT_READY
from generation.llm.providers import Provider
from generation.management.outcome import HELD_BACK, NOT_SANE, SANE, Outcome
from generation.writer.checks.findings import Finding, FindingName
from generation.writer.draft import Draft

ROOT = Path(__file__).resolve().parents[3]
TITLE = "Growing tomatoes on a balcony"
QUOTED = "“Never water a tomato before noon,” says Dr. Edna Marlow."
HELD_BACK_POST = f"Short.\n\n## One\n\n{QUOTED}\n\n## Two\n\nShort too.\n\n## Three\n\nThe end."
FILLER = Finding(FindingName.FILLER, "It is what\nit is.")
OPPOSITE = Finding(FindingName.CONTRADICTION, "Bake it cold.", "cold", "a hot oven")
DRAFT = Draft("Bread", "Bake it cold.", Usage(), {"words": 3, "failed": []}, "test", warnings=(FILLER, OPPOSITE))
OUTCOME = Outcome(Provider("openai", "large", "gpt-4o-mini"), Usage(40, 190, calls=3), 1.2, DRAFT, None)


def run(*args: str) -> tuple[str, str, int]:
    """Return what the command prints on both streams, and its exit code."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("write", *args, stdout=out, stderr=err)
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    return out.getvalue(), err.getvalue(), code


def result(*args: str) -> tuple[dict[str, Any], int]:
    """Return the one line that the command prints, and its exit code."""
    out, _, code = run(TITLE, "--json", *args)
    (line,) = out.splitlines()
    return json.loads(line), code


@pytest.fixture
def held_back(model_server: Any) -> None:
    """The model's text does not pass the checks, and neither does its repair."""
    model_server.answer(Behaviour(when=DRAFTING, text=HELD_BACK_POST), times=2)


def test_a_text_is_one_line_of_json(model_server: Any) -> None:
    said, code = result()

    assert list(said) == ["title", "content", "status", "warnings", "code", "message", "calls", "cost"]
    assert (said["status"], said["code"], said["message"]) == ("completed", "", "")
    assert said["title"].startswith(TITLE)
    assert "## " in said["content"]
    assert (said["calls"], code) == (len(model_server.calls), 0)
    assert 0 < said["cost"] < 0.01


def test_the_summary_is_not_in_the_way_of_the_json(model_server: Any) -> None:
    out, err, _ = run(TITLE, "--json")

    assert out.count("\n") == 1
    assert "words by gpt-4o-mini" in err


def test_a_text_that_is_held_back_is_a_proposal_with_its_reason(held_back: None) -> None:
    said, code = result()

    assert (said["status"], said["code"], code) == ("proposal", "invalid_output", 0)
    assert said["message"]
    assert QUOTED in said["content"]


def test_a_person_gets_the_text_that_is_held_back_and_the_reason_beside_it(held_back: None) -> None:
    out, err, code = run(TITLE)

    assert QUOTED in out
    assert HELD_BACK.partition("{")[0] in err
    assert code == 0


def test_a_failure_has_a_code_a_message_and_what_it_cost(model_server: Any) -> None:
    model_server.answer(Behaviour(when=DRAFTING, refusal="I will not."))

    said, code = result()

    assert (said["title"], said["content"], said["status"], said["warnings"]) == ("", "", "failed", [])
    assert (said["code"], code) == ("refused", 1)
    assert "I will not." in said["message"]
    assert said["calls"] == len(model_server.calls) == 2
    assert said["cost"] > 0


def test_what_a_model_wrote_before_it_failed_is_no_text(model_server: Any) -> None:
    model_server.always(Behaviour(when=DRAFTING, text="Half a sen", finish_reason="length"))

    said, code = result()

    assert (said["content"], said["code"], code) == ("", "truncated", 1)


@pytest.mark.django_db
def test_the_cost_is_null_if_it_is_not_known(model_server: Any, settings: Settings) -> None:
    settings.BUILT_IN_PRICES = {}

    assert result()[0]["cost"] is None


def test_the_embedded_model_costs_nothing_even_if_it_cannot_start(settings: Settings, tmp_path: Path) -> None:
    settings.LOCAL_MODEL_URL, settings.BASE_DIR = "http://127.0.0.1:9/v1", tmp_path

    said, code = result()

    assert (said["code"], said["calls"], said["cost"], code) == ("provider_unavailable", 0, 0, 1)
    assert NOT_READY.partition("{")[0] in said["message"]


def test_the_json_comes_beside_the_file(model_server: Any, tmp_path: Path) -> None:
    said, _ = result("--out", str(tmp_path / "post.md"))

    assert (tmp_path / "post.md").read_text() == f"# {said['title']}\n\n{said['content']}\n"


def test_a_failure_leaves_no_file_and_is_told_all_the_same(model_server: Any, tmp_path: Path) -> None:
    model_server.always(replace(model_server.script.standing, status=401))

    said, code = result("--out", str(tmp_path / "post.md"))

    assert (said["code"], code) == ("provider_rejected", 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.process
def test_ctrl_c_is_told_with_what_was_spent_until_then(model_server: Any) -> None:
    model_server.always(Behaviour(when=DRAFTING, delay=60))
    environment = os.environ | {"OPENAI_BASE_URL": model_server.url}
    command = [sys.executable, "manage.py", "write", TITLE, "--json"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        model_server.wait_until(lambda calls: len(calls) == 2, timeout=TIMEOUT)
        process.send_signal(signal.SIGINT)
        said = json.loads(process.communicate(timeout=TIMEOUT)[0])

    assert (said["status"], said["code"], said["calls"], process.returncode) == ("failed", "cancelled", 2, 130)


def test_a_wrong_argument_prints_no_json(model_server: Any) -> None:
    out, err, code = run(" ", "--json")

    assert (out, code) == ("", 1)
    assert err


def test_warnings_are_named_with_their_sentence_and_what_holds_the_text_back_comes_first() -> None:
    said = json.loads(OUTCOME.as_json())

    assert said["warnings"] == [
        {"name": "contradiction", "sentence": OPPOSITE.sentence},
        {"name": "filler", "sentence": FILLER.sentence},
    ]


def test_each_warning_is_a_line_after_the_summary() -> None:
    summary, *warnings = OUTCOME.remarks(DRAFT)

    assert summary == f"3 words by gpt-4o-mini in 1 s, $0.0001. {SANE}"
    assert [line.partition(":")[0] for line in warnings] == ["Warning, contradiction", "Warning, filler"]
    assert "“It is what it is.”" in warnings[1]


def test_a_draft_outside_the_sanity_limits_names_them() -> None:
    failure = GenerationFailed(FailureCode.INVALID_OUTPUT, "It repeats itself.")
    draft = replace(DRAFT, gate={"words": 3, "failed": ["words", "sections"]}, warnings=())

    summary, reason = replace(OUTCOME, draft=draft, failure=failure).remarks(draft)

    assert NOT_SANE.format(names="words, sections") in summary
    assert reason == HELD_BACK.format(reason="It repeats itself.")


@pytest.mark.parametrize("text", ["a\u2028b\u0085c\r\nd", '"quoted" \\ \x00 é 木'])
def test_whatever_the_text_holds_the_json_is_one_line(text: str) -> None:
    (line,) = replace(OUTCOME, draft=replace(DRAFT, content=text)).as_json().splitlines()

    assert json.loads(line)["content"] == text
