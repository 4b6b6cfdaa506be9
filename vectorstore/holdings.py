"""What an index holds, asked of the database: which articles pass, how many, from whom and when.

Nothing of it is held in memory: whatever is asked is answered by an index of the tables, so that a
million articles are asked as a thousand are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from rag.schema import Filters
from vectorstore.database import Database, Rows, behind
from vectorstore.selecting import (
    OPINION,
    Facts,
    bare,
    glob_of,
    is_by,
    literal_start,
    plain,
    tidy,
)
from vectorstore.storing import day_of

Order = Literal["newest", "oldest", "longest", "shortest", "path"]
Lacking = Literal["date", "author", "outlet"]
Group = Literal["outlet", "author", "language", "label", "published"]
ID_LISTS = 1_000  # articles that searches are given by their ids
_ORDERS: dict[Order, str] = {
    "newest": "published DESC NULLS LAST, path, id",
    "oldest": "published, path DESC, id DESC",
    "longest": "characters DESC, id DESC",
    "shortest": "characters, id",
    "path": "path, id",
}
_COLUMNS = "id, published, outlet, author, label, kinds, language, characters, title, path"
_LACKING = {"date": "published", "author": "author", "outlet": "outlet"}


@dataclass(frozen=True, slots=True)
class Tally:
    """A name with the number of articles that have it."""

    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of some articles, and how many of them have no date."""

    first: date | None
    last: date | None
    undated: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The articles that pass some filters. Nothing is read before it is asked for.

    `sql` is a condition on a row of `articles`; empty: all pass.
    """

    database: Database
    sql: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    filters: tuple[Filters, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether nothing is filtered out."""
        return not self.sql

    def count(self) -> int:
        """How many there are."""
        if self.is_all:
            return Catalogue(self.database).count()
        return int(self._rows("SELECT COUNT(*) FROM articles")[0][0])

    def ids(self, most: int) -> list[str] | None:
        """The ids of all, sorted; None if there are more than `most`."""
        rows = self._rows("SELECT id FROM articles", f" LIMIT {int(most) + 1}")
        return sorted(row.id for row in rows) if len(rows) <= most else None

    def among(self, ids: Collection[str]) -> set[str]:
        """Those of the articles `ids` that pass."""
        if self.is_all:
            return set(ids)
        rows = self._rows("SELECT id FROM articles", "", "id IN :among", among=list(ids))
        return {row.id for row in rows}

    def facts(self, order: Order, most: int, offset: int = 0) -> list[Facts]:
        """`most` of them from `offset` (0-based) on; by day, those without one come last.

        The oldest are those with a day alone.
        """
        tail = f" ORDER BY {_ORDERS[order]} LIMIT {int(most)} OFFSET {int(offset)}"
        dated = "published IS NOT NULL" if order == "oldest" else ""
        return self._facts(self._rows(f"SELECT {_COLUMNS} FROM articles", tail, dated))

    def throughout(self, most: int) -> list[Facts]:
        """`most` of them at equal steps from the newest to the oldest, the undated last."""
        step = max(1, -(-self.count() // most))
        where = f" WHERE {self.sql}" if self.sql else ""
        rows = self.database.rows(
            f"SELECT id, ROW_NUMBER() OVER (ORDER BY {_ORDERS['newest']}) AS place"
            f" FROM articles{where}" if step == 1 else
            f"SELECT id, place FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY {_ORDERS['newest']})"
            f" AS place FROM articles{where}) AS ordered WHERE (place - 1) % {step} = 0",
            **self.values,
        )  # fmt: skip
        held = Catalogue(self.database).facts(row.id for row in rows)
        ordered = sorted(rows, key=lambda row: row.place)
        return [held[row.id] for row in ordered if row.id in held]

    def span(self) -> Span:
        """From when to when they were published."""
        if any(filters.files for filters in self.filters):  # read once: no index has them by day
            row = self._rows(
                "SELECT MIN(published), MAX(published), COUNT(*) - COUNT(published) FROM articles"
            )[0]
            return Span(day_of(row[0]), day_of(row[1]), row[2])
        # Each by itself is, with what the indexes begin with, one look into one of them.
        where = f" WHERE {self.sql}" if self.sql else ""
        undated = (
            f" WHERE {self.sql} AND published IS NULL" if self.sql else (" WHERE published IS NULL")
        )
        row = self.database.rows(
            f"SELECT (SELECT MIN(published) FROM articles{where}),"
            f" (SELECT MAX(published) FROM articles{where}),"
            f" (SELECT COUNT(*) FROM articles{undated})",
            **self.values,
        )[0]
        return Span(day_of(row[0]), day_of(row[1]), row[2])

    def tally(self, by: Group) -> list[Tally]:
        """How many have each outlet, line of authors …, the most frequent first; of those known."""
        rows = self._rows(
            f"SELECT {by}, COUNT(*) FROM articles", f" GROUP BY {by} ORDER BY COUNT(*) DESC, {by}",
            f"{by} IS NOT NULL",
        )  # fmt: skip
        return [Tally(row[0], row[1]) for row in rows]

    def lacking(self, what: Lacking) -> Chosen:
        """Those of which this is not known."""
        return self._and(f"{_LACKING[what]} IS NULL", {})

    def labelled(self, label: str) -> Chosen:
        """Those of a label."""
        return self._and("label = :label", {"label": label})

    def or_else(self, other: Chosen) -> Chosen:
        """Those that are of these or of `other`, which began with the same filters."""
        if self.is_all or other.is_all:
            return Chosen(self.database)
        values = {**self.values, **other.values}
        return Chosen(self.database, f"(({self.sql}) OR ({other.sql}))", values)

    def these(self, ids: Collection[str]) -> Chosen:
        """Those that are among `ids`."""
        name = f"these{len(self.values)}"
        return self._and(f"id IN :{name}", {name: list(ids)})

    def also(self, filters: Filters) -> Chosen:
        """Those that pass these filters too."""
        more = _Conditions(self.database, len(self.filters))
        more.add(filters)
        found = self._and(more.sql, more.values) if more.sql else self
        return Chosen(found.database, found.sql, found.values, (*self.filters, filters))

    def _and(self, sql: str, values: dict[str, Any]) -> Chosen:
        both = f"{self.sql} AND {sql}" if self.sql else sql
        return Chosen(self.database, both, {**self.values, **values}, self.filters)

    def _rows(self, select: str, tail: str = "", more: str = "", **values: Any) -> Rows:
        where = " AND ".join(filter(None, (self.sql, more)))
        return self.database.rows(
            f"{select}{f' WHERE {where}' if where else ''}{tail}", **self.values, **values
        )

    def _facts(self, rows: Rows) -> list[Facts]:
        return _facts(self.database, rows)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All articles, by what is known of them without reading them."""

    database: Database

    def count(self) -> int:
        """How many articles there are."""
        rows = self.database.rows("SELECT SUM(articles) FROM tallies WHERE kind = 'kinds'")
        return int(rows[0][0] or 0)

    def every(self) -> Chosen:
        """All of them."""
        return Chosen(self.database)

    def chosen(self, filters: Filters) -> Chosen:
        """Those that pass; with `kinds`, those that hold such a passage."""
        return self.every().also(filters)

    def facts(self, ids: Iterable[str]) -> dict[str, Facts]:
        """What is known of these articles, by id."""
        sql = f"SELECT {_COLUMNS} FROM articles WHERE id IN :ids"
        return {item.id: item for item in _facts(self.database, self.database.rows(sql, ids=ids))}

    def outlets(self, most: int) -> list[Tally]:
        """The outlets with most articles, the most frequent first."""
        return self._top("outlet", most)

    def people(self, most: int) -> list[Tally]:
        """The people who wrote most articles, the most frequent first."""
        return self._top("person", most)

    def languages(self) -> dict[str, int]:
        """How many articles are in each language; "" for those of which it is not known."""
        return {item.name: item.articles for item in self._top("language", 1_000)}

    def last_day(self, month: int, day: int = 0) -> date | None:
        """The last day of this month, of whatever year, on which an article was published."""
        of = f"{month:02}-{day:02}" if day else f"{month:02}"
        rows = self.database.rows(
            f"SELECT MAX(published) FROM articles WHERE SUBSTR(published, 6, {len(of)}) = :of",
            of=of,
        )
        return day_of(rows[0][0])

    def kinds_of_names(self, kind: Literal["outlet", "person"]) -> int:
        """How many outlets, or people, there are."""
        sql = "SELECT COUNT(*) FROM tallies WHERE kind = :kind"
        return int(self.database.rows(sql, kind=kind)[0][0])

    def outlets_with(self, words: Iterable[str]) -> tuple[str, ...]:
        """The outlets that have one of these plain words in their name, the most frequent first."""
        return self._by_word("outlet", words)

    def people_with(self, words: Iterable[str]) -> tuple[str, ...]:
        """The people with one of these plain words in their name, the most frequent first."""
        return self._by_word("person", words)

    def paths(self, most: int) -> list[str]:
        """The first paths of articles, in order."""
        sql = "SELECT DISTINCT path FROM articles ORDER BY path LIMIT :most"
        return [row.path for row in self.database.rows(sql, most=most)]

    def _top(self, kind: str, most: int) -> list[Tally]:
        rows = self.database.rows(
            "SELECT name, articles FROM tallies WHERE kind = :kind"
            " ORDER BY articles DESC, name LIMIT :most",
            kind=kind, most=most,
        )  # fmt: skip
        return [Tally(row.name, row.articles) for row in rows]

    def _by_word(self, kind: str, words: Iterable[str]) -> tuple[str, ...]:
        rows = self.database.rows(
            "SELECT DISTINCT tallies.name, articles FROM names"
            " JOIN tallies ON tallies.kind = :kind AND tallies.name = names.name"
            " WHERE names.kind = :key AND word IN :words ORDER BY articles DESC, tallies.name",
            kind=kind, key=f"{kind} word", words=list(words),
        )  # fmt: skip
        return tuple(row.name for row in rows)


class _Conditions:
    """SQL for filters, with its values under names of their own."""

    def __init__(self, database: Database, number: int) -> None:
        self._database = database
        self._mark = f"f{number}_"
        self._parts: list[str] = []
        self.values: dict[str, Any] = {}

    @property
    def sql(self) -> str:
        return " AND ".join(self._parts)

    def add(self, filters: Filters) -> None:
        if filters.since:
            self._part("published >= :{since}", since=filters.since.isoformat())
        if filters.until:
            self._part("published <= :{until}", until=filters.until.isoformat())
        if filters.outlets:
            found = self._named("outlet", map(bare, filters.outlets))
            self._part("outlet IN :{outlets}", outlets=found)
        if filters.authors:
            self._part("author IN :{authors}", authors=self._authors(filters.authors))
        if filters.files:
            self._files(filters.files)
        if filters.kinds:
            kinds = self._database.rows("SELECT name FROM tallies WHERE kind = 'kinds'")
            fit = [row.name for row in kinds if not set(filters.kinds).isdisjoint(row.name.split())]
            self._part("kinds IN :{kinds}", kinds=fit)
        if filters.opinion is not None:
            sql = "label = :{label}" if filters.opinion else "COALESCE(label, '') != :{label}"
            self._part(sql, label=OPINION)

    def _part(self, sql: str, **values: Any) -> None:
        self._parts.append(sql.format(**{name: self._mark + name for name in values}))
        self.values |= {self._mark + name: value for name, value in values.items()}

    def _named(self, kind: str, words: Iterable[str]) -> list[str]:
        sql = "SELECT DISTINCT name FROM names WHERE kind = :kind AND word IN :words"
        return [row.name for row in self._database.rows(sql, kind=kind, words=list(words))]

    def _authors(self, wanted: Sequence[str]) -> list[str]:
        names = [plain(name) for name in wanted]
        words = {word for name in names if name for word in (name, name.split()[-1])}
        found = self._named("author", words)
        return [author for author in found if any(is_by(author, name) for name in names)]

    def _files(self, wanted: Sequence[str]) -> None:
        """A path, a folder above it, or a pattern; of the file, or as the article is cited."""
        tests = []
        for n, path in enumerate(map(tidy, wanted)):
            for column in ("file", "cited_path"):
                tests += self._path_tests(column, path, n)
        holds = " UNION ALL ".join(
            f"SELECT article_id FROM file_articles WHERE {test}" for test in tests
        )
        self._parts.append(f"id IN ({holds})")

    def _path_tests(self, column: str, path: str, n: int) -> list[str]:
        exact, below, end_of = (f"{self._mark}{name}{n}" for name in ("path", "below", "end_of"))
        self.values |= {exact: path, below: f"{path}/", end_of: behind(f"{path}/")}
        tests = [f"{column} = :{exact}", f"({column} >= :{below} AND {column} < :{end_of})"]
        if (pattern := glob_of(path, self._database.is_server)) is not None:
            start, end, like = (f"{self._mark}{name}{n}" for name in ("start", "end", "like"))
            first = literal_start(path)
            self.values |= {like: pattern, start: first, end: f"{first}\U0010ffff"}
            operator = "~" if self._database.is_server else "GLOB"
            tests.append(
                f"({column} >= :{start} AND {column} < :{end} AND {column} {operator} :{like})"
            )
        return tests


def _facts(database: Database, rows: Rows) -> list[Facts]:
    paths: dict[str, dict[str, None]] = {}
    for row in database.rows(
        "SELECT article_id, file, cited_path FROM file_articles WHERE article_id IN :ids"
        " ORDER BY file, position",
        ids=[row.id for row in rows],
    ):
        paths.setdefault(row.article_id, {}).update({row.file: None, row.cited_path: None})
    return [
        Facts(
            row.id, day_of(row.published), row.outlet, row.author, row.label,
            frozenset(row.kinds.split()), tuple(paths.get(row.id, ())), row.language,
            row.characters, row.title,
        )
        for row in rows
    ]  # fmt: skip
