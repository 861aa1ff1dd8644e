"""`manage.py evaluate_writer`: how good the writer is, as numbers that anyone can reproduce."""

import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from generation.evaluation import judge, runs
from generation.evaluation.agreement import agreements
from generation.evaluation.briefs import SETS, EvaluationBrief, load
from generation.evaluation.examples import write_examples
from generation.evaluation.judge import NoKey
from generation.evaluation.kept import kept_by_source
from generation.evaluation.labels import READINGS, load_posts, load_readings
from generation.evaluation.outcome import Outcome
from generation.evaluation.separation import separations
from generation.evaluation.summary import mean, summarise
from generation.evaluation.targets import missed
from generation.failures import GenerationFailed
from generation.llm.embedded_process import ensure_model_server, peak_memory_mb
from generation.llm.embedded_server import LocalModelUnavailable
from generation.llm.providers import Provider, configured_provider
from generation.management.arguments import count
from generation.management.evaluation_tables import (
    agreement_table,
    kept_table,
    posts_table,
    separation_tables,
    summary_tables,
)
from generation.management.terminal import console
from generation.private_file import private

Results = list[dict[str, Any]]
TARGETS_MISSED = "Targets missed: {misses}"
HOWS = ("writer", "one-shot", *runs.CONTROLS)


class Command(BaseCommand):
    help = (
        "Writes a set of sample briefs, measures the posts and compares the averages with the targets; exits with 1 "
        "if a target is missed. Needs no database. Texts saved with --out can be scored again without calling a model. "
        "With --labels it shows instead which measures tell good posts from bad ones, by posts that readers labelled."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--set", choices=SETS, default="dev", help="Which briefs: dev (20), heldout (30) or robust (8)."
        )
        parser.add_argument("--limit", metavar="N", type=count, help="Only the first N of them.")
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--how",
            choices=HOWS,
            default="writer",
            help="Who writes: the writer; one prompt a post; or a control, the notes pasted or made sentences.",
        )
        how.add_argument("--one-shot", action="store_const", dest="how", const="one-shot", help="As --how one-shot.")
        parser.add_argument("--out", metavar="FILE.json", type=Path, help="Save texts and measures to this file.")
        parser.add_argument(
            "--rescore", metavar="FILE.json", type=Path, help="Score the texts of an earlier --out again."
        )
        parser.add_argument("--judge", metavar="MODEL", help="Grade the texts with this model; needs OPENAI_API_KEY.")
        parser.add_argument(
            "--examples", metavar="FOLDER", type=Path, help="Write three of the posts to this folder, as examples."
        )
        parser.add_argument("--labels", action="store_true", help="Show what the measures tell apart; writes nothing.")
        parser.add_argument("--json", action="store_true", help="Print the summary as a line of JSON, too.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = console(self.stdout)
        if options["labels"]:
            self.show_separations(as_json=options["json"])
        else:
            self.evaluate(**options)

    def show_separations(self, *, as_json: bool) -> None:
        posts = load_posts()
        try:
            first, second = (load_readings(posts)[name] for name in READINGS)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None
        agreement, kept, found = (
            agreements(posts, first, second),
            kept_by_source(posts, first),
            separations(posts, first),
        )
        for table in (agreement_table(agreement), kept_table(kept), *separation_tables(found)):
            self.console.print(table)
        if as_json:
            separation = {one.measure: one for one in found}
            self.print_json({"agreement": agreement, "kept": kept, "separation": separation})

    def evaluate(self, **options: Any) -> None:
        try:
            check_places(options["out"], options["examples"])
            judged_by = judge.provider(options["judge"]) if options["judge"] else None
            summary, results = self.rescored(options["rescore"]) if options["rescore"] else self.written(**options)
            if judged_by:
                summary["grades"] = self.grade(summary, results, judged_by)
        except (LocalModelUnavailable, NoKey, OSError, ValueError) as error:
            raise CommandError(str(error)) from None
        except GenerationFailed as failure:
            raise CommandError(failure.for_staff) from None
        if options["out"]:
            runs.save(options["out"], summary, results)
        if options["examples"]:
            self.show_examples(options["examples"], summary, results)
        for table in (posts_table(results), *summary_tables(summary)):
            self.console.print(table)
        if options["json"]:
            self.print_json(summary)
        if misses := missed(summary):
            raise CommandError(TARGETS_MISSED.format(misses=" ".join(misses)))

    def show_examples(self, folder: Path, summary: dict[str, Any], results: Results) -> None:
        try:
            write_examples(folder, load(summary["set"]), results, summary["model"])
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None

    def written(self, **options: Any) -> tuple[dict[str, Any], Results]:
        """Write the briefs, and save the results after each of them."""
        briefs, results = load(options["set"])[: options["limit"]], Results()
        how, load_before = options["how"], os.getloadavg()[0]
        with nullcontext() if how in runs.CONTROLS else ensure_model_server() as process:
            provider = None if how in runs.CONTROLS else configured_provider()
            for brief in self.progress(briefs, "Writing"):
                results.append(runs.result(brief, outcome(brief, provider, how)))
                summary = {
                    "set": options["set"],
                    "how": how,
                    "provider": provider.name if provider else "",
                    "model": provider.model if provider else "",
                    "prompt_version": next((r["prompt_version"] for r in results if r["prompt_version"]), ""),
                    **summarise(results),
                    "server_mb": peak_memory_mb(process.pid) if process else None,
                    "load": [round(load_before, 1), round(os.getloadavg()[0], 1)],
                }
                if options["out"]:
                    runs.save(options["out"], summary, results)
        return summary, results

    def rescored(self, path: Path) -> tuple[dict[str, Any], Results]:
        """Return an earlier run, scored again."""
        summary, results = runs.load(path)
        briefs = {brief.id: brief for brief in load(summary["set"])}
        results = [saved | runs.result(briefs[saved["id"]], runs.outcome_of(saved)) for saved in results]
        return summary | summarise(results), results

    def grade(self, summary: dict[str, Any], results: Results, judged_by: Provider) -> dict[str, Any]:
        """Grade the texts, and return the means of the grades."""
        briefs = {brief.id: brief for brief in load(summary["set"])}
        texts = [result for result in results if result["text"]]
        for result in self.progress(texts, "Grading"):
            result["grades"] = judge.grades(briefs[result["id"]], result["text"], judged_by)
        means = {name: mean(result["grades"][name] for result in texts) for name in judge.DIMENSIONS}
        own = [grade for result in texts for name, grade in result["grades"].items() if name.startswith("criterion_")]
        return {"judge": judged_by.model, **means, "own_criteria": mean(own)}

    def progress(self, items: list[Any], verb: str) -> Iterator[Any]:
        columns = (
            TextColumn(verb),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[now]}"),
        )
        with Progress(*columns, console=self.console, transient=True) as bar:
            task = bar.add_task(verb, total=len(items), now="")
            for item in items:
                bar.update(task, now=item.title if isinstance(item, EvaluationBrief) else item["title"])
                yield item
                bar.advance(task)

    def print_json(self, found: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(found, default=lambda one: one.as_json()))


def check_places(out: Path | None, examples: Path | None) -> None:
    """Raise an OSError now, and not after an hour, if a file or folder to write to cannot be used."""
    if out:
        open(out, "a", opener=private).close()
    if examples:
        next(examples.iterdir(), None)


def outcome(brief: EvaluationBrief, provider: Provider | None, how: str) -> Outcome:
    if provider is None:
        return runs.by_a_control(brief, how)
    return runs.run(brief, provider, runs.by_one_prompt if how == "one-shot" else runs.by_the_writer)
