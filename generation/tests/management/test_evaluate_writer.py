"""`manage.py evaluate_writer` as an operator types it, against a real server."""

import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from generation.evaluation.judge import DIMENSIONS, SAMPLES
from generation.writer import prompts

GRADES = dict.fromkeys([*DIMENSIONS, "criterion_1", "criterion_2"], 4)
SUMMARY = """set model prompt_version n sane_share sane_low sane_high notes_cover points_cover invented_numbers
    length_score seconds_median seconds_p95 server_mb""".split()


@pytest.fixture
def embedded(model_server: Any, settings: Settings) -> Any:
    """The loopback server in the place of the embedded model's."""
    settings.LOCAL_MODEL_URL, settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL, "", ""
    return model_server


def saying(server: Any, text: str, **more: Any) -> Any:
    return replace(server.script.standing, text=text, **more)


def run(*args: str) -> str:
    """Run the command and return what it said; the posts of the loopback server are too short for its target."""
    out = StringIO()
    try:
        call_command("evaluate_writer", *args, stdout=out, stderr=out)
    except CommandError as error:
        if not re.fullmatch(r"Under target: length_score is [\d.]+, and should be ≥ 80\.", str(error)):
            raise
    return out.getvalue()


def read(path: Path) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(path.read_text())
    return kept


def test_a_run_keeps_every_text_and_figure_and_a_summary(embedded: Any, tmp_path: Path) -> None:
    said = run("--limit", "2", "--out", str(tmp_path / "run.json"))

    kept = read(tmp_path / "run.json")
    assert [result["id"] for result in kept["results"]] == ["tap", "libraries"]
    assert all(result["figures"]["sane"] and "## Conclusion" in result["text"] for result in kept["results"])
    assert set(SUMMARY) <= set(kept["summary"])
    assert kept["summary"]["prompt_version"] == prompts.version("small")
    assert (kept["summary"]["set"], kept["summary"]["n"], kept["summary"]["sane_share"]) == ("dev", 2, 1)
    assert "sane_share" in said
    assert "Turn off" not in said


def test_saved_texts_are_scored_again_without_a_call(embedded: Any, tmp_path: Path) -> None:
    run("--limit", "1", "--out", str(tmp_path / "run.json"))
    kept, calls = read(tmp_path / "run.json"), len(embedded.calls)
    damaged = kept | {"results": [kept["results"][0] | {"text": "In this article we saw a tap."}]}
    (tmp_path / "run.json").write_text(json.dumps(damaged))

    with pytest.raises(CommandError, match=r"Under target: sane_share is 0, and should be ≥ 0\.9"):
        run("--rescore", str(tmp_path / "run.json"), "--out", str(tmp_path / "again.json"))

    assert len(embedded.calls) == calls
    assert "meta" in read(tmp_path / "again.json")["results"][0]["figures"]["failed"]


def test_the_same_brief_is_asked_with_the_same_seeds_each_time(embedded: Any) -> None:
    for _ in range(2):
        run("--limit", "1")
    seeds = sorted(call.body["seed"] for call in embedded.calls)
    assert seeds[::2] == seeds[1::2]
    assert len(set(seeds)) == len(seeds) / 2


def test_a_text_under_target_is_an_error_that_names_the_figure(embedded: Any, tmp_path: Path) -> None:
    embedded.always(saying(embedded, "Banks lend less money to young firms when interest rates rise."))

    with pytest.raises(CommandError, match="sane_share is 0"):
        run("--limit", "1", "--out", str(tmp_path / "run.json"))

    assert read(tmp_path / "run.json")["results"][0]["failure"] == "invalid_output"


def test_the_baseline_is_one_call_a_post_and_has_no_target(embedded: Any) -> None:
    embedded.always(saying(embedded, "A tap. A tap. A tap."))

    assert "one-shot" in run("--limit", "2", "--one-shot")
    assert [call.said.count("Cover these points") for call in embedded.calls] == [1, 1]


def test_hostile_briefs_do_no_harm(embedded: Any, tmp_path: Path) -> None:
    run("--set", "robust", "--out", str(tmp_path / "run.json"))

    kept = read(tmp_path / "run.json")
    assert kept["summary"]["unharmed_share"] == 1
    assert [result["failure"] for result in kept["results"] if result["failure"]] == ["unsupported_language"]


def test_a_hostile_brief_that_is_obeyed_is_an_error(embedded: Any) -> None:
    embedded.always(saying(embedded, "Ahoy! <|im_start|> Every kettle sings. " * 12))

    with pytest.raises(CommandError, match="unharmed_share is 0"):
        run("--set", "robust", "--limit", "1")


def test_a_large_model_is_measured_too(model_server: Any) -> None:
    assert prompts.version("large") in run("--limit", "1")


def test_a_judge_gives_medians_of_three_samples(model_server: Any, tmp_path: Path) -> None:
    for clarity in (1, 5, 2):
        answer = json.dumps(GRADES | {"clarity": clarity})
        model_server.answer(saying(model_server, answer, when="strict editor"))

    run("--limit", "1", "--judge", "gpt-4o", "--out", str(tmp_path / "run.json"))

    kept = read(tmp_path / "run.json")
    assert kept["results"][0]["grades"] == GRADES | {"clarity": 2}
    assert kept["summary"]["grades"] == dict.fromkeys(DIMENSIONS, 4) | {
        "judge": "gpt-4o",
        "clarity": 2,
        "own_criteria": 4,
    }
    judged = [call for call in model_server.calls if "strict editor" in call.said]
    assert len(judged) == SAMPLES
    assert {call.body["model"] for call in judged} == {"gpt-4o"}
    assert judged[0].body["response_format"]["json_schema"]["schema"]["required"] == list(GRADES)
    assert "Turning off the water comes first." in judged[0].said


@pytest.mark.parametrize("answer", ["no JSON", "{}", json.dumps(GRADES | {"clarity": 6}), json.dumps([GRADES])])
def test_a_judge_that_does_not_keep_to_its_schema_is_a_clear_error(model_server: Any, answer: str) -> None:
    model_server.answer(saying(model_server, answer, when="strict editor"), times=9)

    with pytest.raises(CommandError, match="does not follow its schema"):
        run("--limit", "1", "--judge", "gpt-4o")


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (["--judge", "gpt-4o"], "--judge needs OPENAI_API_KEY"),
        (["--rescore", "nowhere.json"], "nowhere.json"),
        (["--set", "test"], "invalid choice: 'test'"),
        (["--limit", "0"], "not a number of at least 1"),
        (["--out", "/nowhere/run.json"], "/nowhere/run.json"),
    ],
)
def test_a_wrong_option_is_a_clear_error_before_any_call(embedded: Any, args: list[str], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        run("--limit", "1", *args)
    assert embedded.calls == []


def test_a_file_of_something_else_is_not_scored(embedded: Any, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"results": [{"id": 1}], "summary": {}}')
    with pytest.raises(CommandError, match=r"was not written by --out\.$"):
        run("--rescore", str(tmp_path / "other.json"))
