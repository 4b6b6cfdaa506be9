"""How many articles have an outlet, name a person, are in a language: kept as articles come and go.

And by which words each name is found, so that nobody reads all names to find one. Runs inside a
transaction of the manifest.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Literal

from rag.schema import Article
from vectorstore.database import Transaction
from vectorstore.selecting import outlet_names, people, plain

# What is counted: an outlet, a person who wrote, the line of authors as it stands, and what few
# values fall into.
Kind = Literal["outlet", "person", "author", "language", "label", "kinds", "month"]
# What a name is found by: a name as filters compare it, or any word of it.
Key = Literal["outlet", "author", "outlet word", "person word"]
Tally = Counter[tuple[Kind, str]]
_TOKEN = re.compile(r"[^\W_]+")


def of(article: Article, kinds: str) -> Tally:
    """What one article counts for; `kinds` of its passages, as they are stored."""
    day = article.published.isoformat() if article.published else ""
    return _tally(
        article.outlet, article.author, article.language or "", article.label or "", kinds, day
    )


def add(db: Transaction, several: Iterable[Tally]) -> None:
    """Count articles that came."""
    total: Tally = Counter()
    for one in several:
        total.update(one)
    db.each(
        "INSERT INTO tallies (kind, name, articles) VALUES (:kind, :name, :more)"
        " ON CONFLICT (kind, name) DO UPDATE SET articles = tallies.articles + excluded.articles",
        ({"kind": kind, "name": name, "more": n} for (kind, name), n in sorted(total.items())),
    )
    db.each(
        "INSERT INTO names (kind, word, name) VALUES (:kind, :word, :name) ON CONFLICT DO NOTHING",
        ({"kind": key, "word": word, "name": name}
         for kind, name in sorted(total) for key, word in sorted(_found_by(kind, name))),
    )  # fmt: skip


def count_anew(db: Transaction) -> None:
    """Count all articles that there are."""
    db.run("DELETE FROM tallies")
    db.run("DELETE FROM names")
    add(db, [_counted(db)])


def wrong(db: Transaction) -> list[str]:
    """The names that are not counted as often as articles have them."""
    kept = {(row.kind, row.name): row.articles for row in db.rows("SELECT * FROM tallies")}
    counted = _counted(db)
    return sorted(
        key[1] for key in kept.keys() | counted.keys() if kept.get(key, 0) != counted.get(key, 0)
    )


def _counted(db: Transaction) -> Tally:
    total: Tally = Counter()
    for rows in db.batches(
        "SELECT outlet, author, language, label, kinds, published FROM articles"
    ):
        for row in rows:
            total.update(_of_row(row))
    return total


def take(db: Transaction, article_ids: Collection[str]) -> None:
    """Count articles no longer, which must still be there; names that nobody has are forgotten."""
    rows = db.rows(
        "SELECT outlet, author, language, label, kinds, published FROM articles WHERE id IN :ids",
        ids=article_ids,
    )
    total: Tally = Counter()
    for row in rows:
        total.update(_of_row(row))
    db.each(
        "UPDATE tallies SET articles = articles - :less WHERE kind = :kind AND name = :name",
        ({"kind": kind, "name": name, "less": n} for (kind, name), n in sorted(total.items())),
    )
    empty = db.rows(
        "DELETE FROM tallies WHERE kind IN :kinds AND articles <= 0 RETURNING kind, name",
        kinds={kind for kind, _ in total},
    )
    db.each(
        "DELETE FROM names WHERE kind = :kind AND word = :word AND name = :name",
        ({"kind": key, "word": word, "name": row.name}
         for row in empty for key, word in _found_by(row.kind, row.name)),
    )  # fmt: skip


def words(text: str) -> set[str]:
    """The words of a name or of a question, without case and accents."""
    tokens = (plain(word) for word in _TOKEN.findall(unicodedata.normalize("NFC", text)))
    return {word for word in (*tokens, *plain(text).split()) if word}


def _of_row(row: Any) -> Tally:
    return _tally(
        row.outlet, row.author, row.language or "", row.label or "", row.kinds, row.published or ""
    )


def _tally(
    outlet: str | None, author: str | None, language: str, label: str, kinds: str, day: str
) -> Tally:
    """`day`: in ISO form, empty if it is not known; its month is counted."""
    pairs: list[tuple[Kind, str]] = [
        ("language", language), ("label", label), ("kinds", kinds), ("month", day[:7])
    ]  # fmt: skip
    if outlet:
        pairs.append(("outlet", outlet))
    if author:
        pairs += [("author", author), *(("person", name) for name in people(author))]
    return Counter(dict.fromkeys(pairs, 1))


def _found_by(kind: Kind, name: str) -> Iterator[tuple[Key, str]]:
    if kind == "outlet":
        yield from (("outlet", called) for called in outlet_names(name))
        yield from (("outlet word", word) for word in words(name))
    elif kind == "person":
        yield from (("person word", word) for word in words(name))
    elif kind == "author":
        last = {plain(person).split()[-1] for person in people(name) if plain(person)}
        yield from (("author", called) for called in last | {plain(name)})
