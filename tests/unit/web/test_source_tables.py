"""The tables of the page: which rows, in which order, and nothing in them that is markup."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.comparison import Comparison, Row
from rag.answering.contradiction import NEITHER, Judged
from rag.errors import ArticleError
from rag.indexing import library
from rag.indexing.file_states import LastIngest, Shelf
from rag.indexing.library import Source
from rag.schema import FailedFile, FileRecord, Progress, Scope, Step
from rag.web import added, sources_view
from rag.web.background import Finished, running
from rag.web.html import chart, compared, notices, tables
from rag.web.html.notices import Added
from rag.web.sources_view import COLUMNS, View, in_order, sorted_by
from tests.unit.building import article
from vectorstore.opening import manifest_of
from vectorstore.source_list import AstrayFiles, State, Table

HOSTILE = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>"
TEXT = st.text(st.sampled_from("ab<>&\"' \n=/é"), max_size=12)


def source(
    name: str = "Strike",
    *,
    outlet: str | None = "The Courier",
    author: str | None = None,
    day: date | None = None,
    kind: str = "Article",
    state: State = "",
    added: bool = False,
    copies: int = 0,
) -> Source:
    path = ("uploads:" if added else "") + f"{name}.txt"
    return Source(
        name, path, name, author, outlet, day, kind, 3, copies, (path,), state, added
    )  # fmt: skip


SOURCES = st.builds(
    source,
    TEXT.filter(bool),
    outlet=st.none() | TEXT,
    author=st.none() | TEXT,
    day=st.none() | st.dates(date(2000, 1, 1), date(2002, 1, 1)),
    kind=st.sampled_from(["Article", "Opinion"]),
    state=st.sampled_from(["", "changed", "gone"]),
    added=st.booleans(),
    copies=st.integers(0, 3),
)


class Elements(HTMLParser):
    """Every element with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def harmless(html: str) -> None:
    for tag, attributes in Elements(html).found:
        assert tag not in ("img", "script", "style", "iframe")
        assert not any(name.startswith("on") for name in attributes)
        assert not (attributes.get("href") or "").startswith("javascript:")


# --- which rows


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    manifest = manifest_of(tmp_path)
    manifest.create({})
    for number, (path, values) in enumerate(
        {
            "a.txt": {
                "title": "Strike ends", "outlet": "The Courier", "published": date(2024, 3, 4),
            },
            "b.txt": {
                "title": "Strike goes on", "outlet": "The Post", "published": date(2024, 3, 9),
                "label": "opinion",
            },
            "uploads:c.txt": {"title": "Ferry late"},
        }.items()
    ):  # fmt: skip
        one = replace(article("Words."), **{"id": str(number), "path": path, **values})  # type: ignore[arg-type]
        manifest.put_articles({path: [(one, [])]})
        manifest.finish_files([(FileRecord(path, "", 1, 1, (one.id,)), [path])])
    yield Table(manifest.database, AstrayFiles(gone=["uploads:c.txt"]))
    manifest.close()


def test_filters_narrow_together(table: Table) -> None:
    def names(view: View) -> list[str | None]:
        asked = sources_view.asked(view, table)
        found = table.chosen(asked.sought)
        return [row.title for row in table.page(found, asked.column, asked.down, 0, asked.rows)]

    assert names(View()) == ["Strike goes on", "Strike ends", "Ferry late"]
    assert names(View(wanted="strike POST")) == ["Strike goes on"]
    assert names(View(wanted="2024-03-04")) == ["Strike ends"]
    assert names(View(wanted="9 March")) == ["Strike goes on"]
    assert names(View(wanted="opinion b.txt")) == ["Strike goes on"]
    assert names(View(outlets=("The Post", sources_view.UNKNOWN))) == [
        "Strike goes on",
        "Ferry late",
    ]
    assert names(View(kinds=("Opinion",))) == ["Strike goes on"]
    assert names(View(kinds=("No such kind",))) == []
    assert names(View(kinds=("Article", sources_view.ADDED))) == ["Ferry late"]
    assert names(View(kinds=(sources_view.OWN,))) == ["Strike goes on", "Strike ends"]
    assert len(names(View(kinds=sources_view.ORIGINS))) == 3
    assert names(View(state="gone")) == ["Ferry late"]
    assert names(View(month="2024-03", wanted="ends")) == ["Strike ends"]
    assert names(View(month="2024")) == ["Strike goes on", "Strike ends"]
    assert names(View(month="202")) == []
    assert sources_view.outlets_of(table) == ["The Courier", "The Post", sources_view.UNKNOWN]
    assert sources_view.kinds_of(table) == ["Article", "Opinion", *sources_view.ORIGINS]


@given(st.integers(0, 500), st.integers(1, 60))
def test_there_are_as_many_pages_as_the_rows_fill(count: int, rows: int) -> None:
    number = library.pages(count, rows)
    assert number == 1 or (number - 1) * rows < count <= number * rows


