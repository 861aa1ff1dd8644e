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

from generation.evaluation.briefs import load
from generation.evaluation.examples import COUNT, NO_TEXT, picked
from generation.evaluation.judge import BAD_ANSWER, DIMENSIONS, NO_KEY, SAMPLES
from generation.evaluation.measures import MEASURES
from generation.evaluation.runs import NOT_A_RUN
from generation.management.arguments import NO_COUNT
from generation.management.commands.evaluate_writer import TARGETS_MISSED
from generation.management.evaluation_tables import DOES_NOT_SEPARATE, NOT_QUALITY
from generation.writer import prompts

GRADES = dict.fromkeys([*DIMENSIONS, "criterion_1", "criterion_2"], 4)
SUMMARY = """set how model prompt_version n written_share contradictions lost_facts invented own_share expansion
    machine_phrases heading_quality intervals seconds_median tokens_mean sane_share unharmed_share server_mb""".split()
MISSES = re.escape(TARGETS_MISSED.format(misses=""))


@pytest.fixture
def embedded(model_server: Any, settings: Settings) -> Any:
    """The loopback server in the place of the embedded model's."""
    settings.LOCAL_MODEL_URL, settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL, "", ""
    return model_server


def saying(server: Any, text: str, **more: Any) -> Any:
    return replace(server.script.standing, text=text, **more)


def run(*args: str) -> str:
    """Run the command and return its output; the loopback server is not expected to reach every target."""
    out = StringIO()
    try:
        call_command("evaluate_writer", *args, stdout=out, stderr=out)
    except CommandError as error:
        if not re.match(MISSES, str(error)):
            raise
    return out.getvalue()


def read(path: Path) -> dict[str, Any]:
    saved: dict[str, Any] = json.loads(path.read_text())
    return saved


def test_a_run_saves_every_text_its_measures_and_a_summary(embedded: Any, tmp_path: Path) -> None:
    output = run("--limit", "2", "--out", str(tmp_path / "run.json"))

    saved = read(tmp_path / "run.json")
    assert [result["id"] for result in saved["results"]] == ["tap", "libraries"]
    assert all(result["sanity"]["words"] and result["measures"] and result["text"] for result in saved["results"])
    assert set(SUMMARY) <= set(saved["summary"])
    assert saved["summary"]["prompt_version"] == prompts.version("small")
    assert (saved["summary"]["set"], saved["summary"]["n"], saved["summary"]["written_share"]) == ("dev", 2, 1)
    assert "own_share" in output
    assert "Turn off" not in output


def test_sanity_is_shown_apart_from_the_measures(embedded: Any) -> None:
    measures, sanity = " ".join(run("--limit", "1", "--how", "sentences").split()).split(NOT_QUALITY[:12])
    assert "sane_share" in sanity
    assert "sane_share" not in measures


def test_saved_texts_are_scored_again_without_a_call(embedded: Any, tmp_path: Path) -> None:
    run("--limit", "1", "--out", str(tmp_path / "run.json"))
    saved, calls = read(tmp_path / "run.json"), len(embedded.calls)
    text = "A study of 2019 found that 47% of all taps drip."
    damaged = saved | {"results": [saved["results"][0] | {"text": text}]}
    (tmp_path / "run.json").write_text(json.dumps(damaged))

    with pytest.raises(CommandError, match=rf"{MISSES}.*claim_check is \d"):
        call_command("evaluate_writer", "--rescore", str(tmp_path / "run.json"), "--out", str(tmp_path / "again.json"))

    assert len(embedded.calls) == calls
    assert read(tmp_path / "again.json")["results"][0]["measures"]["invented_figures"] == 2


@pytest.mark.parametrize("how", ["notes", "sentences"])
def test_a_control_needs_no_call_and_has_no_target(embedded: Any, tmp_path: Path, how: str) -> None:
    call_command("evaluate_writer", "--how", how, "--out", str(tmp_path / "run.json"), stdout=StringIO())

    summary = read(tmp_path / "run.json")["summary"]
    assert embedded.calls == []
    assert (summary["n"], summary["how"], summary["own_share"]) == (20, how, 1)
    assert summary["tokens_mean"] == 0


def test_a_summary_is_printed_as_json_too(embedded: Any) -> None:
    output = run("--limit", "2", "--how", "notes", "--json")
    assert json.loads(output.strip().splitlines()[-1])["expansion"] == 1


def test_the_labels_show_how_far_readers_agree_and_which_measures_separate(embedded: Any) -> None:
    *tables, line = run("--labels", "--json").strip().splitlines()

    shown = json.loads(line)
    assert shown["agreement"]["labels"]["count"] == 578
    assert shown["agreement"]["labels"]["kappa"] > 0.6
    assert sum(kept["posts"] for kept in shown["kept"].values()) == 30
    assert set(shown["separation"]) == {measure.name for measure in MEASURES}
    first, second = " ".join(tables).split(DOES_NOT_SEPARATE[:20])
    assert "own_share" in first
    assert "contradictions" in second
    assert embedded.calls == []


def test_three_posts_of_a_run_become_examples(embedded: Any, tmp_path: Path) -> None:
    run("--how", "notes", "--examples", str(tmp_path))
    names = sorted(path.stem for path in tmp_path.iterdir())
    assert len(names) == COUNT
    assert names == sorted(picked([brief.id for brief in load("dev")]))


