"""What `byline eval` does: run, compare, gate; write a first file of questions; sweep settings."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.errors import QuestionsError, SettingsError
from rag.evaluation import sweeping, table
from rag.evaluation.changes import Changes, changes
from rag.evaluation.drafting import as_jsonl, drafts
from rag.evaluation.eval_flags import JOBS
from rag.evaluation.fixed_questions import Question, load_questions
from rag.evaluation.gate import Gate, breaches, load_gate
from rag.evaluation.judging import judge_with
from rag.evaluation.outcomes import Outcome
from rag.evaluation.report import Report, as_json, load_report, report, scores
from rag.evaluation.report_html import as_html
from rag.evaluation.running import Way, forget, made_with, questions_key, run
from rag.models.llm import open_model
from rag.pipeline import ingest
from rag.resources import Resources, open_resources
from rag.retrieval.filters import relative
from rag.schema import Filters
from rag.settings import Settings

BELOW = 1  # exit code where a floor or a gate does not hold
INIT, SWEEP = "init", "sweep"
_DRAFTED_FROM = 60  # articles

Progress = Callable[[int, int, Outcome], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What to print, what went wrong, and the exit code."""

    text: str
    problems: tuple[str, ...] = ()
    code: int = 0


def evaluate(
    options: argparse.Namespace, settings: Settings, filters: Filters, progress: Progress | None
) -> Result:
    """Do what the words after `byline eval` say. Raises BylineError for a user's mistake."""
    first, *rest = options.questions
    if first == INIT and not rest:
        return _init(options, settings)
    if first == SWEEP and len(rest) == 1:
        return _sweep(options, Path(rest[0]), settings, filters)
    if rest:
        raise SettingsError(f"byline eval takes one file, {INIT}, or {SWEEP} and one file.")
    return _evaluate(options, Path(first), settings, filters, progress)


def _evaluate(
    options: argparse.Namespace,
    file: Path,
    settings: Settings,
    filters: Filters,
    progress: Progress | None,
) -> Result:
    questions, gate, price = load_questions(file), _gate(options), _price(options)
    baseline = _baseline(options, gate)
    with _resources(options, settings) as resources:
        way = _way(options, settings, filters, resources)
        outcomes = run(questions, resources, way, progress)
        full = _report(questions, outcomes, resources, options, price)
    compared = None if baseline is None else changes(baseline, full, options.seed)
    broken = breaches(gate, full, baseline) if gate else []
    _write(options, full, compared, broken)
    broken += _below(options, full)
    shown = as_json(full).rstrip() if options.json else _text(full, compared)
    return Result(shown, tuple(broken), BELOW if broken else 0)


def _report(
    questions: Sequence[Question],
    outcomes: Sequence[Outcome],
    resources: Resources,
    options: argparse.Namespace,
    price: tuple[float, float] | None,
) -> Report:
    about = {"questions": questions_key(questions), **made_with(resources)}
    return report(outcomes, about, seed=options.seed, price=price)


def _text(full: Report, compared: Changes | None) -> str:
    return table.text(full) + (f"\n\n{table.changed(compared)}" if compared else "")


def _below(options: argparse.Namespace, full: Report) -> list[str]:
    right = full["summary"]["figures"]["right"]["value"] or 0.0
    if options.floor is None or right >= options.floor:
        return []
    return [f"{right:.2f} are right, the floor is {options.floor:.2f}"]


def _way(
    options: argparse.Namespace, settings: Settings, filters: Filters, resources: Resources
) -> Way:
    jobs = options.jobs or (JOBS if resources.model else 1)
    if jobs < 1:
        raise SettingsError(f"--jobs {jobs}: at least 1 is needed.")
    model = open_model(replace(settings, llm=options.judge)) if options.judge else None
    return Way(
        filters=relative(filters, resources.index.folder_of_articles),
        jobs=jobs,
        keep=options.out,
        judge=judge_with(model) if model else None,
        judged_by=options.judge or "",
    )


def _gate(options: argparse.Namespace) -> Gate | None:
    return None if options.gate is None else load_gate(options.gate)


