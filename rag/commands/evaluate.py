"""byline eval."""

from __future__ import annotations

import argparse
import sys

from rag.commands.questions import filters_of
from rag.evaluation import command
from rag.evaluation.outcomes import Outcome
from rag.settings import Settings


def evaluate(options: argparse.Namespace, settings: Settings) -> int:
    """Ask fixed questions, and print what came of them."""
    progress = _asking if sys.stderr.isatty() else None
    result = command.evaluate(options, settings, filters_of(options), progress)
    print(result.text)
    for problem in result.problems:
        print(f"byline: {problem}", file=sys.stderr)
    return result.code


def _asking(done: int, total: int, outcome: Outcome) -> None:
    end = "\n" if done == total else ""
    line = f"asked {done}/{total} {outcome.asked.question[:60]}"
    print(f"\r\033[K{line}", end=end, file=sys.stderr, flush=True)
