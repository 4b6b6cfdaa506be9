"""The tables of the page: the sources, what failed, and who says what.

What can be pressed carries `data-act` and `data-value`, which `tables.js` hands to Python.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Protocol
from urllib.parse import quote

from rag.answering.comparison import Comparison, Row
from rag.export.comparison_text import as_csv
from rag.indexing.file_states import LastIngest, Shelf
from rag.indexing.library import Source, advice, coverage
from rag.schema import FailedFile, printed_day
from rag.web.html.chart import coverage as chart
from rag.web.html.elements import counted, escaped, excerpt, warned
from rag.web.sources_view import COLUMNS, PAGE, View, pages

STATES = {"changed": "Changed since", "gone": "File gone"}
MEANS = {
    "changed": "The file is not as it was when it was read. Read it again to bring it up to date.",
    "gone": "The file is no longer there. What was read of it stays until it is read again.",
}
FAILED_SHOWN, LEFT_SHOWN = 50, 200
_LONG = 90  # characters of a headline in the table
_WORDS = 420  # characters of a row's words shown at once
_FIGURES = ("passages", "copies")


# --- the sources


def sources(view: View, rows: Sequence[Source], count: int, total: int) -> str:
    """Return one page of the table: `rows` of `count` that pass, of `total`."""
    if not total:
        return (
            "<div class='teach'><h2>No articles yet</h2><p>Add files, paste a text, or start "
            "Byline with a folder: <code>byline serve articles/</code>. Every article is then "
            "listed here, with its outlet, its date and how it stands with its file.</p></div>"
        )
    if not rows:
        return (
            "<div class='teach'><p>No article matches.</p>"
            "<button type='button' class='plain' data-act='clear'>Show all articles</button></div>"
        )
    head = "".join(_head(name, view) for name in COLUMNS)
    body = "".join(_source(item) for item in rows)
    return (
        f"{_paging(view, count, total)}<div class='scroll'><table class='sources'>"
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>{_steps(view, count)}"
    )


def overview(rows: Sequence[Source], view: View) -> str:
    """Return the chart of the articles by month."""
    undated = sum(item.published is None for item in rows)
    return chart(coverage(item.published for item in rows), undated, view.month)


def _head(name: str, view: View) -> str:
    """Return a head that sorts when it is pressed."""
    word, own = COLUMNS[name][0], view.sort == name
    order = ("descending" if view.down else "ascending") if own else "none"
    way = "↓" if view.down else "↑"
    arrow = f"<span class='arrow' aria-hidden='true'>{way}</span>" if own else ""
    kind = " class='figure'" if name in _FIGURES else ""
    return (
        f"<th scope='col' aria-sort='{order}'{kind}><button type='button' data-act='sort'"
        f" data-value='{name}'>{word}{arrow}</button>"
        "</th>"
    )


def _source(item: Source) -> str:
    day = item.published
    when = f"<time datetime='{day}'>{day.day} {day:%b %Y}</time>" if day else "<i>no date</i>"
    copies = f"{item.copies}" if item.copies else ""
    more = ", ".join(item.files) if item.files else item.path
    return (
        f"<tr data-id='{escaped(item.id)}'><th scope='row'>"
        f"<a href='#article-{escaped(item.id)}' title='{escape(more)}'>"
        f"{escaped(excerpt(item.name, _LONG))}</a><span class='do'>{_doing(item)}</span></th>"
        f"{_cell('Outlet', escaped(item.outlet or ''))}"
        f"{_cell('Author', escaped(item.author or ''))}"
        f"{_cell('Date', when, 'when')}{_cell('Kind', escaped(item.kind))}"
        f"{_cell('Passages', f'{item.passages:,}', 'figure')}{_cell('Copies', copies, 'figure')}"
        f"{_cell('State', _state(item))}</tr>"
    )


def _cell(name: str, shown: str, kind: str = "") -> str:
    """Return a cell; on a narrow page its name stands before it."""
    classes = " ".join(filter(None, (kind, "" if shown else "empty")))
    return f"<td data-name='{name}' class='{classes}'>{shown}</td>"


def _state(item: Source) -> str:
    added = "<span class='tag'>Added here</span>" if item.added else ""
    if not item.state:
        return added
    return (
        f"<span class='tag {item.state}' title='{MEANS[item.state]}'>{STATES[item.state]}</span>"
        f"{added}"
    )


def _doing(item: Source) -> str:
    """Return what can be done: at first one word, the rest when it is pressed."""
    name, id_ = escape(excerpt(item.name, 60)), escaped(item.id)
    ours = [file for file in item.files if file.startswith("uploads:")]
    what = "Delete the added file?" if ours else "Leave it out? The file itself stays."
    if ours and len(ours) < len(item.files):
        what = "Delete the added file and leave out the other?"
    yes = "Delete" if ours else "Leave out"
    return (
        f"<button type='button' class='plain' data-act='again' data-value='{id_}'"
        f" aria-label='Read again: {name}'>Read again</button>"
        f"<button type='button' class='plain' data-ask aria-label='Remove: {name}'>Remove</button>"
        f"<span class='sure' hidden><span>{what}</span>"
        f"<button type='button' class='plain danger' data-act='remove' data-value='{id_}'>{yes}"
        "</button><button type='button' class='plain' data-keep>Keep</button></span>"
    )


def _paging(view: View, count: int, total: int) -> str:
    first = view.page * PAGE + 1
    last = min(count, first + PAGE - 1)
    of = counted(count, "article") if count == total else f"{count:,} of {total:,} articles"
    here = f" · {first:,}–{last:,}" if count > PAGE else ""
    month = (
        f" · published in {escaped(_month(view.month))}"
        " <button type='button' class='plain' data-act='month' data-value=''>any time</button>"
        if view.month
        else ""
    )
    return f"<p class='label counted' role='status'>{of}{here}{month}</p>"


def _month(key: str) -> str:
    year, _, month = key.partition("-")
    return f"{datetime(int(year), int(month), 1):%B %Y}" if month else year


def _steps(view: View, count: int) -> str:
    """Return the buttons to the other pages of the table."""
    last = pages(count) - 1
    if not last:
        return ""

    def step(word: str, to: int, name: str) -> str:
        off = " disabled" if not 0 <= to <= last or to == view.page else ""
        return (
            f"<button type='button' class='plain' data-act='page' data-value='{to}'"
            f" aria-label='{name}'{off}>{word}</button>"
        )

    return (
        "<nav class='steps' aria-label='Pages of the table'>"
        f"{step('« First', 0, 'First page')}{step('‹ Previous', view.page - 1, 'Previous page')}"
        f"<span>Page {view.page + 1} of {last + 1}</span>"
        f"{step('Next ›', view.page + 1, 'Next page')}{step('Last »', last, 'Last page')}</nav>"
    )


# --- how it stands with the files


def standing(shelf: Shelf, changed: int, gone: int) -> str:
    """Return when the last ingest was, which files failed, and which were left out."""
    parts = [_last(shelf.last), _astray(changed, gone)]
    failed = [item for found in shelf.failed.values() for item in found]
    if failed:
        parts.append(_failed(shelf))
    if shelf.left_out:
        parts.append(_left_out(sorted(shelf.left_out)))
    return "".join(parts)


def _last(last: LastIngest | None) -> str:
    if last is None:
        return ""
    done = [
        f"{number:,} {word}"
        for number, word in (
            (last.added, "added"), (last.changed, "changed"), (last.removed, "removed")
        )
        if number
    ]  # fmt: skip
    at = last.at.astimezone(UTC)
    return (
        f"<p class='note'>Last ingest <time datetime='{at.isoformat()}'>{_moment(at)}</time>: "
        f"{counted(last.files, 'file')} looked at, {', '.join(done) or 'nothing new'}, "
        f"in {last.seconds:.1f} s.</p>"
    )


def _moment(at: datetime) -> str:
    return f"{printed_day(at.date())}, {at:%H:%M} UTC"


def _astray(changed: int, gone: int) -> str:
    """Return how many files are not as they were, with what to do."""
    said = []
    if changed:
        said.append(f"{counted(changed, 'article')} changed since")
    if gone:
        said.append(f"the file of {counted(gone, 'article')} is gone")
    if not said:
        return ""
    return (
        f"<p class='note'>{' and '.join(said).capitalize()}. "
        "<button type='button' class='plain' data-act='ingest'>Read all that is new</button></p>"
    )


def _failed(shelf: Shelf) -> str:
    items = [(path, item) for path, found in shelf.failed.items() for item in found]
    lines = "".join(_failure(path, item) for path, item in items[:FAILED_SHOWN])
    more = len(items) - FAILED_SHOWN
    tail = f"<li class='note'>and {more:,} more</li>" if more > 0 else ""
    one = "1 could not be read" if len(items) == 1 else f"{len(items):,} could not be read"
    return (
        f"<details class='failures'><summary class='trouble'>{one}</summary>"
        f"<ul class='failed-files'>{lines}{tail}</ul></details>"
    )


def _failure(path: str, item: FailedFile) -> str:
    what = advice(item.reason)
    said = f"{item.reason.rstrip('.')}." + (f" {what}" if what else "")
    return (
        f"<li><b>{escaped(item.file.removeprefix('uploads:'))}</b> {escaped(said)} "
        f"<button type='button' class='plain' data-act='retry'"
        f" data-value='{escape(path)}'"
        f" aria-label='Try again: {escape(item.file)}'>Try again</button></li>"
    )


def _left_out(paths: Sequence[str]) -> str:
    lines = "".join(
        f"<li><b>{escaped(path.removeprefix('uploads:'))}</b> "
        f"<button type='button' class='plain' data-act='back' data-value='{escape(path)}'"
        f" aria-label='Take back: {escape(path)}'>Take back</button></li>"
        for path in paths[:LEFT_SHOWN]
    )
    return (
        f"<details class='failures'><summary>{counted(len(paths), 'file')} left out</summary>"
        f"<ul class='failed-files'>{lines}</ul></details>"
    )


def done(text: str) -> str:
    """Return what was done, for the line above the table."""
    return f"<p class='note done' role='status'>{escaped(text)}</p>" if text else ""


def undone(text: str) -> str:
    """Return why something was not done."""
    return f"<p class='note trouble' role='alert'>{escaped(text)}</p>"


# --- who says what


def compare_hint() -> str:
    """Return what stands where the table will be."""
    return (
        "<div class='teach'><h2>Who says what?</h2><p>Ask a question, or write a statement such as "
        "“8,500 people marched”. Each source has a row with its own words, in order of time, and "
        "where figures, dates or a “not” clash the row says so.</p></div>"
    )


def comparison(found: Comparison) -> str:
    """Return the table of a comparison, each row's words a link that opens them."""
    if not found.rows:
        return (
            "<div class='teach'><p>No article says anything on this. Try other words, or ask "
            "without filters.</p></div>"
        )
    against = (
        f"<p class='against'><span class='label'>Held against</span> {escaped(found.against)}</p>"
        if found.against
        else "<p class='note against'>Nothing in these clashes or agrees plainly enough to say so; "
        "read the words.</p>"
    )
    weak = (
        "<p class='note trouble'>Nothing found answers this well. These are the nearest words.</p>"
        if found.weak
        else ""
    )
    sources_ = len({row.article.id for row in found.rows})
    count = f"{counted(len(found.rows), 'row')} of {counted(sources_, 'source')}"
    head = "".join(
        f"<th scope='col'>{word}</th>"
        for word in ("Date", "Source", "Who says it", "Words", "Bearing")
    )
    rows = "".join(map(_compared, found.rows))
    return (
        f"{weak}{against}<p class='label counted' role='status'>{count}, oldest first</p>"
        f"<div class='scroll'><table class='compared'><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>{_download(found)}"
    )


