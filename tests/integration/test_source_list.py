"""The table of sources in SQL, on both databases, beside the same in plain Python."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.schema import Article, FileRecord, Passage
from tests import servers
from vectorstore.manifest import Manifest
from vectorstore.naming import listed_as
from vectorstore.opening import manifest_of
from vectorstore.source_list import UNLABELLED, AstrayFiles, Column, Sought, State, Table

FIRST = date(2023, 12, 20)
TITLES = [
    None,
    "Strike ends",
    "strike Ends",
    "Éclair prize",
    "éclair prize",
    "The 50% rule_",
    "Zoo",
]
OUTLETS = [None, "", "The Post", "the post", "bellingcat", "Zeit", "Élan"]
AUTHORS = [None, "Ann Lee", "ann lee", "Ann Lee and Bob O'Neil", "Çelik"]
LABELS = [None, None, "opinion", "correction", "article"]
ADDED = "uploads:"


@dataclass(frozen=True)
class Held:
    """An article with the paths that cite it, the files that hold it, and what it is alike to."""

    article: Article
    paths: list[str]
    files: list[str]
    group: bytes


def made(rng: random.Random, number: int) -> Held:
    day = FIRST + timedelta(days=rng.randrange(30)) if rng.random() < 0.8 else None
    own = [f"{rng.choice(['', ADDED])}{rng.choice('ab')}/{number}.txt"]
    paths = files = own
    if rng.random() < 0.3:
        paths, files = [*own, f"news.jsonl#{number}"], [*own, "news.jsonl"]
    if rng.random() < 0.2:
        paths, files = [*paths, f"Copy {number}.txt"], [*files, f"Copy {number}.txt"]
    article = Article(
        f"{rng.randrange(16**8):08x}", min(paths), rng.choice(TITLES), rng.choice(AUTHORS),
        rng.choice(OUTLETS), day, None, "Words.", label=rng.choice(LABELS),
    )  # fmt: skip
    return Held(article, sorted(paths), sorted(files), bytes([rng.randrange(80)]) * 512)


HELD = [made(random.Random(number), number) for number in range(90)]
FILES = sorted({file for held in HELD for file in held.files})
ASTRAY = AstrayFiles(
    part=FILES[3:30:3], changed=FILES[1:40:4], gone=[*FILES[2:60:5], "Copy 3.txt", "news.jsonl"]
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def table(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Table]:
    url = ""
    if request.param == "postgresql":
        url = servers.database(request.getfixturevalue("postgresql"))
    folder: Path = tmp_path_factory.mktemp("listed")
    with closing(manifest_of(folder, url)) as manifest:
        fill(manifest)
        yield Table(manifest.database, ASTRAY)


def fill(manifest: Manifest) -> None:
    manifest.create({})
    by_file: dict[str, list[tuple[Article, str]]] = {}
    for held in HELD:
        for file in held.files:
            path = next(path for path in held.paths if path.startswith(file))
            by_file.setdefault(file, []).append((held.article, path))
    for file, items in by_file.items():
        articles = [article for article, _ in items]
        manifest.put_articles({file: [(one, [passage(one)]) for one in articles]})
        record = FileRecord(file, "sha", 1, 1, tuple(one.id for one in articles))
        manifest.finish_files([(record, [path for _, path in items])])
    manifest.put_signatures({held.article.id: held.group for held in HELD})


def passage(article: Article) -> Passage:
    return Passage(f"{article.id}-0", article.id, 0, 0, 6, "Words.", "", "body")


# --- the same in Python


def state(held: Held) -> State:
    gone, changed = set(ASTRAY.gone), set(ASTRAY.changed)
    if set(held.files) <= gone | changed:
        return "gone" if set(held.files) <= gone else "changed"
    return "part" if set(held.files) & set(ASTRAY.part) else ""


def listed(held: Held) -> str:
    one = held.article
    day = one.published.isoformat() if one.published else None
    return listed_as(one.title, one.outlet, one.author, one.label, day, held.paths)


def passes(held: Held, sought: Sought) -> bool:
    one = held.article
    under = any(file.startswith(sought.under) for file in held.files)
    return (
        all(word in listed(held) for word in sought.words)
        and (not sought.outlets or (one.outlet or None) in sought.outlets)
        and (not sought.labels or (one.label or "") in sought.labels)
        and (not sought.under or under is not sought.not_under)
        and (not sought.day or str(one.published or "").startswith(f"{sought.day}-"))
        and (not sought.state or state(held) == sought.state)
    )


def copies(held: Held) -> int:
    alike = Counter(other.group for other in HELD)
    return alike[held.group] - 1 + len(held.files) - 1


def lower(name: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in name)


def ordered(given: list[Held], column: Column, down: bool) -> list[Held]:
    rows = sorted(given, key=lambda held: held.article.id)
    rows.sort(key=lambda held: held.article.published or date.min, reverse=True)
    if column == "date":
        dated = [held for held in rows if held.article.published]
        undated = [held for held in rows if not held.article.published]
        return [*(dated if down else dated[::-1]), *undated]
    if column == "headline":
        return sorted(rows, key=lambda held: (listed(held), held.article.id), reverse=down)
    if column in ("outlet", "author"):
        known = [held for held in rows if getattr(held.article, column)]
        known.sort(key=lambda held: (lower(n := getattr(held.article, column)), n), reverse=down)
        return [*known, *(held for held in rows if not getattr(held.article, column))]
    if column == "kind":
        return sorted(rows, key=lambda held: held.article.label or UNLABELLED, reverse=down)
    return sorted(rows, key=copies if column == "copies" else state, reverse=down)


WORDS = st.sampled_from(["strike", "é", "50%", "rule_", "the post", "jan", "2023-12", "copy", "'"])
SOUGHT = st.builds(
    Sought,
    words=st.lists(WORDS, max_size=2).map(tuple),
    outlets=st.lists(st.sampled_from([None, *OUTLETS[2:]]), max_size=3).map(tuple),
    labels=st.lists(st.sampled_from(["", "opinion", "article"]), max_size=2).map(tuple),
    under=st.sampled_from(["", "", ADDED, "a/"]),
    not_under=st.booleans(),
    day=st.sampled_from(["", "", "2023", "2024-01", "2024-0"]),
    state=st.sampled_from(["", "", "", *get_args(State)]),
)


@given(
    sought=SOUGHT, column=st.sampled_from(get_args(Column)), down=st.booleans(),
    offset=st.integers(0, 95),
)  # fmt: skip
def test_a_page_is_what_plain_python_finds(
    table: Table, sought: Sought, column: Column, down: bool, offset: int
) -> None:
    passing = [held for held in HELD if passes(held, sought)]
    expected = ordered(passing, column, down)[offset : offset + 7]
    chosen = table.chosen(sought)
    assert chosen.count() == len(passing)
    rows = table.page(chosen, column, down, offset, 7)
    assert [row.id for row in rows] == [held.article.id for held in expected]
    for row, held in zip(rows, expected, strict=True):
        assert (row.path, row.passages) == (held.paths[0], 1)
        assert row.alike + len(held.files) - 1 == copies(held)


@pytest.mark.parametrize("column", get_args(Column))
@pytest.mark.parametrize("down", [True, False])
def test_the_pages_hold_every_article_once(table: Table, column: Column, down: bool) -> None:
    every = table.chosen(Sought())
    pages = [table.page(every, column, down, at, 7) for at in range(0, len(HELD), 7)]
    got = [row.id for page in pages for row in page]
    assert got == [held.article.id for held in ordered(HELD, column, down)]


def test_many_that_hold_a_word_are_not_named_one_by_one(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    sought = Sought(words=("strike", "20"), day="2024")
    named = table.chosen(sought)
    monkeypatch.setattr("vectorstore.source_list.FEW", 1)
    looked_for = table.chosen(sought)
    assert "worded" in named.values
    assert "worded" not in looked_for.values
    assert named.count() == looked_for.count() > 1
    assert table.page(named, "outlet", False, 1, 9) == table.page(looked_for, "outlet", False, 1, 9)


def test_what_there_is_to_choose_from(table: Table) -> None:
    assert table.outlets(9) == sorted(filter(None, OUTLETS), key=str.casefold)
    assert len(table.outlets(2)) == 2
    assert table.lacks_outlets()
    assert set(table.labels()) == {"", "opinion", "correction", "article"}
    months = Counter(str(held.article.published or "")[:7] for held in HELD)
    assert {item.name: item.articles for item in table.months()} == months
    assert table.has_file(ADDED, so=True)
    assert table.has_file(ADDED, so=False)
    assert not table.has_file("nothing:", so=True)
    for name in ("changed", "gone", "part"):
        assert table.in_state(name) == sum(state(held) == name for held in HELD) > 0
    assert table.in_state("") == 0