def _baseline(options: argparse.Namespace, gate: Gate | None) -> Report | None:
    """The report to compare with: read before the run, so that a wrong name costs no run."""
    file = options.compare or (gate.baseline if gate else None)
    return None if file is None else load_report(file)


def _price(options: argparse.Namespace) -> tuple[float, float] | None:
    if options.price is None:
        return None
    try:
        read, written = map(float, options.price.split(","))
    except ValueError as error:
        raise SettingsError(f"--price {options.price}: write two numbers, as 0.15,0.6.") from error
    return read, written


def _write(
    options: argparse.Namespace, full: Report, compared: Changes | None, broken: Sequence[str]
) -> None:
    """Write the files; then what a cut-off run would go on from is not needed any more."""
    if options.scores:
        _put(options.scores, as_json(scores(full)))
    if options.out is None:
        return
    _put(options.out / "report.json", as_json(full))
    _put(options.out / "scores.json", as_json(scores(full)))
    _put(options.out / "report.html", as_html(full, compared, broken))
    forget(options.out)


def _put(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror}.") from error


@contextmanager
def _resources(options: argparse.Namespace, settings: Settings) -> Iterator[Resources]:
    """The index of the settings, or with --articles one made for this run alone."""
    if options.articles is None:
        with open_resources(settings) as resources:
            yield resources
        return
    if not options.articles.is_dir():
        raise SettingsError(f"--articles {options.articles} is not a folder.")
    with tempfile.TemporaryDirectory(prefix="byline-eval-") as folder:
        fresh = settings if options.index else replace(settings, index=Path(folder))
        with open_resources(fresh, create=True) as resources:
            ingest(options.articles, resources)
            yield resources


# --- init


def _init(options: argparse.Namespace, settings: Settings) -> Result:
    """Write candidate questions from the indexed articles; never over a file that is there."""
    file = options.out or Path("questions.jsonl")
    if file.suffix != ".jsonl":
        raise SettingsError(f"--out {file}: end its name in .jsonl.")
    if file.exists():
        raise QuestionsError(f"{file} is there already: give another --out.")
    with _resources(options, settings) as resources:
        spread = resources.index.catalogue().every().throughout(_DRAFTED_FROM)
        articles = resources.index.articles([item.id for item in spread])
    found = drafts(sorted(articles.values(), key=lambda item: item.path), options.count)
    if not found:
        raise QuestionsError("The articles give no candidate question: write the file by hand.")
    _put(file, as_jsonl(found))
    return Result(
        f"{file}: {len(found)} candidate questions. Edit them: each is easy, and made by a rule. "
        f"Then: byline eval {file} --articles FOLDER"
    )


# --- sweep


def _sweep(options: argparse.Namespace, file: Path, settings: Settings, filters: Filters) -> Result:
    questions, combinations = load_questions(file), sweeping.grid(options.set)
    varied = [name for name in combinations[0] if name in sweeping.OF_THE_INDEX]
    if varied and options.articles is None:
        raise SettingsError(f"{varied[0]} is of the index: sweep it with --articles FOLDER.")
    with tempfile.TemporaryDirectory(prefix="byline-sweep-") as work:

        def ask(values: Mapping[str, str]) -> Report:
            own = sweeping.with_values(settings, values)
            if options.articles is not None:
                own = replace(own, index=sweeping.index_of(own, Path(work)))
            with open_resources(own, create=options.articles is not None) as resources:
                if options.articles is not None:
                    ingest(options.articles, resources)
                way = replace(_way(options, own, filters, resources), keep=None)
                outcomes = run(questions, resources, way)
                return _report(questions, outcomes, resources, options, None)

        found = list(sweeping.sweep(combinations, ask))
    return _swept(options, found)


def _swept(options: argparse.Namespace, found: Sequence[Mapping[str, Any]]) -> Result:
    text = json.dumps(found, ensure_ascii=False, indent=1)
    if options.out is not None:
        _put(options.out / "sweep.json", f"{text}\n")
    return Result(text if options.json else table.aligned(sweeping.rows(found)))