def _download(found: Comparison) -> str:
    """Return a link that holds the table itself; the mark in front tells Excel that it is UTF-8."""
    name = "-".join(re.findall(r"\w+", found.question)[:8]) or "comparison"
    return (
        f"<p><a class='plain' download='{escape(name)}.csv'"
        f" href='data:text/csv;charset=utf-8,{quote(chr(0xFEFF) + as_csv(found))}'>"
        "Download as CSV</a></p>"
    )


def _compared(row: Row) -> str:
    article, day = row.article, row.article.published
    when = f"<time datetime='{day}'>{day.day} {day:%b %Y}</time>" if day else "<i>no date</i>"
    source = escaped(article.outlet or article.name)
    by = f"<span class='credits'>{escaped(article.author)}</span>" if article.author else ""
    copies = f"<span class='credits'>Also in {escaped(_named(row))}</span>" if row.copies else ""
    who = escaped(row.speaker or "")
    target = f"words-{escaped(article.id)}-{row.start}-{row.end}"
    said = f"<a class='said' href='#{target}'>{escaped(excerpt(row.words, _WORDS))}</a>"
    return (
        f"<tr class='{_class(row)}'>{_cell('Date', when, 'when')}"
        f"<td data-name='Source'>{source}{by}{copies}</td>{_cell('Who says it', who)}"
        f"<td data-name='Words'>{said}{warned(row.warning)}</td>"
        f"{_cell('', _bearing(row), 'bearing')}</tr>"
    )


