"""The table of sources asked of the database, a page at a time: which pass, in which order.

An order is a row of stretches, one after the other: those of each label, those of which something
is known before the others. Inside each an index of the tables has them in order, or has all that
is needed to put them in order. So no article is read that is not on the page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from vectorstore.database import Database, Rows, behind
from vectorstore.holdings import Chosen, Tally
from vectorstore.storing import day_of

State = Literal["", "part", "changed", "gone"]
Column = Literal["headline", "outlet", "author", "date", "kind", "copies", "state"]

UNLABELLED = "article"  # the kind of article that has no label
FEW = 5_000  # articles that hold what was typed and are then named by their ids
_NEWEST = "published DESC NULLS LAST, articles.id"
# How many near-copies and further files each article has that has any. The origin of a group is
# one of its articles, whose own origin it is.
_COPIES = """(
 SELECT article_id, SUM(more) AS copies FROM (
  SELECT likeness.article_id, alike.others AS more FROM
   (SELECT origin, COUNT(*) AS others FROM likeness WHERE origin <> article_id GROUP BY origin)
   AS alike JOIN likeness ON likeness.origin = alike.origin
  UNION ALL
  SELECT article_id, COUNT(DISTINCT file) - 1 AS more FROM file_articles
  WHERE position IS NOT NULL AND article_id IN
   (SELECT article_id FROM file_articles GROUP BY article_id HAVING COUNT(*) > 1)
  GROUP BY article_id HAVING COUNT(DISTINCT file) > 1) AS each_of_them
 GROUP BY article_id)"""
_HELD = "SELECT article_id FROM file_articles WHERE position IS NOT NULL AND"
_OTHERWISE = (
    "EXISTS (SELECT 1 FROM file_articles AS own WHERE own.article_id = articles.id"
    " AND own.position IS NOT NULL AND own.file NOT IN :{})"
)
_NONE = "1 = 0"


@dataclass(frozen=True, slots=True)
class Sought:
    """Which articles are asked for; empty: no limit.

    `words` (without case) all stand in what an article is listed by; `outlets` None: one without;
    `labels` "": those without; `under`: a file begins so, or with `not_under` none does; `day`:
    what the day of publication begins with.
    """

    words: tuple[str, ...] = ()
    outlets: tuple[str | None, ...] = ()
    labels: tuple[str, ...] = ()
    under: str = ""
    not_under: bool = False
    day: str = ""
    state: State = ""


@dataclass(frozen=True, slots=True)
class AstrayFiles:
    """Files that were read in part, that changed since, and that are gone."""

    part: Collection[str] = ()
    changed: Collection[str] = ()
    gone: Collection[str] = ()


class Row(NamedTuple):
    """One article of the table; `alike`: its near-copies."""

    id: str
    path: str
    title: str | None
    author: str | None
    outlet: str | None
    published: date | None
    label: str | None
    passages: int
    alike: int


class _Stretch(NamedTuple):
    """Articles that follow each other: those of `source` where `sql` is so, in this order."""

    sql: str = ""
    order: str = _NEWEST
    source: str = "articles"
    values: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Table:
    """The table of sources of one index, with what is known of the files that are astray."""

    database: Database
    astray: AstrayFiles = AstrayFiles()

    def chosen(self, sought: Sought) -> Chosen:
        """Those that pass."""
        sqls, values = self._conditions(sought)
        found = Chosen(self.database, " AND ".join(sqls), values)
        if not sought.words:
            return found
        words, own = self._worded(sought.words)
        ids = Chosen(self.database, words, own).ids(FEW)
        if ids is not None:
            words, own = "articles.id IN :worded", {"worded": ids}
        return Chosen(self.database, " AND ".join([*sqls, words]), {**values, **own})

    def in_state(self, state: State) -> int:
        """How many articles have files in this state."""
        return self.chosen(Sought(state=state)).count() if state else 0

    def page(self, chosen: Chosen, column: Column, down: bool, offset: int, most: int) -> list[Row]:
        """`most` of the chosen from `offset` on; what lacks the column comes last."""
        found: list[str] = []
        for stretch in self._stretches(column, down):
            if len(found) == most:
                break
            got = self._ids(chosen, stretch, offset, most - len(found))
            if got or not offset:
                found, offset = [*found, *got], 0
            else:  # all of it comes before the page
                offset -= self._count(chosen, stretch)
        return self.rows(found)

    def rows(self, ids: Sequence[str]) -> list[Row]:
        """These articles in this order, as far as there are any."""
        rows = {
            row.id: row
            for row in self.database.rows(
                "SELECT id, path, title, author, outlet, published, label FROM articles"
                " WHERE id IN :ids",
                ids=ids,
            )
        }
        passages, alike = self._passages(ids), self._alike(ids)
        return [
            Row(
                id_, row.path, row.title, row.author, row.outlet, day_of(row.published), row.label,
                passages.get(id_, 0), alike.get(id_, 0),
            )
            for id_ in ids if (row := rows.get(id_))
        ]  # fmt: skip

    def outlets(self, most: int) -> list[str]:
        """The most frequent outlets, by name."""
        found = self._tallied("outlet", f" ORDER BY articles DESC, name LIMIT {int(most)}")
        return sorted((item.name for item in found), key=str.casefold)

    def lacks_outlets(self) -> bool:
        """Whether an article has no outlet."""
        return bool(self.database.rows(f"SELECT 1 FROM articles WHERE {_lacks('outlet')} LIMIT 1"))

    def labels(self) -> list[str]:
        """Every label that an article has; "" for those that have none."""
        return [item.name for item in self._tallied("label")]

    def months(self) -> list[Tally]:
        """How many articles each month has ("2024-03"), "" those without a date."""
        return self._tallied("month")

    def has_file(self, prefix: str, *, so: bool) -> bool:
        """Whether a file begins so, or otherwise."""
        start, end = _range("path")
        ways = [f"{start} AND {end}"] if so else ["path < :start", "path >= :end"]
        values = _from_to(prefix)
        return any(
            self.database.rows(f"SELECT 1 FROM files WHERE {way} LIMIT 1", **values) for way in ways
        )

    # --- which

    def _conditions(self, sought: Sought) -> tuple[list[str], dict[str, Any]]:
        sqls, values = [], dict[str, Any]()
        if sought.outlets:
            values["outlets"] = [name for name in sought.outlets if name]
            lacks = f" OR {_lacks('outlet')}" if None in sought.outlets else ""
            sqls.append(f"(outlet IN :outlets{lacks})")
        if sought.labels:
            values["labels"] = sought.labels
            sqls.append("COALESCE(label, '') IN :labels")
        if sought.under:
            values |= _from_to(sought.under)
            held = f"{_HELD} {' AND '.join(_range('file'))}"
            sqls.append(f"articles.id {'NOT ' if sought.not_under else ''}IN ({held})")
        if sought.day:
            values |= {"day": f"{sought.day}-", "day_end": behind(f"{sought.day}-")}
            sqls.append("(published >= :day AND published < :day_end)")
        if sought.state:
            sqls.append(self._state(sought.state))
            values |= self._files_astray()
        return sqls, values

    def _worded(self, words: Sequence[str]) -> tuple[str, dict[str, Any]]:
        holds = "strpos" if self.database.is_server else "instr"
        sqls = [f"{holds}(listed, :word{n}) > 0" for n in range(len(words))]
        return " AND ".join(sqls), {f"word{n}": word for n, word in enumerate(words)}

    def _files_astray(self) -> dict[str, Any]:
        known = self.astray
        return {
            "part": sorted(known.part),
            "gone": sorted(known.gone),
            "astray": sorted({*known.changed, *known.gone}),
        }

    def _state(self, state: State) -> str:
        """An article is as it was if one of its files is, and gone if all of them are."""
        astray = _within("astray") if self.astray.changed or self.astray.gone else _NONE
        gone = _within("gone") if self.astray.gone else _NONE
        part = f"articles.id IN ({_HELD} file IN :part)" if self.astray.part else _NONE
        return {
            "gone": gone,
            "changed": f"({astray}) AND NOT ({gone})",
            "part": f"{part} AND NOT ({astray})",
            "": f"NOT ({part}) AND NOT ({astray})",
        }[state]

    # --- in which order

    def _stretches(self, column: Column, down: bool) -> Iterator[_Stretch]:
        turn = " DESC" if down else ""
        if column == "date":
            if down:
                yield _Stretch()
            else:
                yield _Stretch("published IS NOT NULL", "published, articles.id DESC")
                yield _Stretch("published IS NULL")
        elif column == "headline":
            yield _Stretch("", f"listed{turn}, articles.id{turn}")
        elif column in ("outlet", "author"):
            yield _Stretch(
                f"tallies.kind = '{column}' AND {column} = tallies.name",
                f"LOWER(tallies.name){turn}, tallies.name{turn}, {_NEWEST}",
                "tallies CROSS JOIN articles",
            )
            yield _Stretch(_lacks(column))
        elif column == "copies":
            yield from self._by_copies(down)
        else:
            yield from self._by_value(column, down)

    def _by_copies(self, down: bool) -> Iterator[_Stretch]:
        some = _Stretch(
            "more.article_id = articles.id",
            f"copies{' DESC' if down else ''}, {_NEWEST}",
            f"{_COPIES} AS more CROSS JOIN articles",
        )
        none = _Stretch(f"articles.id NOT IN (SELECT article_id FROM {_COPIES} AS more)")
        yield from (some, none) if down else (none, some)

    def _by_value(self, column: Column, down: bool) -> Iterator[_Stretch]:
        if column == "kind":
            kinds: dict[str, list[str]] = {}
            for name in self.labels():
                kinds.setdefault(name or UNLABELLED, []).append(name)
            for _, names in sorted(kinds.items(), reverse=down):
                yield _Stretch("COALESCE(label, '') IN :of_kind", values={"of_kind": names})
        else:
            states: tuple[State, ...] = ("", "changed", "gone", "part")
            for state in reversed(states) if down else states:
                yield _Stretch(self._state(state))

    def _ids(self, chosen: Chosen, stretch: _Stretch, offset: int, most: int) -> list[str]:
        tail = f"ORDER BY {stretch.order} LIMIT {int(most)} OFFSET {int(offset)}"
        return [row.id for row in self._asked("articles.id", chosen, stretch, tail)]

    def _count(self, chosen: Chosen, stretch: _Stretch) -> int:
        return int(self._asked("COUNT(*)", chosen, stretch, "")[0][0])

    def _asked(self, what: str, chosen: Chosen, stretch: _Stretch, tail: str) -> Rows:
        where = " AND ".join(f"({sql})" for sql in (stretch.sql, chosen.sql) if sql)
        sql = f"SELECT {what} FROM {stretch.source}{f' WHERE {where}' if where else ''} {tail}"
        return self.database.rows(
            sql, **_used(sql, {**self._files_astray(), **stretch.values, **chosen.values})
        )

    # --- what stands in a row

    def _passages(self, ids: Sequence[str]) -> dict[str, int]:
        sql = (
            "SELECT article_id, COUNT(*) FROM passages WHERE article_id IN :ids GROUP BY article_id"
        )
        return {row[0]: row[1] for row in self.database.rows(sql, ids=ids)}

    def _alike(self, ids: Sequence[str]) -> dict[str, int]:
        """How many near-copies each has."""
        sql = (
            "SELECT one.article_id, COUNT(*) - 1 FROM likeness AS one JOIN likeness AS other"
            " ON other.origin = one.origin WHERE one.article_id IN :ids GROUP BY one.article_id"
        )
        return {row[0]: row[1] for row in self.database.rows(sql, ids=ids)}

    def _tallied(self, kind: str, tail: str = " ORDER BY name") -> list[Tally]:
        rows = self.database.rows(
            f"SELECT name, articles FROM tallies WHERE kind = :kind{tail}", kind=kind
        )
        return [Tally(row.name, row.articles) for row in rows]


def _within(name: str) -> str:
    """All files of the article are among those of this name, and it has one."""
    return f"articles.id IN ({_HELD} file IN :{name}) AND NOT {_OTHERWISE.format(name)}"


def _lacks(column: str) -> str:
    return f"({column} IS NULL OR {column} = '')"


def _range(column: str) -> tuple[str, str]:
    return f"{column} >= :start", f"{column} < :end"


def _from_to(prefix: str) -> dict[str, str]:
    return {"start": prefix, "end": behind(prefix)}


def _used(sql: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a statement names."""
    return {name: value for name, value in values.items() if f":{name}" in sql}
