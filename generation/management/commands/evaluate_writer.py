"""`manage.py evaluate_writer`: how good the writer is, as numbers that anyone can reproduce."""

import os
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from generation.evaluation import judge, runs
from generation.evaluation.briefs import SETS, EvaluationBrief, load
from generation.evaluation.judge import NoKey
from generation.evaluation.summary import ROBUST_TARGETS, TARGETS, mean, missed, summarise
from generation.failures import GenerationFailed
from generation.llm.embedded_process import ensure_model_server, peak_memory_mb
from generation.llm.embedded_server import LocalModelUnavailable
from generation.llm.providers import Provider, configured_provider
from generation.management.arguments import count
from generation.management.terminal import console

Results = list[dict[str, Any]]
TARGETS_MISSED = "Targets missed: {misses}"
COLUMNS = ("brief", "kind", "sane", "notes", "points", "new numbers", "words", "length", "seconds", "failed")
TEXT_COLUMNS = ("brief", "kind", "failed")


class Command(BaseCommand):
    help = (
        "Writes a set of sample briefs, measures the posts and compares the averages with the targets; exits with 1 "
        "if a target is missed. Needs no database. Texts saved with --out can be scored again without calling a model."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--set", choices=SETS, default="dev", help="Which briefs: dev (20), heldout (30) or robust (8)."
        )
        parser.add_argument("--limit", metavar="N", type=count, help="Only the first N of them.")
        parser.add_argument("--one-shot", action="store_true", help="Write each post with one prompt: the baseline.")
        parser.add_argument("--out", metavar="FILE.json", type=Path, help="Save texts and measures to this file.")
        parser.add_argument(
            "--rescore", metavar="FILE.json", type=Path, help="Score the texts of an earlier --out again."
        )
        parser.add_argument("--judge", metavar="MODEL", help="Grade the texts with this model; needs OPENAI_API_KEY.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = console(self.stdout)
        try:
            if options["out"]:
                options["out"].open("a").close()  # better now than after an hour
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
        self.console.print(posts_table(results))
        self.console.print(summary_table(summary))
        if summary["how"] == "writer" and (misses := missed(summary)):
            raise CommandError(TARGETS_MISSED.format(misses=" ".join(misses)))

    def written(self, **options: Any) -> tuple[dict[str, Any], Results]:
        """Write the briefs, and save the results after each of them."""
        how = runs.by_one_prompt if options["one_shot"] else runs.by_the_writer
        briefs, results = load(options["set"])[: options["limit"]], Results()
        load_before = os.getloadavg()[0]
        with ensure_model_server() as process:
            provider = configured_provider()
            for brief in self.progress(briefs, "Writing"):
                results.append(runs.result(brief, runs.run(brief, provider, how)))
                summary = {
                    "set": options["set"],
                    "how": "one-shot" if options["one_shot"] else "writer",
                    "provider": provider.name,
                    "model": provider.model,
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


def posts_table(results: Results) -> Table:
    table = Table(title="Posts", title_justify="left")
    for name in COLUMNS:
        table.add_column(name, justify="left" if name in TEXT_COLUMNS else "right")
    for result in results:
        row = result["figures"]
        problem = result["failure"] or ", ".join(row["failed"])
        table.add_row(
            result["id"],
            result["kind"],
            "yes" if row["sane"] else "no",
            *(
                formatted(row[name])
                for name in ("notes_cover", "points_cover", "invented_numbers", "words", "length_score")
            ),
            formatted(result["seconds"]),
            problem if row["unharmed"] else f"{problem} (harmed)".strip(),
        )
    return table


def summary_table(summary: dict[str, Any]) -> Table:
    table = Table("measure", "value", "target", title="Summary", title_justify="left")
    targets = ROBUST_TARGETS if summary["set"] == "robust" else TARGETS
    for name, value in flat(summary):
        (_, sign), target = targets.get(name, ((None, ""), None))
        table.add_row(name, formatted(value), "" if target is None else f"{sign} {target:g}")
    return table


def flat(summary: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in summary.items():
        yield from value.items() if isinstance(value, dict) else [(name, value)]


def formatted(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "-" if value is None else str(value)
