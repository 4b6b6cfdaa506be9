"""What is in the index, article by article, and how it stands with its files.

A file that was added on the page is deleted when it is removed. A file of the user's own folder
never is: it is left out, at this and every later ingest, until it is taken back.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from rag.articles import paths
from rag.articles.paths import UPLOADS, is_upload
from rag.errors import ArticleError
from rag.indexing.file_states import Shelf, load
from rag.indexing.folder import ingest_files
from rag.resources import Resources
from rag.schema import FileRecord, IngestReport, Progress

State = Literal["", "part", "changed", "gone"]

MONTHS = 120  # more months than that are shown as years


@dataclass(frozen=True, slots=True)
class Source:
    """One article of the list. `files` hold it; `copies` counts near-copies and further files.

    `state`: its file was read in part (`missing` says what is missing), has changed since it was
    read, or has gone. `added`: its file was added on the page.
    """

    id: str
    path: str
    title: str | None
    author: str | None
    outlet: str | None
    published: date | None
    kind: str
    passages: int
    copies: int
    files: tuple[str, ...]
    state: State
    added: bool
    missing: str = ""

    @property
    def name(self) -> str:
        """Its headline, else its file."""
        return self.title or self.path


@dataclass(frozen=True, slots=True)
class Bar:
    """One month, or one year, of the coverage: `label` "March 2024" and how many articles."""

    label: str
    start: date
    articles: int


def listed(resources: Resources) -> list[Source]:
    """Every article with the state of its file, oldest first, those without a date last."""
    index = resources.index
    summaries, records = index.summaries(), index.files()
    holding: dict[str, list[str]] = {}
    for record in records.values():
        for article in record.articles:
            holding.setdefault(article, []).append(record.path)
    origins = index.origins(item.id for item in summaries)
    alike = Counter(origins.values())
    root, added = index.folder_of_articles, resources.settings.index / UPLOADS
    states = {
        path: _state(record, paths.file_of(path, root, added)) for path, record in records.items()
    }
    partly = _missing(shelf(resources))
    return [
        Source(
            id=item.id,
            path=item.path,
            title=item.title,
            author=item.author,
            outlet=item.outlet,
            published=item.published,
            kind=(item.label or "article").capitalize(),
            passages=item.passages,
            copies=max(alike[origins.get(item.id, "")] - 1, 0) + max(len(files) - 1, 0),
            files=tuple(files),
            state=_worst([states[path] for path in files])
            or ("part" if any(path in partly for path in files) else ""),
            added=any(map(is_upload, files)),
            missing="; ".join(partly[path] for path in files if path in partly),
        )
        for item in summaries
        for files in [sorted(holding.get(item.id, ()))]
    ]


def _missing(shelf: Shelf) -> dict[str, str]:
    """What is missing of each file that was read in part, and what in it could not be read."""
    found = {path: [item.reason for item in items] for path, items in shelf.partly.items()}
    for path, items in shelf.failed.items():
        found.setdefault(path, []).extend(f"{item.file}: {item.reason}" for item in items)
    return {path: "; ".join(reasons) for path, reasons in found.items()}


def coverage(days: Iterable[date | None]) -> list[Bar]:
    """How many articles each month has, those without any between the first and the last too.

    By year where that would be more than `MONTHS` bars. Articles without a date are not counted.
    """
    known = [day for day in days if day]
    if not known:
        return []
    first, last = min(known), max(known)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months > MONTHS:
        years = Counter(day.year for day in known)
        span = range(first.year, last.year + 1)
        return [Bar(str(year), date(year, 1, 1), years[year]) for year in span]
    counts = Counter((day.year, day.month) for day in known)
    starts = [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(months)
    ]
    return [Bar(f"{day:%B %Y}", day, counts[(day.year, day.month)]) for day in starts]


def file_of(path: str, resources: Resources) -> Path | None:
    """The file that a path of the index stands for; None if its folder is not known."""
    added = resources.settings.index / UPLOADS
    return paths.file_of(path, resources.index.folder_of_articles, added)


def _state(record: FileRecord, file: Path | None) -> State:
    """Whether the file is as it was read; its content is looked at only if its time differs."""
    try:
        if file is None:
            return "gone"
        stat = file.stat()
        if (record.size, record.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
            return ""
        if record.size != stat.st_size:
            return "changed"
        with file.open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == record.sha256
        return "" if same else "changed"
    except OSError:
        return "gone"


def _worst(states: Sequence[State]) -> State:
    """An article is as it was if one of its files is."""
    return min(states, key=("", "changed", "gone").index, default="gone")


# --- changes


def remove(article_id: str, resources: Resources) -> IngestReport:
    """Take an article out of the index, with all the files that hold it alone.

    Of a file with many articles only this one is left out. See above for what becomes of the
    files themselves.

    Raises:
        ArticleError: there is no such article.
        IndexLocked: another process is writing.

    """
    records, whole, single = resources.index.files(), set[str](), set[str]()
    holding = [record for record in records.values() if article_id in record.articles]
    if not holding:
        raise ArticleError("This article is no longer in the index.")
    cited = resources.index.files_of(article_id)
    for record in holding:
        if record.path in cited:
            whole.add(record.path)
        else:
            single.update(path for path in cited if _file(path, resources) == record.path)
    for path in whole:
        file = file_of(path, resources)
        if is_upload(path) and file is not None:
            file.unlink(missing_ok=True)
    kept = {path for path in whole if not is_upload(path)} | single

    def without(shelf: Shelf) -> Shelf:
        return replace(shelf, left_out=shelf.left_out | kept)

    return ingest_files([record.path for record in holding], resources, change=without)


def take_back(path: str, resources: Resources) -> IngestReport:
    """Read what was left out again. Unknown paths change nothing."""

    def with_it(shelf: Shelf) -> Shelf:
        return replace(shelf, left_out=shelf.left_out - {path})

    return ingest_files([_file(path, resources)], resources, change=with_it)


def _file(path: str, resources: Resources) -> str:
    """The file that an article's path is in: "news.jsonl" of "news.jsonl#7"."""
    file = file_of(path, resources)
    if file is not None and file.exists():
        return path
    for mark in ("#", "/"):  # a row of a table, a member of an archive
        parts = path.split(mark)
        for n in range(len(parts) - 1, 0, -1):
            shorter = mark.join(parts[:n])
            holder = file_of(shorter, resources)
            if holder is not None and holder.is_file():
                return shorter
    return path


