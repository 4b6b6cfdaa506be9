"""The flags that commands which ask, find or compare have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rag.schema import KINDS
from rag.text.dates import DATE_FORMS


def add_question(command: Any) -> None:
    """A question, or a file of them, and where to look."""
    add = command.add_argument
    add("question", nargs="?", help="the question")
    add("--batch", type=Path, metavar="FILE", help="ask each of a file: .jsonl, .yaml or .csv")
    add("--as-typed", action="store_true", help="mend no spelling and add nothing from before")
    add("--json", action="store_true", help="print one JSON object a question")
    add_model(command)
    add_filters(command)


def add_filters(command: Any) -> None:
    """What may be looked at."""
    group = command.add_argument_group(
        "filters",
        f"Dates: {DATE_FORMS}. Articles without a date pass no limit of dates. "
        "Outlet, author, file and kind may be given several times.",
    )
    group.add_argument("--since", default="", metavar="DATE", help="published then or later")
    group.add_argument("--until", default="", metavar="DATE", help="published then or earlier")
    group.add_argument("--as-of", default="", metavar="DATE", help="answer as one could then")
    for flag, name, words in (
        ("--outlet", "NAME", "outlet, with or without “The”"),
        ("--author", "NAME", "one of the authors; the surname is enough"),
        ("--file", "PATH", "file, folder, or pattern such as '*.pdf'"),
        ("--kind", "KIND", f"{', '.join(KINDS[:-1])} or {KINDS[-1]}"),
    ):
        group.add_argument(flag, default=[], action="append", metavar=name, help=words)
    group.add_argument("--opinion", default="", metavar="yes|no", help="only opinion, or none")


def add_model(command: Any) -> None:
    """Who writes the answers."""
    command.add_argument(
        "--llm", help="extractive (default: the articles’ own words) or provider:model"
    )
