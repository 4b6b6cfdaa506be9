"""The table of the sources, their coverage by month, and how it stands with their files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from rag.articles.paths import is_upload, without_mark
from rag.indexing.file_states import LastIngest, Shelf
from rag.indexing.library import Coverage, Source, pages
from rag.schema import printed_day
from rag.web.html.chart import coverage as chart
from rag.web.html.elements import counted, printed
from rag.web.sources_view import COLUMNS, ORDERS, PAGE, View

FAILED_SHOWN, LEFT_SHOWN = 50, 200


def sources(view: View, rows: Sequence[Source], count: int, total: int) -> str:
    """Return one page of the table: `rows` of `count` that pass, of `total`."""
    if not total:
        return printed("tables", "no_articles")
    if not rows:
        return printed("tables", "none_passes")
    columns = list(COLUMNS.items())
    shown = [(item, sum(map(is_upload, item.files))) for item in rows]
    said, month = _shown(view, count, total), _month(view.month)
    order = f"{view.sort}:{'down' if view.down else 'up'}"
    last = pages(count, PAGE) - 1
    return printed("tables", "sources", view, columns, ORDERS, order, shown, said, month, last)


def overview(covered: Coverage, view: View) -> str:
    """Return the chart of the articles by month."""
    return chart(covered.bars, covered.undated, view.month)


def _shown(view: View, count: int, total: int) -> str:
    """How many articles there are, and which of them stand here."""
    first = view.page * PAGE + 1
    of = counted(count, "article") if count == total else f"{count:,} of {total:,} articles"
    return of + (f" · {first:,}–{min(count, first + PAGE - 1):,}" if count > PAGE else "")


def _month(key: str) -> str:
    year, _, month = key.partition("-")
    return f"{date(int(year), int(month), 1):%B %Y}" if month else year


# --- how it stands with the files


def standing(shelf: Shelf, changed: int, gone: int, is_whole: bool = True) -> str:
    """Return when the last ingest was, and which files failed, were read in part or left out.

    `is_whole`: all files were looked at for what `changed` or is `gone`.
    """
    failed = [
        (path, item.file, without_mark(item.file), item.reason)
        for path, found in shelf.failed.items()
        for item in found
    ]
    partly = [
        (path, without_mark(item.file), item.reason)
        for path, found in shelf.partly.items()
        for item in found
    ]
    left_out = [(path, without_mark(path)) for path in sorted(shelf.left_out)]
    return printed(
        "tables",
        "standing",
        shelf.last,
        _moment(shelf.last.at) if shelf.last else "",
        _did(shelf.last) if shelf.last else "",
        [*_astray(changed, gone, is_whole)],
        failed,
        partly,
        left_out,
        FAILED_SHOWN,
        LEFT_SHOWN,
    )


def _did(last: LastIngest) -> str:
    numbers = {"added": last.added, "changed": last.changed, "removed": last.removed}
    done = [f"{number:,} {word}" for word, number in numbers.items() if number]
    return ", ".join(done) or "nothing new"


def _moment(at: datetime) -> str:
    """By this machine's clock; the page writes it by the reader's."""
    at = at.astimezone()
    return f"{printed_day(at.date())}, {at:%H:%M}"


def _astray(changed: int, gone: int, is_whole: bool) -> Iterator[str]:
    """How many files are not as they were; at least so many where not all were looked at."""
    least = "" if is_whole else "at least "
    if changed:
        yield f"{least}{counted(changed, 'article')} changed since"
    if gone:
        yield f"the file of {least}{counted(gone, 'article')} is gone"
