"""Exports of programs, told by their fields; which field is what stands in `exports.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rag.text.words import letters

_TABLE = Path(__file__).with_name("exports.toml")
_STEP = re.compile(r"(?P<name>[^\[\]]+)(?:\[(?P<key>\w+)=(?P<value>\w+)\])?")
_DEEPEST = 12  # lists in lists
_LOOKED_AT = 50  # items of a list by which a program is told

_OWN = ("name", "only", "excerpts", "posts", "inverted")

Path_ = str  # names parted by dots, see exports.toml


@dataclass(frozen=True, slots=True)
class Program:
    """What one program calls the fields of its records.

    `uses`: paths by what their values are for. `only`: values of fields that a record must have.
    """

    name: str
    fields: tuple[Path_, ...]
    items: tuple[Path_, ...] = ()
    root: tuple[Path_, ...] = ()
    only: Mapping[str, str] = field(default_factory=dict)
    uses: Mapping[str, tuple[Path_, ...]] = field(default_factory=dict)
    excerpts: bool = False  # it holds less than the article
    posts: bool = False  # they have no headlines
    inverted: bool = False  # "Doe, Jane; Roe, John"

    def wrote(self, values: Any, root: Any = None) -> bool:
        """Whether a record has the program's fields."""
        return all(has(values, path) for path in self.fields) and all(
            has(root, path) for path in self.root
        )

    def takes(self, values: Any) -> bool:
        """Whether it is one of the records that are articles: no note of a service, no draft."""
        return all(
            next(map(str, picked(values, path)), "") in allowed.split("|")
            for path, allowed in self.only.items()
        )


@dataclass(frozen=True, slots=True)
class Recording:
    """Where the cues of a recording's transcript lie; `unit` of its times make a second."""

    name: str
    cues: Path_
    fields: tuple[Path_, ...]
    text: Path_
    start: Path_
    unit: int
    speaker: Path_ = ""


@cache
def names() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """By language, and by what they are for: the usual names of fields, the first first."""
    return {
        language: {use: tuple(map(letters, text.split())) for use, text in table.items()}
        for language, table in _tables()["names"].items()
    }


@cache
def programs() -> tuple[Program, ...]:
    """All programs, in the order in which they are tried."""
    return tuple(map(_program, _tables()["program"]))


@cache
def recordings() -> tuple[Recording, ...]:
    """All forms of transcripts, in the order in which they are tried."""
    return tuple(
        Recording(**{**table, "fields": tuple(table["fields"])}) for table in _tables()["recording"]
    )


def _tables() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


def _program(table: dict[str, Any]) -> Program:
    own: dict[str, Any] = {key: table.pop(key) for key in _OWN if key in table}
    own |= {key: tuple(table.pop(key, ())) for key in ("fields", "items", "root")}
    uses = {use: tuple(paths) for use, paths in table.items()}
    if not own.get("posts"):
        uses.setdefault("title", ("title",))
    return Program(**own, uses=uses)


# --- which program


def program_of(values: Mapping[str, Any], root: Any = None) -> Program | None:
    """The program that wrote a record, as far as its fields tell."""
    return next((each for each in programs() if each.wrote(values, root)), None)


def listed(root: Any) -> tuple[Program, list[Any]] | None:
    """The list of a program's records in a file, and the program."""
    for program in programs():
        for path in program.items:
            found = [item for each in _values(root, path) for item in _flat(each)]
            if any(program.wrote(item, root) for item in found[:_LOOKED_AT]):
                return program, found
    return None


def transcript(root: Any) -> tuple[Recording, list[Any]] | None:
    """The cues of a recording, if that is what the file holds."""
    for recording in recordings():
        found = [item for each in _values(root, recording.cues) for item in _flat(each)]
        cues = [item for item in found if all(has(item, path) for path in recording.fields)]
        if len(cues) * 2 > len(found):
            return recording, cues
    return None


# --- values by paths


def has(values: Any, path: Path_) -> bool:
    """Whether a record has a field, empty or not; "a|b" is either."""
    return any(_has(values, each.split(".")) for each in path.split("|"))


def _has(values: Any, steps: Sequence[str]) -> bool:
    if isinstance(values, list):
        return any(_has(item, steps) for item in values[:_LOOKED_AT])
    if not isinstance(values, Mapping):
        return False
    key = _key(values, steps[0])
    return key is not None and (len(steps) == 1 or _has(values[key], steps[1:]))


def picked(values: Any, path: Path_, root: Any = None) -> list[Any]:
    """Every value at a path that is not empty; lists at its end are opened."""
    found = [item for each in _values(values, path, root) for item in _flat(each)]
    return [item for item in found if item not in (None, "", {})]


def raw(values: Any, path: Path_, root: Any = None) -> list[Any]:
    """Every value at a path that is not empty, lists as they are."""
    return [item for item in _values(values, path, root) if item not in (None, "", [], {})]


def _values(values: Any, path: Path_, root: Any = None) -> Iterator[Any]:
    for each in path.split("|"):
        steps = each.split(".")
        if steps[0] == "$":
            yield from _walk(values if root is None else root, steps[1:], values)
        else:
            yield from _walk(values, steps, values)


def _walk(values: Any, steps: Sequence[str], record: Any, depth: int = 0) -> Iterator[Any]:
    if not steps:
        yield values
    elif isinstance(values, list) and depth < _DEEPEST:
        for item in values:
            yield from _walk(item, steps, record, depth + 1)
    elif isinstance(values, Mapping) and (step := _STEP.fullmatch(steps[0])):
        key = _key(values, step["name"])
        if key is None:
            return
        inner = values[key]
        if step["key"]:
            inner = [item for item in _flat(inner) if _fits(item, step, record)]
        yield from _walk(inner, steps[1:], record, depth)


def _fits(item: Any, step: re.Match[str], record: Any) -> bool:
    """Whether an item's key is the record's field of that name, or the word itself."""
    if not isinstance(item, Mapping):
        return False
    wanted = record.get(step["value"], step["value"]) if isinstance(record, Mapping) else None
    return item.get(step["key"]) == wanted


def _key(values: Mapping[str, Any], name: str) -> str | None:
    if name in values:
        return name
    wanted = bare(name)
    return next((key for key in values if isinstance(key, str) and bare(key) == wanted), None)


@lru_cache(maxsize=4096)
def bare(name: str) -> str:
    """A field's name without case and separators."""
    return letters(name)


def _flat(value: Any, depth: int = 0) -> Iterator[Any]:
    if isinstance(value, list) and depth < _DEEPEST:
        for item in value:
            yield from _flat(item, depth + 1)
    else:
        yield value
