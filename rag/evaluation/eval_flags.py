"""The flags of `byline eval`, apart from what it does: `byline --help` must be quick."""

from __future__ import annotations

import argparse
from pathlib import Path

JOBS = 4  # conversations at a time where a language model answers, and most time is waiting
DRAFTS = 20  # questions that `byline eval init` writes

EXAMPLES = """\
byline eval init --articles articles/ --out questions.jsonl    # candidates, to edit
byline eval questions.jsonl --articles articles/ --out report/
byline eval questions.jsonl --index .byline --compare report-old/report.json
byline eval questions.jsonl --articles articles/ --gate gate.toml
byline eval sweep questions.jsonl --articles articles/ --set threshold=0.1,0.2,0.3"""


def add_flags(command: argparse.ArgumentParser) -> None:
    """The flags of `byline eval` but those of filters, models and the index."""
    command.add_argument(
        "questions", nargs="+", metavar="FILE", help=".jsonl, .yaml or .csv; or: init; sweep FILE"
    )
    add = command.add_argument
    add("--articles", type=Path, metavar="FOLDER", help="ingest this folder into a fresh index")
    add("--out", type=Path, metavar="DIR", help="folder for report.html, .json, scores.json")
    add("--json", action="store_true", help="print the report as JSON")
    add("--floor", type=float, metavar="SHARE", help="exit 1 if fewer (0..1) are right")
    add("--compare", type=Path, metavar="FILE", help="an earlier report.json or scores.json")
    add("--gate", type=Path, metavar="FILE", help="floors and allowed drops (TOML); exit 1 below")
    add("--scores", type=Path, metavar="FILE", help="also write the scores here, for a gate")
    add("--judge", metavar="LLM", help="provider:model that judges each answer as well")
    add("--price", metavar="IN,OUT", help="of a million tokens read and written")
    add("--jobs", type=int, metavar="N", help=f"questions at a time (1; {JOBS} with --llm)")
    add("--seed", type=int, default=0, metavar="N", help="of the intervals and tests (default 0)")
    add("--set", action="append", default=[], metavar="SETTING=A,B", help="sweep: its values")
    add("--count", type=int, default=DRAFTS, metavar="N", help="init: how many candidates")
