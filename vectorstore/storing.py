"""Rows of the manifest: how articles and files are written to its tables and read from them.

Everything here runs inside a transaction of the manifest's database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from rag.schema import Article, FileRecord, Part, Passage, Place
from vectorstore import likeness, naming, tallies
from vectorstore.database import Rows, Transaction
from vectorstore.manifest_tables import ARTICLE

Counter = Literal["epoch", "generation", "commits"]
LOG = 200_000  # changes that are kept for other machines; who is further behind starts anew
_COLUMNS = (*ARTICLE.replace(" ", "").split(","), "kinds", "listed", "characters")
_INSERT_ARTICLE = (
    f"INSERT INTO articles ({', '.join(_COLUMNS)}) VALUES"
    f" ({', '.join(f':{name}' for name in _COLUMNS)})"
)
_INSERT_PASSAGE = (
    'INSERT INTO passages (id, article_id, number, start, "end", header, kind)'
    " VALUES (:id, :article_id, :number, :start, :end, :header, :kind)"
)


class Link(NamedTuple):
    """An article as a file holds it: `finished` if the file was, which has others before that."""

    article: str
    path: str  # under which it is cited
    finished: bool


def bump(db: Transaction, counter: Counter) -> int:
    """Raise one of the counters and return its new value."""
    sql = "UPDATE meta SET number = number + 1 WHERE key = :key RETURNING number"
    return int(db.rows(sql, key=counter)[0].number)


def changed(db: Transaction, article_ids: Iterable[str]) -> None:
    """Note in the log that these articles came or went, with a generation of their own."""
    generation = bump(db, "generation")
    db.each(
        "INSERT INTO changes (generation, article_id) VALUES (:generation, :id)",
        ({"generation": generation, "id": id_} for id_ in article_ids),
    )
    oldest = "SELECT MAX(number) - :kept FROM changes"
    db.run(f"DELETE FROM changes WHERE number <= ({oldest})", kept=LOG)


def mark(db: Transaction, article_ids: Iterable[str]) -> None:
    """Note that the vectors of these articles are about to change."""
    sql = "INSERT INTO pending (article_id) VALUES (:id) ON CONFLICT DO NOTHING"
    db.each(sql, ({"id": id_} for id_ in article_ids))


def put_articles(
    db: Transaction, files: Mapping[str, Sequence[tuple[Article, Sequence[Passage]]]]
) -> list[Passage]:
    """Store articles unless they are there, and which file holds them; the passages of new ones."""
    given = [(file, *item) for file, items in files.items() for item in items]
    ids = {article.id for _, article, _ in given}
    known = {row.id for row in db.rows("SELECT id FROM articles WHERE id IN :ids", ids=ids)}
    new = {article.id: (article, p) for _, article, p in given if article.id not in known}
    db.each(_INSERT_ARTICLE, (_row_of(article, passages) for article, passages in new.values()))
    passages = [passage for _, own in new.values() for passage in own]
    put_passages(db, passages)
    tallies.add(db, [tallies.of(article, kinds_of(own)) for article, own in new.values()])
    _hold(db, {(file, article.id, article.path) for file, article, _ in given})
    changed(db, new)
    return passages


def put_passages(db: Transaction, passages: Iterable[Passage]) -> None:
    """Store the rows of passages; their words are in their article."""
    db.each(
        _INSERT_PASSAGE,
        ({"id": p.id, "article_id": p.article_id, "number": p.number, "start": p.start,
          "end": p.end, "header": p.header, "kind": p.kind} for p in passages),
    )  # fmt: skip


def finish_file(db: Transaction, record: FileRecord, cited_paths: Sequence[str]) -> list[Link]:
    """Write a file's row and its articles; what it held before."""
    rows = zip(record.articles, cited_paths, strict=True)
    links = [
        {"file": record.path, "position": n, "article_id": article, "cited_path": cited}
        for n, (article, cited) in enumerate(rows)
    ]
    found = db.rows("SELECT id FROM articles WHERE id IN :ids", ids=record.articles)
    if missing := set(record.articles) - {row.id for row in found}:
        raise ValueError(f"{record.path}: not added: {', '.join(sorted(missing))}")
    before = unlink(db, "file = :file", file=record.path)
    db.each(
        "INSERT INTO file_articles (file, position, article_id, cited_path)"
        " VALUES (:file, :position, :article_id, :cited_path)",
        links,
    )
    naming.name(db, record.articles)
    db.run(
        "INSERT INTO files (path, sha256, size, mtime_ns) VALUES (:path, :sha256, :size, :mtime_ns)"
        " ON CONFLICT (path) DO UPDATE SET sha256 = excluded.sha256, size = excluded.size,"
        " mtime_ns = excluded.mtime_ns",
        path=record.path, sha256=record.sha256, size=record.size, mtime_ns=record.mtime_ns,
    )  # fmt: skip
    return before