def test_a_second_click_turns_the_order_round() -> None:
    view = sorted_by(View(page=3), "outlet")
    assert (view.sort, view.down, view.page) == ("outlet", False, 0)
    assert sorted_by(view, "outlet").down
    assert sorted_by(view, "copies").down  # the great ones first
    assert sorted_by(view, "no such column") == view


# --- what is shown


@given(st.lists(SOURCES, max_size=5))
def test_nothing_in_the_table_of_sources_is_markup(rows: list[Source]) -> None:
    drawn = library.Coverage(tuple(library.coverage({"2024-03": len(rows) + 1})), len(rows))
    html = tables.sources(View(), rows, len(rows), 9) + tables.overview(drawn, View())
    harmless(html)
    assert html.count("<tr data-id") == len(rows)


def test_hostile_names_stay_text() -> None:
    failed = {HOSTILE: (FailedFile(HOSTILE, HOSTILE),)}
    shelf = Shelf(frozenset([HOSTILE]), failed, LastIngest(datetime.now(UTC), 1, 1, 0, 0, 0.1))
    row = source(HOSTILE, outlet=HOSTILE, author=HOSTILE, kind=HOSTILE)
    for html in (
        tables.sources(View(), [row], 1, 1),
        tables.standing(shelf, 1, 2),
        compared.comparison(comparison(HOSTILE, Judged("contradicts", HOSTILE))),
        notices.added(
            [
                Added(HOSTILE, HOSTILE, HOSTILE),
                Added(HOSTILE, None, "", ((HOSTILE, HOSTILE),)),
            ]
        ),
        notices.verdict(False, HOSTILE),
        notices.done(HOSTILE) + notices.undone(HOSTILE) + notices.key_line(HOSTILE),
        notices.reading(Step(1, 2, HOSTILE, 70.0, 9, (FailedFile(HOSTILE, HOSTILE),))),
    ):
        harmless(html)
        assert "alert(1)" in html


def test_the_head_says_how_it_is_sorted() -> None:
    heads = [
        (attributes.get("aria-sort"), n)
        for n, (tag, attributes) in enumerate(
            item for item in Elements(tables.sources(View(), [source()], 1, 1)).found
        )
        if tag == "th" and attributes.get("scope") == "col"
    ]
    assert [order for order, _ in heads] == [
        "descending" if name == "date" else "none" for name in COLUMNS
    ]


def test_what_to_do_depends_on_whose_file_it_is() -> None:
    own = tables.sources(View(), [source()], 1, 1)
    ours = tables.sources(View(), [source(added=True)], 1, 1)
    assert "The file itself stays" in own
    assert "Delete the added file" in ours
    assert "The file itself stays" not in ours


def test_empty_tables_teach() -> None:
    assert "No articles yet" in tables.sources(View(), [], 0, 0)
    assert "Show all articles" in tables.sources(View(wanted="x"), [], 0, 7)
    assert "No article says anything" in compared.comparison(
        Comparison("Q?", "", (), False, Scope(0, 0), {})
    )


def test_states_and_failures_say_what_to_do() -> None:
    html = tables.standing(Shelf(), 2, 0)
    assert "2 articles changed since" in html
    assert "data-act='ingest'" in html
    reason = "The file is empty: save the article again from where it came."
    html = tables.standing(Shelf(failed={"a.txt": (FailedFile("a.txt", reason),)}), 0, 0)
    assert "1 could not be read" in html
    assert f"<b>a.txt</b> {reason} <button" in html
    assert tables.standing(Shelf(), 0, 0) == ""
    assert "At least 2 articles changed" in tables.standing(Shelf(), 2, 0, is_whole=False)


def test_the_chart_has_its_figures_as_text() -> None:
    bars = library.coverage({"2024-03": 2, "2024-05": 1})
    html = chart.coverage(bars, 2, "2024-05")
    (group,) = [attributes for _, attributes in Elements(html).found if attributes.get("role")]
    assert group["aria-label"] == "Articles by month: March 2024 2; May 2024 1."
    assert "most: 2 in March 2024 · 2 without a date" in html
    pressed = [attributes for tag, attributes in Elements(html).found if tag == "button"]
    assert [item["data-value"] for item in pressed] == ["2024-03", "2024-05"]
    assert [item["aria-pressed"] for item in pressed] == ["false", "true"]
    assert chart.coverage([], 3) == ""


@given(st.lists(st.dates(date(1800, 1, 1), date(2030, 1, 1)), min_size=1, max_size=30))
def test_every_bar_and_label_has_a_column_of_the_drawing(days: list[date]) -> None:
    html = chart.coverage(library.coverage(Counter(f"{day:%Y-%m}" for day in days)), 0)
    found = [item for item in Elements(html).found if item[1].get("style")]
    columns = int(str(found[0][1]["style"]).removeprefix("--columns: "))
    labels, shares = 0, []
    for tag, attributes in found[1:]:
        style = dict(re.findall(r"([\w-]+): ([\d.]+)", str(attributes["style"])))
        assert 1 <= int(style["grid-column"]) <= columns
        labels += tag == "span"
        shares += [float(style["--share"])] if tag == "button" else []
    assert max(shares) == 1
    assert min(shares) > 0
    assert 1 <= labels <= columns