def _named(row: Row) -> str:
    return "; ".join(
        ", ".join(filter(None, (copy.outlet or copy.name, printed_day(copy.published))))
        for copy in row.copies
    )


def _class(row: Row) -> str:
    return "reference" if row.reference else row.bearing


def _bearing(row: Row) -> str:
    """Return how the row bears on what it is held against: a word, and what clashes."""
    if row.reference:
        return "<span class='tag reference'>Held against</span>"
    if row.bearing == "neither":
        return "<span class='unseen'>Takes no side</span>"
    why = f"<span class='why'>{escaped(row.judged.why)}</span>" if row.judged.why else ""
    return f"<span class='tag {row.bearing}'>{row.bearing.capitalize()}</span>{why}"


# --- what was added, and settings


class Step(Protocol):
    """How far an ingest is; see `rag.web.background`."""

    @property
    def done(self) -> int: ...  # noqa: D102
    @property
    def total(self) -> int: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def left(self) -> float | None: ...  # noqa: D102


def added(lines: Sequence[tuple[str, str | None]]) -> str:
    """Return one line for each file and why it failed; None: it was added."""
    good = sum(reason is None for _, reason in lines)
    items = "".join(_added(name, reason) for name, reason in lines)
    return (
        f"<p class='label' role='status'>{good:,} of {counted(len(lines), 'file')} added</p>"
        f"<ul class='uploads'>{items}</ul>"
    )