def unlink(db: Transaction, where: str, **values: str) -> list[Link]:
    """Let files go of articles; return what is let go."""
    sql = f"DELETE FROM file_articles WHERE {where} RETURNING article_id, cited_path, position"
    return [
        Link(row.article_id, row.cited_path, row.position is not None)
        for row in db.rows(sql, **values)
    ]


def unheld(db: Transaction, candidates: Iterable[str]) -> list[str]:
    """Those of the candidates that no file holds, sorted."""
    ids = set(candidates)
    held = "SELECT DISTINCT article_id FROM file_articles WHERE article_id IN :ids"
    return sorted(ids - {row.article_id for row in db.rows(held, ids=ids)})


def forget(db: Transaction, article_ids: Sequence[str]) -> None:
    """Delete articles with all that is made of them; their vectors are pending from here on."""
    tallies.take(db, article_ids)
    again = likeness.unlink(db, article_ids)
    likeness.forget(db, article_ids)
    likeness.link(db, again)
    db.run("DELETE FROM passages WHERE article_id IN :ids", ids=article_ids)
    db.run("DELETE FROM articles WHERE id IN :ids", ids=article_ids)
    mark(db, article_ids)


def article_of(values: Mapping[str, Any]) -> Article:
    """Make an article of the columns of its row."""
    return Article(
        **{
            **values,
            "published": day_of(values["published"]),
            "updated": day_of(values["updated"]),
            "parts": tuple(Part(*part) for part in json.loads(values["parts"])),
            "pages": tuple(json.loads(values["pages"])),
            "places": tuple(_place(*place) for place in json.loads(values["places"])),
            "notes": tuple(json.loads(values["notes"])),
        }
    )


def passages_of(rows: Rows, texts: Mapping[str, str]) -> list[Passage]:
    """Make passages of their rows and the texts of their articles, as far as there are any."""
    return [
        Passage(
            row.id, row.article_id, row.number, row.start, row.end,
            texts[row.article_id][row.start : row.end], row.header, row.kind,
        )
        for row in rows
        if row.article_id in texts
    ]  # fmt: skip


def day_of(value: str | None) -> date | None:
    """Read a date as it is stored."""
    return date.fromisoformat(value) if value else None


def _hold(db: Transaction, links: set[tuple[str, str, str]]) -> None:
    """Note that unfinished files hold articles."""
    rows = db.rows(
        "SELECT file, article_id, cited_path FROM file_articles WHERE article_id IN :ids",
        ids={article for _, article, _ in links},
    )
    lacking = links - {(row.file, row.article_id, row.cited_path) for row in rows}
    db.each(
        "INSERT INTO file_articles (file, article_id, cited_path) VALUES (:file, :article, :path)",
        ({"file": file, "article": id_, "path": path} for file, id_, path in sorted(lacking)),
    )
    naming.name(db, {article for _, article, _ in lacking})


def _row_of(article: Article, passages: Sequence[Passage]) -> dict[str, Any]:
    parts = [[part.kind, part.start, part.end, part.author] for part in article.parts]
    places = [[place.start, place.time, place.box] for place in article.places]
    published = _iso(article.published)
    listed = naming.listed_as(
        article.title, article.outlet, article.author, article.label, published, [article.path]
    )
    return {
        "id": article.id, "path": article.path, "title": article.title, "author": article.author,
        "outlet": article.outlet, "published": published, "url": article.url,
        "label": article.label, "updated": _iso(article.updated), "language": article.language,
        "dated": article.dated, "parts": json.dumps(parts), "pages": json.dumps(article.pages),
        "places": json.dumps(places), "notes": json.dumps(article.notes), "text": article.text,
        "kinds": kinds_of(passages), "listed": listed, "characters": len(article.text),
    }  # fmt: skip


def kinds_of(passages: Iterable[Passage]) -> str:
    """The kinds of an article's passages, as they are stored: "body comment"."""
    return " ".join(sorted({passage.kind for passage in passages}))


def _place(start: int, time: str | None, box: Sequence[float] | None) -> Place:
    return Place(start, time, (box[0], box[1], box[2], box[3]) if box else None)


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
