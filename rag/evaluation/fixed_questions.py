"""A file of fixed questions -> `Question`s: JSONL, YAML or CSV. A bad line is named by its number.

docs/evaluation.md lists the keys.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from rag.errors import FilterError, QuestionsError
from rag.retrieval.filters import as_filters
from rag.schema import Filters

Row = tuple[int, Any]  # 1-based number of the line a question starts on, and what it says
_LISTED = 5  # bad lines named in one error
_FREE = {"note"}  # for the writer of the file; not read
_BOOLEAN = {
    "true": True,
    "yes": True,
    "1": True,
    "false": False,
    "no": False,
    "0": False,
    "": False,
}


@dataclass(frozen=True, slots=True)
class Question:
    """One fixed question, and what its answer must be like. Empty: not looked at.

    `must_contain`: of each inner list one alternative must be in the answer; `need`: of so many of
    the lists, 0: of all. `sources`: files of
    which one must be cited among the first two. `evidence`: verbatim words of the sources.
    `speaker`: who says the cited words, one of these; "author": the article itself. `follows`: the
    id of the question of the same conversation that was asked before.
    """

    id: str
    question: str
    type: str = "question"
    answers: tuple[str, ...] = ()  # alternatives; how the answer could be worded
    must_contain: tuple[tuple[str, ...], ...] = ()
    need: int = 0
    must_not_contain: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    speaker_is_not_author: bool = False
    must_abstain: bool = False
    follows: str = ""
    filters: Filters = Filters()

    @property
    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """What an answer must hold: `must_contain`, else one of `answers`."""
        return self.must_contain or ((self.answers,) if self.answers else ())


_KEYS = {item.name for item in fields(Question)} | {"answer"} | _FREE


def load_questions(file: Path) -> list[Question]:
    """Read `file`; its ending decides how: .jsonl, .yaml or .yml, .csv.

    Raises:
        QuestionsError: the file cannot be read, or lines are bad: each by its number and reason.

    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"{file} cannot be read: {error}") from error
    read = _READERS.get(file.suffix.casefold())
    if read is None:
        raise QuestionsError(f"{file}: end its name in {', '.join(_READERS)}.")
    try:
        found = [_checked(values, number) for number, values in read(text)]
    except _Malformed as error:  # nothing behind it can be read
        raise QuestionsError(f"{file}, {error}") from error
    questions = [item for item in found if isinstance(item, Question)]
    _raise(file, [item for item in found if isinstance(item, str)])
    if not questions:
        raise QuestionsError(f"{file} holds no question. `byline eval init` writes some to edit.")
    _raise(file, list(_misplaced(questions)))
    return questions


class _Malformed(Exception):
    """A place in the file, and why nothing there can be read."""


def _raise(file: Path, problems: Sequence[str]) -> None:
    if problems:
        more = len(problems) - _LISTED
        shown = f"{file}, " + " ".join(problems[:_LISTED])
        raise QuestionsError(shown + (f" And {more} more." if more > 0 else ""))


def _misplaced(questions: Sequence[Question]) -> Iterator[str]:
    """Ids that occur twice, and follow-ups without a question before them."""
    seen: set[str] = set()
    for item in questions:
        if item.id in seen:
            yield f"question {item.id}: the id is there twice."
        if item.follows and item.follows not in seen:
            yield f"question {item.id}: follows {item.follows!r}, which does not stand before it."
        seen.add(item.id)


# --- the three formats


