"""A comparison for reading elsewhere: as CSV, and as text for the command line."""

from __future__ import annotations

from rag.answering.comparison import Comparison, Row, shown
from rag.export.spreadsheet import csv_text

HEAD = (
    "published", "outlet", "author", "speaker", "words", "bearing", "why", "title", "file", "start",
    "end", "also_in", "url",
)  # fmt: skip


def as_csv(found: Comparison) -> str:
    """One line a row, with the head `HEAD`; words keep their line breaks."""
    return csv_text(HEAD, (_cells(row) for row in found.rows))


def _cells(row: Row) -> tuple[object, ...]:
    article = row.article
    published = article.published.isoformat() if article.published else None
    who = (published, article.outlet, article.author, row.speaker)
    said = (row.words, shown(row), row.judged.why)
    where = (article.title, article.path, row.start, row.end)
    return (*who, *said, *where, "; ".join(copy.path for copy in row.copies), article.url)


def as_text(found: Comparison) -> str:
    """For the command line: what is held against, then a few lines a row."""
    if not found.rows:
        return "No article says anything on this."
    head = [f"Held against {found.against}"] if found.against else []
    if found.weak:
        head.insert(0, "Nothing found answers this well; these are the nearest words.")
    return "\n\n".join([*head, *(_row_text(row) for row in found.rows)])


def _row_text(row: Row) -> str:
    article = row.article
    day = article.published.isoformat() if article.published else "undated   "
    word, why = shown(row), row.judged.why
    mark = f"  [{word}{f': {why}' if why else ''}]" if word else ""
    says = f" – {row.speaker}" if row.speaker else ""
    lines = [
        f"{day}  {article.outlet or article.name}{says}{mark}",
        f"    “{' '.join(row.words.split())}”",
        f"    {article.path}, characters {row.start}–{row.end}",
    ]
    if row.copies:
        lines.append(f"    Also in: {', '.join(copy.path for copy in row.copies)}")
    return "\n".join(lines)