def test_a_phone_sorts_by_a_menu() -> None:
    html = tables.sources(View(sort="outlet", down=False), [source()], 1, 1)
    options = {
        str(attributes["value"]): "selected" in attributes
        for tag, attributes in Elements(html).found
        if tag == "option"
    }
    assert [value for value, own in options.items() if own] == ["outlet:up"]
    for order in options:
        view = in_order(View(page=2), order)
        assert (f"{view.sort}:{'down' if view.down else 'up'}", view.page) == (order, 0)
        assert view.sort in COLUMNS
    assert in_order(View(page=2), "outlet:sideways") == View(page=2)


def test_a_moment_is_told_by_the_clock_of_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        at = datetime(2024, 3, 4, 2, 5, tzinfo=UTC)
        html = tables.standing(Shelf(last=LastIngest(at, 3, 1, 0, 0, 0.1)), 0, 0)
    finally:
        monkeypatch.undo()
        time.tzset()
    moment = "<time datetime='2024-03-04T02:05:00+00:00' data-moment>3 March 2024, 21:05</time>"
    assert f"Files last looked at on {moment}: 3 files, 1 added." in html


# --- who says what


def comparison(text: str, judged: Judged = NEITHER) -> Comparison:
    found = article(text, title=text, author=text, outlet=text, published=date(2024, 3, 4))
    row = Row(found, 0, len(text), "body", text, judged, 0.5, (found,), warning=text)
    return Comparison(text, text, (row,), True, Scope(1, 1), {})


def test_the_words_open_at_their_place_and_the_table_can_be_kept() -> None:
    html = compared.comparison(comparison("Police counted 8,500.", Judged("supports", "8,500")))
    links = [attributes["href"] for tag, attributes in Elements(html).found if tag == "a"]
    assert links[0] == "#words-a.txt-0-21"
    assert str(links[1]).startswith("data:text/csv;charset=utf-8,%EF%BB%BF")
    assert "<span class='tag supports'>Supports</span>" in html
    assert re.search(r"Held against</span>\s*Police counted", html)


# --- work that takes a while


def test_work_is_told_and_what_it_gives_comes_last() -> None:
    heard = threading.Event()

    def work(progress: Progress) -> str:
        progress(Step(1, 2, "a.txt"))
        heard.wait(10)
        progress(Step(2, 2, "b.txt"))
        return "done"

    told = []
    for step in running(work):
        told.append(step)
        heard.set()
    assert told[0] == Step(1, 2, "a.txt")
    assert told[-1] == Finished("done")


def test_what_goes_wrong_in_the_work_is_raised_here() -> None:
    def work(_: Progress) -> None:
        raise ArticleError("It is no article.")

    with pytest.raises(ArticleError, match="no article"):
        list(running(work))


def test_an_ingest_is_told_by_files_done_time_left_and_what_failed_so_far() -> None:
    failed = (FailedFile("uploads:a.pdf", "no text"), FailedFile("b.pdf", "too large"))
    html = notices.reading(Step(5, 1200, "uploads:c.txt", 42.0, 14, failed))
    assert "5 of 1,200 files · about 40 seconds left · c.txt" in html
    assert "14 could not be read so far" in html
    assert html.index("b.pdf") < html.index("a.pdf")  # the newest first
    assert "and 12 more" in html
    assert "uploads:" not in html
    assert "could not be read" not in notices.reading(Step(5, 10, "a"))


def test_files_of_one_name_get_names_of_their_own_and_hidden_ones_none() -> None:
    files = ["/t/1/index.html", "/t/2/index.html", "/t/3/.DS_Store", "/t/4/index.html"]
    names = [path for _, path in added.given(files, [])]
    assert names == ["index.html", "index-2.html", "index-3.html"]


def test_files_of_a_folder_keep_their_paths_and_hidden_ones_are_left() -> None:
    paths = ["strike/1/index.html", "strike/2/index.html", "strike/.git/config"]
    found = added.given(["/t/a/index.html", "/t/b/index.html", "/t/c/config"], paths)
    assert [path for _, path in found] == paths[:2]
    assert [str(file) for file, _ in found] == ["/t/a/index.html", "/t/b/index.html"]
    assert [path for _, path in added.given(["/t/a/one.txt"], ["x/two.txt", "y"])] == ["one.txt"]


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", "[" * 9999, '{"paths": [1]}', '{"large": 2}']
)
def test_what_no_page_of_ours_tells_of_an_upload_is_not_believed(text: str | None) -> None:
    assert added.told(text) == ([], [])
