"""Every note of different figures in the reports of evaluations, with the words that it rests on.

    python -m benchmarks.disagreements REPORT.json …

A report is what `byline eval … --out DIR` writes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

_NOTE = "The articles give different"


def notes(report: Path) -> Iterator[tuple[str, str]]:
    """Question and answer of each answer that begins with such a note."""
    for row in json.loads(report.read_text(encoding="utf-8"))["questions"]:
        answer = row["got"]["answer"] or ""
        if answer.startswith(_NOTE):
            yield row["got"]["asked"], answer


def main() -> None:
    """Print them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("reports", type=Path, nargs="+", metavar="REPORT.json")
    for report in parser.parse_args().reports:
        for question, answer in notes(report):
            print(f"{report}\n{question}\n{answer}\n")


if __name__ == "__main__":
    main()