def _added(name: str, reason: str | None) -> str:
    if reason is None:
        return f"<li class='good'><span class='state'>added</span> <b>{escaped(name)}</b></li>"
    what = advice(reason)
    said = f"{reason.rstrip('.')}." + (f" {what}" if what else "")
    return (
        f"<li class='bad'><span class='state'>failed</span> <b>{escaped(name)}</b>"
        f"<span class='why'>{escaped(said)}</span></li>"
    )


def reading(step: Step) -> str:
    """Return how far an ingest is, as a bar and in words."""
    if step.done >= step.total:
        what = f"Indexing {counted(step.total, 'file')}…"
    elif step.name:
        what = f"{step.done:,} of {counted(step.total, 'file')} read · {_file(step.name)}"
    else:
        what = f"Reading {counted(step.total, 'file')}…"
    left = f" · {_left(step.left)}" if step.left is not None and step.done < step.total else ""
    return (
        f"<div class='reading' role='status'><progress max='{step.total}' value='{step.done}'"
        f" aria-label='Files read'></progress><p class='note'>{what}{left}</p></div>"
    )


def _file(name: str) -> str:
    return escaped(excerpt(name.removeprefix("uploads:"), 60))


def _left(seconds: float) -> str:
    """Return about how long it will take: exact figures would only pretend."""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 90:
        return f"about {round(seconds, -1):.0f} seconds left"
    return f"about {seconds / 60:.0f} minutes left"


def adding_hint(formats: str, most: int) -> str:
    """Return which files are read and how large they may be (MB)."""
    return (
        f"<p class='note'>{escaped(formats)}; up to {most:,} MB each. Files are read and indexed "
        "on this machine, and each is reported: added, or why not. You can ask meanwhile.</p>"
    )


def settings_hint() -> str:
    """Return what the settings hold for."""
    return (
        "<p class='note'>These hold for this browser tab until it is closed or loaded again, and "
        "for nobody else. The server's own settings stay as they are.</p>"
    )


def key_line(text: str) -> str:
    """Return what is said of the key; never the key."""
    return f"<p class='note' role='status'>{escaped(text)}</p>"


def verdict(ok: bool | None, text: str) -> str:
    """Return one line of a check; `ok` None: nothing was looked at yet."""
    mark = {True: "good", False: "bad", None: "idle"}[ok]
    word = {True: "ready", False: "not ready", None: "not checked"}[ok]
    return (
        f"<p class='verdict-line {mark}' role='status'><span class='state'>{word}</span> "
        f"{escaped(text)}</p>"
    )
