"""What a run has done so far, in a file: a run that was cut off goes on from there.

The first line says what the run depends on; a file of another run is not used. The rest is one
question a line.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.evaluation.fixed_questions import Question
from rag.evaluation.outcomes import Cited, Got, Outcome, Said, Shown

FILE = "unfinished.jsonl"


class Kept:
    """Holds the file open for appending. Use with `with`."""

    def __init__(self, folder: Path, key: str, questions: Sequence[Question]) -> None:
        """Read what `folder` holds of the run `key`; failed questions are to be asked again."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE
        by_id = {item.id: item for item in questions}
        lines = _lines(path)
        same = bool(lines) and lines[0] == {"key": key}
        read = [_outcome(line, by_id) for line in lines[1:]] if same else []
        self.done = {item.asked.id: item for item in read if not item.got.error}
        self._one_at_a_time = threading.Lock()
        new = path.with_suffix(".new")  # killed while this is written, the old one is still there
        self._file = new.open("w", encoding="utf-8")
        self._write({"key": key})
        for item in self.done.values():
            self.add(item)
        self._file.close()
        new.replace(path)
        self._file = path.open("a", encoding="utf-8")

    def __enter__(self) -> Kept:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file, and keep it."""
        self._file.close()

    def add(self, outcome: Outcome) -> None:
        """Append one, at once."""
        seconds = dict(outcome.seconds)
        self._write({"id": outcome.asked.id, "got": asdict(outcome.got), "seconds": seconds})

    def _write(self, value: Any) -> None:
        with self._one_at_a_time:
            self._file.write(json.dumps(value, ensure_ascii=False) + "\n")
            self._file.flush()


def _lines(path: Path) -> list[Any]:
    """The objects of the file; a line cut off in the middle, and what follows, is left out."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    found = []
    for line in text.splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return found


def _outcome(line: Any, by_id: dict[str, Question]) -> Outcome:
    return Outcome(by_id[line["id"]], read_got(line["got"]), line["seconds"])


def read_got(values: dict[str, Any]) -> Got:
    """A `Got` from what `asdict` and JSON made of it."""
    found = _tuples(values)
    found["hits"] = tuple(Shown(**item) for item in values["hits"])
    found["citations"] = tuple(Cited(**item) for item in values["citations"])
    found["sentences"] = tuple(Said(**_tuples(item)) for item in values["sentences"])
    return Got(**found)


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
    }
