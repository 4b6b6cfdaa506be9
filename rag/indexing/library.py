"""What is in the index, article by article, and how it stands with its files.

A file that was added on the page is deleted when it is removed. A file of the user's own folder
never is: it is left out, at this and every later ingest, until it is taken back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rag.articles import paths
from rag.articles.paths import is_upload
from rag.errors import ArticleError
from rag.indexing import uploads
from rag.indexing.astray import Astray
from rag.indexing.file_states import Shelf, load
from rag.indexing.folder import ingest_files
from rag.resources import Resources
from rag.schema import IngestReport, Progress
from vectorstore.source_list import UNLABELLED, AstrayFiles, Column, Row, Sought, State

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


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many articles each month, or year, has, and how many have no date."""

    bars: tuple[Bar, ...]
    undated: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of the list, from 0 on, of so many rows: which articles, in which order."""

    sought: Sought = Sought()
    column: Column = "date"
    down: bool = True  # greatest, newest or last first
    page: int = 0
    rows: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list: the number it has, how many articles pass, and of how many.

    `changed` and `gone`: how many articles have such files; at least, unless `is_whole`.
    """

    sources: tuple[Source, ...]
    number: int
    count: int
    total: int
    changed: int
    gone: int
    is_whole: bool


def page(resources: Resources, asked: Asked, astray: Astray) -> Page:
    """The page that is asked for, or the last one; the files of its articles are looked at."""
    index, kept = resources.index, shelf(resources)
    partly, known = _missing(kept), astray.states()
    table = index.table(
        AstrayFiles(
            partly,
            [path for path, state in known.items() if state == "changed"],
            [path for path, state in known.items() if state == "gone"],
        )
    )
    chosen, total = table.chosen(asked.sought), index.catalogue().count()
    count = chosen.count()
    number = min(max(asked.page, 0), pages(count, asked.rows) - 1)
    rows = table.page(chosen, asked.column, asked.down, number * asked.rows, asked.rows)
    return Page(
        tuple(_sources(resources, rows, partly, astray)), number, count, total,
        table.in_state("changed"), table.in_state("gone"), astray.is_whole,
    )  # fmt: skip


def pages(count: int, rows: int) -> int:
    """How many pages of so many rows `count` articles fill, at least one."""
    return max(1, -(-count // rows))


def _sources(
    resources: Resources, rows: Sequence[Row], partly: Mapping[str, str], astray: Astray
) -> Iterator[Source]:
    holding = resources.index.holders([row.id for row in rows])
    states = astray.look(resources, {path for files in holding.values() for path in files})
    for row in rows:
        files = tuple(holding.get(row.id, ()))
        worst = _worst([states[path] for path in files if path in states])
        yield Source(
            id=row.id,
            path=row.path,
            title=row.title,
            author=row.author,
            outlet=row.outlet,
            published=row.published,
            kind=kind_of(row.label),
            passages=row.passages,
            copies=row.alike + max(len(files) - 1, 0),
            files=files,
            state=worst or ("part" if any(path in partly for path in files) else ""),
            added=any(map(is_upload, files)),
            missing="; ".join(partly[path] for path in files if path in partly),
        )


def kind_of(label: str | None) -> str:
    """The kind of article that has this label."""
    return (label or UNLABELLED).capitalize()


def _missing(shelf: Shelf) -> dict[str, str]:
    """What is missing of each file that was read in part, and what in it could not be read."""
    found = {path: [item.reason for item in items] for path, items in shelf.partly.items()}
    for path, items in shelf.failed.items():
        found.setdefault(path, []).extend(f"{item.file}: {item.reason}" for item in items)
    return {path: "; ".join(reasons) for path, reasons in found.items()}


def _worst(states: Sequence[State]) -> State:
    """An article is as it was if one of its files is; it has none while it is being read."""
    return min(states, key=("", "changed", "gone").index, default="")


def covered(resources: Resources) -> Coverage:
    """The coverage of all articles."""
    months = {item.name: item.articles for item in resources.index.table(AstrayFiles()).months()}
    undated = months.pop("", 0)
    return Coverage(tuple(coverage(months)), undated)


def coverage(months: Mapping[str, int]) -> list[Bar]:
    """A bar for each month ("2024-03") with its articles, and for those between without any.

    By year where that would be more than `MONTHS` bars.
    """
    if not months:
        return []
    counts = Counter({_month(name): articles for name, articles in months.items()})
    first, last = min(counts), max(counts)
    if last - first + 1 > MONTHS:
        years = Counter[int]()
        for month, articles in counts.items():
            years[month // 12] += articles
        span = range(first // 12, last // 12 + 1)
        return [Bar(str(year), date(year, 1, 1), years[year]) for year in span]
    starts = [(date(n // 12, n % 12 + 1, 1), counts[n]) for n in range(first, last + 1)]
    return [Bar(f"{day:%B %Y}", day, articles) for day, articles in starts]


def _month(name: str) -> int:
    """Its number, from the year 0 on."""
    year, month = map(int, name.split("-"))
    return year * 12 + month - 1


def file_of(path: str, resources: Resources) -> Path | None:
    """The file that a path of the index stands for; None if its folder is not known."""
    added = uploads.folder(resources.settings)
    return paths.file_of(path, resources.index.folder_of_articles, added)


# --- changes


def remove(article_id: str, resources: Resources) -> IngestReport:
    """Take an article out of the index, with all the files that hold it alone.

    Of a file with many articles only this one is left out. See above for what becomes of the
    files themselves.

    Raises:
        ArticleError: there is no such article.
        IndexLocked: another process is writing.

    """
    whole, single = set[str](), set[str]()
    holding, cited = _holding(article_id, resources), resources.index.files_of(article_id)
    uploads.bring(resources.settings, list(filter(is_upload, holding)))
    for held in holding:
        if held in cited:
            whole.add(held)
        else:
            single.update(path for path in cited if _file(path, resources) == held)
    for path in filter(is_upload, whole):
        uploads.discard(path, resources.settings)
    kept = {path for path in whole if not is_upload(path)} | single

    def without(shelf: Shelf) -> Shelf:
        return replace(shelf, left_out=shelf.left_out | kept)

    return ingest_files(holding, resources, change=without)


def take_back(path: str, resources: Resources) -> IngestReport:
    """Read what was left out again. Unknown paths change nothing."""

    def with_it(shelf: Shelf) -> Shelf:
        return replace(shelf, left_out=shelf.left_out - {path})

    if is_upload(path):
        uploads.bring(resources.settings)  # one of its files holds it
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
    return ingest_files(_holding(article_id, resources), resources, progress)


def _holding(article_id: str, resources: Resources) -> list[str]:
    """The files that hold an article. Raises ArticleError: there is no such article."""
    if held := resources.index.holders([article_id]).get(article_id):
        return held
    raise ArticleError("This article is no longer in the index.")


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
    if resources.index.files_named([path]):
        return ingest_files([], resources, change=lambda shelf: _without_failure(shelf, path))
    uploads.discard(path, resources.settings)
    return ingest_files([path], resources)


def _without_failure(shelf: Shelf, path: str) -> Shelf:
    failed = {name: found for name, found in shelf.failed.items() if name != path}
    return replace(shelf, failed=failed)


def shelf(resources: Resources) -> Shelf:
    """What was left out, what failed, and when the last ingest was."""
    return load(resources.index.beside)
