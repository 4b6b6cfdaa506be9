"""What became of each file that was added: where its articles are, or why it has none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rag.articles.paths import upload, without_mark
from rag.indexing.uploads import safe_path, too_large
from rag.resources import Resources
from rag.schema import FailedFile, FileRecord, IngestReport
from rag.web.html.notices import Added

ARTICLES = 3  # of one file that are linked
LEFT_OUT = "left out: it belongs to a saved page, or is hidden"

Given = tuple[Path, str]  # a temporary file, and the path that its browser gave it


def given(files: Sequence[str], paths: Sequence[str]) -> list[Given]:
    """Return each file that is not hidden with a path of its own.

    Files of one name get numbers: they may be from two folders whose names the browser kept back.
    """
    named = paths if len(paths) == len(files) else [Path(file).name for file in files]
    return [
        (Path(file), path)
        for file, path in zip(files, _distinct(map(_visible, named)), strict=True)
        if path
    ]


def told(text: str | None) -> tuple[list[str], list[str]]:
    """Read what the page tells of an upload: the files' paths, and the names of those too large.

    Both are empty where it is nothing that our page sends.
    """
    try:
        said = json.loads(text or "{}")
        paths, large = said.get("paths", []), said.get("large", [])
    except (ValueError, RecursionError, AttributeError):
        return [], []
    return _texts(paths), _texts(large)


def _texts(items: Any) -> list[str]:
    is_list = isinstance(items, list) and all(isinstance(item, str) for item in items)
    return [item[-1000:] for item in items] if is_list else []


def _visible(path: str) -> str:
    """The path as it is kept; empty for a hidden file, or one in a hidden folder."""
    parts = path.replace("\\", "/").split("/")
    return "" if any(part.startswith(".") for part in parts) else safe_path(path)


def _distinct(paths: Iterator[str]) -> Iterator[str]:
    taken = set[str]()
    for path in paths:
        known, number = Path(path), 2
        while path and path in taken:
            path, number = str(known.with_name(f"{known.stem}-{number}{known.suffix}")), number + 1
        taken.add(path)
        yield path


def lines(
    paths: Sequence[str], large: Sequence[str], report: IngestReport, resources: Resources
) -> list[Added]:
    """Return a line for each file, what failed first: what it holds, or why it was not added."""
    failed = _by_file(report.failed)
    records = resources.index.records([upload(path) for path in paths])
    found = [
        _line(path, failed.pop(path, None), records.get(upload(path)), resources) for path in paths
    ]
    refused = [Added(Path(name).name, too_large(resources.settings)) for name in large]
    # What is left are rows and members of files that were added but for these.
    told = [*found, *refused, *(Added(name, reason) for name, reason in failed.items())]
    return sorted(told, key=lambda line: line.reason is None)  # what failed first


def _line(path: str, reason: str | None, record: FileRecord | None, resources: Resources) -> Added:
    if record is None:
        return Added(path, reason or LEFT_OUT, upload(path) if reason else "")
    first = record.articles[:ARTICLES]
    held = resources.index.articles(first)
    links = tuple((id_, held[id_].title or "") for id_ in first if id_ in held)
    return Added(path, None, "", links, len(record.articles) - len(links))


def partly(report: IngestReport) -> list[tuple[str, str]]:
    """The files that were read in part, and what of each is missing."""
    return [(without_mark(item.file), item.reason) for item in report.partly]


def _by_file(failed: Sequence[FailedFile]) -> dict[str, str]:
    reasons: dict[str, str] = {}
    for item in failed:
        reasons.setdefault(without_mark(item.file), item.reason)
    return reasons
