"""`byline eval` over the benchmark sets, and whether the figures reach what they must.

    python -m benchmarks.evaluation.run sample
    python -m benchmarks.evaluation.run news2025 --shared ../shared

Writes the whole report to the work folder, and its scores, without any words of articles, and its
table to `results/`. A run that was cut off goes on from what is done; so does an index.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.evaluation.sets import GATES, OURS, SETS, Part
from rag.evaluation.gate import breaches, load_gate
from rag.evaluation.outcomes import Outcome
from rag.evaluation.report import Report, as_json, load_report, report, scores
from rag.evaluation.report_html import as_html
from rag.evaluation.running import Way, forget, made_with, questions_key, run
from rag.evaluation.table import overview, text

_RESULTS = Path(__file__).parent / "results"
_EVERY = 20  # questions between two lines on stderr


def main() -> int:
    """Run one set; 1 if its gate is shut."""
    given = _arguments()
    part = Part(given.articles, given.questions)
    out = given.work / "evaluation" / (given.set if part.whole else f"{given.set}-trial")
    opened: Any = SETS[given.set](given.shared, given.work, part)
    with opened as (resources, questions):
        way = Way(keep=out)
        outcomes = run(questions, resources, way, _progress)
        about = {"questions": questions_key(questions), **made_with(resources)}
    full = report(outcomes, about)
    gate = load_gate(GATES[given.set])
    baseline = load_report(gate.baseline) if gate.baseline else None
    shut = breaches(gate, full, baseline) if part.whole else []
    _write(out, full, shut)
    if part.whole:
        _publish(given.set, full)
    print(text(full))
    print("\n".join(shut) if shut else "The gate is open." if part.whole else "A trial: no gate.")
    return int(bool(shut))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("set", choices=SETS)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="the data folder")
    parser.add_argument("--work", type=Path, default=Path(".byline/benchmarks"), help="indexes")
    parser.add_argument("--articles", type=int, help="a trial: keep so many, the gold ones too")
    parser.add_argument("--questions", type=int, help="a trial: the first so many")
    return parser.parse_args()


def _progress(done: int, total: int, _: Outcome) -> None:
    if done % _EVERY == 0 or done == total:
        print(f"{time.strftime('%H:%M:%S')} {done} of {total}", file=sys.stderr, flush=True)


def _write(out: Path, full: Report, shut: list[str]) -> None:
    (out / "report.json").write_text(as_json(full), encoding="utf-8")
    (out / "report.html").write_text(as_html(full, None, shut), encoding="utf-8")
    forget(out)


def _publish(name: str, full: Report) -> None:
    """Scores and table; of questions that are not ours the id alone."""
    kept = scores(full)
    if name not in OURS:
        for row in kept["questions"]:
            row["question"] = row["id"]
    _RESULTS.mkdir(exist_ok=True)
    (_RESULTS / f"{name}.json").write_text(as_json(kept), encoding="utf-8")
    (_RESULTS / f"{name}.txt").write_text(overview(full) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