def read_again(
    article_id: str, resources: Resources, *, progress: Progress | None = None
) -> IngestReport:
    """Read the files of one article again now, whether they changed or not.

    Raises:
        ArticleError: there is no such article.
        IndexLocked: another process is writing.

    """
    records = resources.index.files().values()
    held = [record.path for record in records if article_id in record.articles]
    if not held:
        raise ArticleError("This article is no longer in the index.")
    return ingest_files(held, resources, progress)


def retry(path: str, resources: Resources) -> IngestReport:
    """Read a file again that could not be read; `path` as it stands in the shelf's `failed`."""
    return ingest_files([path], resources)


def dismiss(path: str, resources: Resources) -> IngestReport:
    """Delete a file that was added and could not be read, so that nothing is said of it any more.

    If some of it was read, it stays, and what could not be read is no longer told.

    Raises:
        ArticleError: no such file failed, or it was not added on the page.
        IndexLocked: another process is writing.

    """
    if not is_upload(path) or path not in shelf(resources).failed:
        raise ArticleError("No added file of this name failed.")
    if path in resources.index.files():
        return ingest_files([], resources, change=lambda shelf: _without_failure(shelf, path))
    file = file_of(path, resources)
    if file is not None:
        file.unlink(missing_ok=True)
    return ingest_files([path], resources)


def _without_failure(shelf: Shelf, path: str) -> Shelf:
    failed = {name: found for name, found in shelf.failed.items() if name != path}
    return replace(shelf, failed=failed)


def shelf(resources: Resources) -> Shelf:
    """What was left out, what failed, and when the last ingest was."""
    return load(resources.index.folder)
