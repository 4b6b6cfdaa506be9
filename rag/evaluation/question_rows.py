"""Files of questions, JSONL, YAML or CSV: each question's keys, with the line on which it starts.

For `byline eval` (`fixed_questions`) and for `--batch` (`rag.commands.batch`).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml

from rag.errors import FilterError, QuestionsError
from rag.retrieval.filters import as_filters
from rag.schema import Filters

Row = tuple[int, Any]  # 1-based number of the line a question starts on, and what it says
T = TypeVar("T")
_LISTED = 5  # bad lines named in one error
_BOOLEAN = {
    "true": True,
    "yes": True,
    "1": True,
    "false": False,
    "no": False,
    "0": False,
    "": False,
}


class Malformed(Exception):
    """What cannot be read in a file of questions, and why."""


def read_rows(file: Path, *, other: str = "", errors: str = "strict") -> list[Row]:
    """Read `file`; its ending decides how: .jsonl, .yaml or .yml, .csv.

    `other`: the ending that any other one is read as. `errors`: what becomes of bytes that are no
    UTF-8, as `str.decode` has it. A row that cannot be read is a text that says why.

    Raises:
        QuestionsError: the file cannot be read, or nothing in it from some place on.

    """
    try:
        text = file.read_text(encoding="utf-8-sig", errors=errors)
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"{file} cannot be read: {error}") from error
    read = _READERS.get(file.suffix.casefold()) or _READERS.get(other)
    if read is None:
        raise QuestionsError(f"{file}: end its name in {', '.join(_READERS)}.")
    try:
        return list(read(text))
    except Malformed as error:
        raise QuestionsError(f"{file}, {error}") from error


def checked(
    file: Path, rows: Iterable[Row], make: Callable[[Mapping[str, Any], str], T]
) -> list[T]:
    """What `make` gives for each row, called with its keys and "line N".

    Raises:
        QuestionsError: rows are malformed: each by its line, up to five of them.

    """
    made, problems = list[T](), list[str]()
    for number, values in rows:
        where = f"line {number}"
        try:
            if isinstance(values, str):
                raise Malformed(values)
            if not isinstance(values, Mapping):
                raise Malformed("not an object.")
            made.append(make(values, where))
        except (Malformed, FilterError) as error:
            problems.append(f"{where}: {error}")
    raise_all(file, problems)
    return made


def raise_all(file: Path, problems: Sequence[str]) -> None:
    """Raise a QuestionsError that names the first `problems`; nothing if there are none."""
    if problems:
        more = len(problems) - _LISTED
        shown = f"{file}, " + " ".join(problems[:_LISTED])
        raise QuestionsError(shown + (f" And {more} more." if more > 0 else ""))


def question_of(values: Mapping[str, Any]) -> str:
    """The question of a row. Raises Malformed."""
    text = values.get("question")
    if not isinstance(text, str) or not text.strip():
        raise Malformed("no question.")
    return text.strip()


def filters_of(value: Any) -> Filters:
    """As `filters.as_filters` takes them; one outlet, author, file or kind may be a text.

    Raises:
        Malformed, FilterError: no mapping, an unknown name or an impossible value.

    """
    if not isinstance(value, Mapping):
        raise Malformed("filters is not a mapping.")
    many = ("outlets", "authors", "files", "kinds")
    return as_filters({k: [v] if k in many and isinstance(v, str) else v for k, v in value.items()})


# --- the three formats


def _jsonl(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):  # U+2028 may stand in a line
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, f"not JSON ({error})."


def _yaml(text: str) -> Iterator[Row]:
    """A list of mappings."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None:
            return
        if not isinstance(root, yaml.SequenceNode):
            raise Malformed("line 1: not a list of questions.")
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "line 1"
        raise Malformed(f"{where}: not YAML ({getattr(error, 'problem', error)}).") from error
    except (ValueError, RecursionError) as error:  # the 31st of February, lists in lists in lists
        raise Malformed(f"line 1: not YAML that can be read ({error}).") from error
    for node, value in zip(root.value, values, strict=True):
        yield node.start_mark.line + 1, value


def _csv(text: str) -> Iterator[Row]:
    """A header, then a question a row. " | " sets things apart, in must_contain " / " alternatives.

    An empty cell says nothing.
    """
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = [name.strip() for name in next(rows, [])]
        line = rows.line_num
        for cells in rows:
            start, line = line + 1, rows.line_num
            if any(cell.strip() for cell in cells):
                yield start, _from_cells(names, cells)
    except csv.Error as error:
        raise Malformed(f"line {rows.line_num}: not CSV ({error}).") from error


def _from_cells(names: Sequence[str], cells: Sequence[str]) -> dict[str, Any] | str:
    if len(cells) > len(names):
        return f"has {len(cells)} cells, the header {len(names)}."
    found: dict[str, Any] = {}
    for name, cell in zip(names, cells, strict=False):
        if cell.strip():
            found[name] = _from_cell(name, cell.strip())
    return found


def _from_cell(name: str, cell: str) -> Any:
    pieces = [piece.strip() for piece in cell.split(" | ")]
    if name == "must_contain":
        return [[word.strip() for word in piece.split(" / ")] for piece in pieces]
    if name in ("answers", "must_not_contain", "sources", "evidence", "speaker", "history"):
        return pieces
    if name in ("must_abstain", "speaker_is_not_author"):
        return _BOOLEAN.get(cell.casefold(), cell)
    if name == "filters":
        return dict(re.split(r"\s*=\s*", piece, maxsplit=1) for piece in pieces if "=" in piece)
    return cell


_READERS = {
    ".jsonl": _jsonl, ".yaml": _yaml, ".yml": _yaml, ".csv": _csv,
}  # fmt: skip
