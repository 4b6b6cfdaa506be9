"""What several commands print: JSON, CSV, and how far they are."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from typing import Any

from rag.indexing.pace import time_left
from rag.schema import Progress, Step

_MORE_LINE_ENDS = re.compile("[\x85\u2028\u2029]")  # some programs end a line there too


def print_json(value: Any) -> None:
    """One line; whatever the console cannot show is escaped as JSON has it."""
    is_utf8 = (sys.stdout.encoding or "").replace("-", "").casefold() == "utf8"
    line = json.dumps(value, ensure_ascii=not is_utf8)
    print(_MORE_LINE_ENDS.sub(lambda found: json.dumps(found[0])[1:-1], line), flush=True)


def print_csv(text: str) -> None:
    """Line ends as they are: on Windows text would get another carriage return."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def print_result(result: str | dict[str, Any]) -> None:
    """A text as it is, anything else as JSON."""
    print(result if isinstance(result, str) else json.dumps(result, ensure_ascii=False))


def progress(silent: bool) -> Progress | None:
    """Return what shows how far an ingest is; None where nobody looks."""
    if silent or not sys.stderr.isatty():
        return None

    def show(step: Step) -> None:
        end = "\n" if step.done == step.total else ""
        known = (time_left(step.left), f"{step.failed} failed" if step.failed else "")
        said = " · ".join(filter(None, (f"{step.done}/{step.total} files", *known)))
        path = "" if end else f" · {step.path[:40]}"
        print(f"\r\033[K{said}{path}", end=end, file=sys.stderr, flush=True)

    return show


def counting(verb: str, silent: bool) -> Callable[[int, int], None] | None:
    """A line on the screen that counts; None where nobody looks."""
    if silent or not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r\033[K{verb} {done}/{total}", end=end, file=sys.stderr, flush=True)

    return show
