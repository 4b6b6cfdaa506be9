"""What filters, the start page and the table of sources take over a million articles.

    python -m benchmarks.speed.filters WORK [--articles 1000000] [--out FILE]

Made-up articles of one line each with outlets, authors, days and files as an archive has them, in
the manifest alone: no file, no vector, no word is looked at. One in 20 is a near-copy of the one
before it, one in 100 is held by a second file. The first run fills WORK, at about
3,000 articles a second; later ones ask again. Times are medians of `RUNS`, in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

from rag.schema import Article, FileRecord, Filters, Passage
from vectorstore.holdings import ID_LISTS
from vectorstore.manifest import Manifest
from vectorstore.opening import manifest_of
from vectorstore.source_list import AstrayFiles, Column, Sought, Table

RUNS = 7
_BATCH = 5_000
_OUTLETS, _PEOPLE, _DAYS = 400, 30_000, 9_000
FIRST = date(2000, 1, 1)


def main() -> None:
    """Fill the folder where it is not filled yet, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    with closing(manifest_of(given.work)) as manifest:
        manifest.create({})
        there = manifest.counts()[1]
        for first in range(there, given.articles, _BATCH):
            _store(manifest, range(first, min(first + _BATCH, given.articles)))
    with closing(manifest_of(given.work)) as manifest:
        figures = {
            "articles": manifest.catalogue.count(),
            "bytes_an_article": sum(
                file.stat().st_size for file in given.work.glob("manifest.db*")
            ) // given.articles,
            "milliseconds": {name: _timed(ask) for name, ask in _asked(manifest)},
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }  # fmt: skip
    printed = json.dumps(figures, indent=1)
    print(printed)
    if given.out:
        given.out.write_text(f"{printed}\n", encoding="utf-8")


def _store(manifest: Manifest, numbers: range) -> None:
    made = [_made(number) for number in numbers]
    files = {item.path: [(item, [_passage(item)])] for item in made}
    manifest.put_articles(files)
    held = [(item, item.path) for item in made]
    held += [(item, f"copies/{item.path}") for item in made[::100]]
    manifest.finish_files(
        [(FileRecord(path, item.id, 1, 1, (item.id,)), [path]) for item, path in held]
    )
    with manifest.transaction() as db:  # as signatures would put them into groups
        db.each(
            "INSERT INTO likeness (article_id, signature, origin) VALUES (:id, :none, :origin)",
            ({"id": item.id, "none": b"", "origin": made[n - (n % 20 == 1)].id}
             for n, item in enumerate(made)),
        )  # fmt: skip


def _made(number: int) -> Article:
    """An article of an outlet and a person of whom some are much more frequent than others."""
    rng = random.Random(number)
    day = FIRST + timedelta(days=rng.randrange(_DAYS)) if rng.random() < 0.97 else None
    outlet = f"The Gazette of {int(_OUTLETS * rng.random() ** 3)}"
    person = int(_PEOPLE * rng.random() ** 2)
    author = f"Given{person % 977} Surname{person}" if rng.random() < 0.8 else None
    label = "opinion" if rng.random() < 0.06 else None
    path = f"{outlet.split()[-1]}/{day or 'undated'}/{number}.html"
    return Article(
        f"{number:016x}", path, f"Headline {number}", author, outlet, day, None, "Words.",
        label=label, language="en",
    )  # fmt: skip


def _passage(item: Article) -> Passage:
    return Passage(f"{item.id}-0000", item.id, 0, 0, 6, "Words.", "", "body")


def _asked(manifest: Manifest) -> Iterator[tuple[str, Callable[[], Any]]]:
    known, day = manifest.catalogue, FIRST + timedelta(days=4_000)
    several = {
        "outlet, frequent": Filters(outlets=("Gazette of 0",)),
        "outlet, rare": Filters(outlets=("Gazette of 390",)),
        "author, by surname": Filters(authors=("Surname77",)),
        "dates, one year": Filters(since=day, until=day + timedelta(days=365)),
        "dates, all but a year": Filters(since=FIRST + timedelta(days=365)),
        "outlet and dates": Filters(outlets=("Gazette of 1",), since=day),
        "a folder": Filters(files=("12",)),
        "a file": Filters(files=(_made(4_321).path,)),
        "a pattern": Filters(files=("12/2004*",)),
        "opinion only": Filters(opinion=True),
        "no opinion": Filters(opinion=False),
    }
    some = [f"{n:016x}" for n in range(0, 100_000, 500)]
    for name, filters in several.items():
        chosen = known.chosen(filters)
        yield f"{name}: how many", chosen.count
        yield f"{name}: their ids, or that they are many", lambda it=chosen: it.ids(ID_LISTS)
        yield f"{name}: of 200 found, which pass", lambda it=chosen: it.among(some)
        yield f"{name}: from when to when", chosen.span
    yield "start: outlets", lambda: known.outlets(4)
    yield "start: newest", lambda: known.every().facts("newest", 100)
    yield "start: from when to when", lambda: known.every().span()
    yield "names in a question", lambda: known.people_with(["given5", "surname77", "said", "what"])
    yield from _tabled(Table(manifest.database, AstrayFiles(changed=_some_files())))
    yield "list: a page, newest first", lambda: known.every().facts("newest", 50, 1_000)
    yield "list: the longest", lambda: known.every().facts("longest", 5)


def _some_files() -> list[str]:
    return [_made(number).path for number in range(0, 20_000, 100)]


def _tabled(table: Table) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The table of sources: a page in each order, and with each limit how many and a page."""
    every, orders = table.chosen(Sought()), get_args(Column)
    for column, down in ((column, down) for column in orders for down in (True, False)):
        yield (
            f"table: by {column}, {'down' if down else 'up'}",
            lambda by=column, turn=down: table.page(every, by, turn, 0, 50),
        )
    yield "table: by date, the middle page", lambda: table.page(every, "date", True, 500_000, 50)
    several = {
        "an outlet, frequent": Sought(outlets=("The Gazette of 0",)),
        "no outlet": Sought(outlets=(None,)),
        "a month": Sought(day="2004-03"),
        "a year": Sought(day="2004"),
        "a kind": Sought(labels=("opinion",)),
        "files changed": Sought(state="changed"),
        "added to the folder": Sought(under="uploads:", not_under=True),
        "typed, an author": Sought(words=("surname77\n",)),
        "typed, a file": Sought(words=(_made(4_321).path,)),
        "typed, a day": Sought(words=("2004-03-04",)),
        "typed, what all have": Sought(words=("gazette",)),
    }
    for name, sought in several.items():
        yield f"table: {name}", lambda it=sought: _page(table, it)
    yield "table: the months", table.months
    yield "table: outlets and kinds to choose from", lambda: (table.outlets(1_000), table.labels())


def _page(table: Table, sought: Sought) -> None:
    chosen = table.chosen(sought)
    chosen.count()
    table.page(chosen, "date", True, 0, 50)


def _timed(ask: Callable[[], Any]) -> float:
    seconds = []
    for _ in range(RUNS):
        before = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - before)
    return round(1000 * statistics.median(seconds), 2)


if __name__ == "__main__":
    main()