def _jsonl(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                yield number, f"not JSON ({error})."


def _yaml(text: str) -> Iterator[Row]:
    """A list of mappings."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None:
            return
        if not isinstance(root, yaml.SequenceNode):
            raise _Malformed("line 1: not a list of questions.")
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "line 1"
        raise _Malformed(f"{where}: not YAML ({getattr(error, 'problem', error)}).") from error
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
        raise _Malformed(f"line {rows.line_num}: not CSV ({error}).") from error


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
    if name in ("answers", "must_not_contain", "sources", "evidence", "speaker"):
        return pieces
    if name in ("must_abstain", "speaker_is_not_author"):
        return _BOOLEAN.get(cell.casefold(), cell)
    if name == "filters":
        return dict(re.split(r"\s*=\s*", piece, maxsplit=1) for piece in pieces if "=" in piece)
    return cell


_READERS = {
    ".jsonl": _jsonl, ".yaml": _yaml, ".yml": _yaml, ".csv": _csv,
}  # fmt: skip


# --- one question


def _checked(values: Any, number: int) -> Question | str:
    """The question, or what is wrong with it."""
    where = f"line {number}"
    if isinstance(values, str):
        return f"{where}: {values}"
    if not isinstance(values, Mapping):
        return f"{where}: not an object."
    try:
        return _question(values, where)
    except (_Malformed, FilterError) as error:
        return f"{where}: {error}"


def _question(values: Mapping[str, Any], where: str) -> Question:
    _known(values)
    text = values.get("question")
    if not isinstance(text, str) or not text.strip():
        raise _Malformed("no question.")
    found = Question(
        id=str(values.get("id") or where),
        question=text.strip(),
        type=str(values.get("type") or "question"),
        answers=_texts(values, "answers") or _texts(values, "answer"),
        must_contain=_alternatives(values),
        need=_need(values),
        must_not_contain=_texts(values, "must_not_contain"),
        sources=_texts(values, "sources"),
        evidence=_texts(values, "evidence"),
        speaker=_texts(values, "speaker"),
        speaker_is_not_author=_flag(values, "speaker_is_not_author"),
        must_abstain=_flag(values, "must_abstain"),
        follows=str(values.get("follows") or ""),
        filters=_filters(values.get("filters") or {}),
    )
    if not (found.must_abstain or found.wanted or found.sources):
        raise _Malformed("needs must_contain, answers or sources, or must_abstain.")
    if found.must_abstain and (found.wanted or found.sources):
        raise _Malformed("must_abstain, yet it names an answer or sources: keep one.")
    return found


def _known(values: Mapping[str, Any]) -> None:
    for key in values:
        if key not in _KEYS:
            near = get_close_matches(str(key), _KEYS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(_KEYS))}."
            raise _Malformed(f"unknown key {key!r}; {hint}")


def _filters(value: Any) -> Filters:
    """As `filters.as_filters` takes them; one outlet, author, file or kind may be a text."""
    if not isinstance(value, Mapping):
        raise _Malformed("filters is not a mapping.")
    many = ("outlets", "authors", "files", "kinds")
    return as_filters({k: [v] if k in many and isinstance(v, str) else v for k, v in value.items()})


def _texts(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = values.get(key)
    if value is None:
        return ()
    found = [value] if isinstance(value, str | int | float) else value
    if not isinstance(found, list) or not all(isinstance(i, str | int | float) for i in found):
        raise _Malformed(f"{key} is not a list of texts.")
    return tuple(str(item) for item in found if str(item).strip())


def _alternatives(values: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """A list of lists; a plain text stands for a list of one."""
    value = values.get("must_contain")
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _Malformed("must_contain is not a list.")
    listed = [item if isinstance(item, list) else [item] for item in value]
    if not all(group and all(isinstance(w, str | int | float) for w in group) for group in listed):
        raise _Malformed("must_contain is not a list of texts, or of lists of texts.")
    return tuple(tuple(str(word) for word in group) for group in listed)


def _need(values: Mapping[str, Any]) -> int:
    """At most as many as `must_contain` has lists; 0 where it is not said."""
    value, most = values.get("need"), len(_alternatives(values))
    if value is None:
        return 0
    if isinstance(value, str) and value.isdecimal():  # from CSV
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise _Malformed(f"need is {value!r}; write how many of must_contain must be there.")
    return value


def _flag(values: Mapping[str, Any], key: str) -> bool:
    value = values.get(key, False)
    if not isinstance(value, bool):
        raise _Malformed(f"{key} is {value!r}; write true or false.")
    return value