def test_examples_of_a_run_of_too_few_briefs_are_a_clear_error(embedded: Any, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=NO_TEXT.split("{")[0]):
        run("--how", "notes", "--limit", "1", "--examples", str(tmp_path))


def test_a_brief_is_written_with_the_same_seeds_each_time(embedded: Any) -> None:
    for _ in range(2):
        run("--limit", "1")
    seeds = sorted(call.body["seed"] for call in embedded.calls)
    assert seeds[::2] == seeds[1::2]
    assert len(set(seeds)) == len(seeds) / 2


def test_a_missed_target_is_an_error_that_names_it(model_server: Any, tmp_path: Path) -> None:
    model_server.always(replace(model_server.script.standing, status=400))

    with pytest.raises(CommandError, match="written_share is 0"):
        call_command("evaluate_writer", "--limit", "1", "--out", str(tmp_path / "run.json"), stdout=StringIO())

    assert read(tmp_path / "run.json")["results"][0]["failure"]


def test_the_baseline_is_one_call_a_post_and_has_no_target(embedded: Any) -> None:
    embedded.always(saying(embedded, "A tap. A tap. A tap."))

    assert "one-shot" in run("--limit", "2", "--one-shot")
    assert [call.said.count("Cover these points") for call in embedded.calls] == [1, 1]


def test_hostile_briefs_do_no_harm(embedded: Any, tmp_path: Path) -> None:
    call_command("evaluate_writer", "--set", "robust", "--out", str(tmp_path / "run.json"), stdout=StringIO())

    saved = read(tmp_path / "run.json")
    assert saved["summary"]["unharmed_share"] == 1
    assert [result["failure"] for result in saved["results"] if result["failure"]] == []


def test_a_hostile_brief_that_is_obeyed_is_an_error(model_server: Any) -> None:
    model_server.always(saying(model_server, "Ahoy! <|im_start|> Every kettle sings. " * 12))

    with pytest.raises(CommandError, match="unharmed_share is 0"):
        call_command("evaluate_writer", "--set", "robust", "--limit", "1", stdout=StringIO())


def test_a_large_model_is_measured_too(model_server: Any) -> None:
    assert prompts.version("large") in run("--limit", "1")


def test_a_judge_gives_medians_of_three_samples(model_server: Any, tmp_path: Path) -> None:
    for clarity in (1, 5, 2):
        answer = json.dumps(GRADES | {"clarity": clarity})
        model_server.answer(saying(model_server, answer, when="strict editor"))

    run("--limit", "1", "--judge", "gpt-4o", "--out", str(tmp_path / "run.json"))

    saved = read(tmp_path / "run.json")
    assert saved["results"][0]["grades"] == GRADES | {"clarity": 2}
    assert saved["summary"]["grades"] == dict.fromkeys(DIMENSIONS, 4) | {
        "judge": "gpt-4o",
        "clarity": 2,
        "own_criteria": 4,
    }
    judged = [call for call in model_server.calls if "strict editor" in call.said]
    assert len(judged) == SAMPLES
    assert {call.body["model"] for call in judged} == {"gpt-4o"}
    assert judged[0].body["response_format"]["json_schema"]["schema"]["required"] == list(GRADES)
    assert "Turning off the water comes first." in judged[0].said


def test_a_judges_malformed_answer_is_retried_once(model_server: Any, tmp_path: Path) -> None:
    model_server.answer(saying(model_server, "no JSON", when="strict editor"))
    model_server.answer(saying(model_server, json.dumps(GRADES), when="strict editor"), times=SAMPLES)

    run("--limit", "1", "--judge", "gpt-4o", "--out", str(tmp_path / "run.json"))

    assert read(tmp_path / "run.json")["results"][0]["grades"] == GRADES
    seeds = [call.body["seed"] for call in model_server.calls if "strict editor" in call.said]
    assert len(set(seeds)) == len(seeds) == SAMPLES + 1


@pytest.mark.parametrize("answer", ["no JSON", "{}", json.dumps(GRADES | {"clarity": 6}), json.dumps([GRADES])])
def test_a_judge_that_does_not_follow_the_schema_is_a_clear_error(model_server: Any, answer: str) -> None:
    model_server.answer(saying(model_server, answer, when="strict editor"), times=9)

    with pytest.raises(CommandError, match=BAD_ANSWER):
        run("--limit", "1", "--judge", "gpt-4o")


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (["--judge", "gpt-4o"], NO_KEY),
        (["--rescore", "nowhere.json"], "nowhere.json"),
        (["--set", "test"], "invalid choice: 'test'"),
        (["--limit", "0"], NO_COUNT.format(text="0")),
        (["--out", "/nowhere/run.json"], "/nowhere/run.json"),
        (["--examples", "/nowhere/posts"], "/nowhere/posts"),
        (["--one-shot", "--how", "notes"], "not allowed with argument"),
    ],
)
def test_a_wrong_option_is_a_clear_error_before_any_call(embedded: Any, args: list[str], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        run("--limit", "1", *args)
    assert embedded.calls == []


def test_a_file_of_something_else_is_not_scored(embedded: Any, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"results": [{"id": 1}], "summary": {}}')
    with pytest.raises(CommandError, match=re.escape(NOT_A_RUN.format(path=tmp_path / "other.json"))):
        run("--rescore", str(tmp_path / "other.json"))
