"""Files that hold many articles: tables, JSON, archives. What is bad in them costs itself."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from documents import BODY, PAGE, make_zip

from rag.articles.files import read_articles, read_data, read_file
from rag.articles.listing import find_files
from rag.articles.reading import Reading
from rag.errors import ArticleError
from rag.schema import Article

DAY = date(2015, 5, 30)


def reading(content: str | bytes, suffix: str) -> Reading:
    return read_data(
        content.encode() if isinstance(content, str) else content, suffix, f"a{suffix}"
    )


def only(content: str | bytes, suffix: str) -> Article:
    (article,) = reading(content, suffix).articles
    return article


def facts(article: Article) -> tuple[object, ...]:
    return article.title, article.author, article.outlet, article.published, article.url


def failures(found: Reading) -> list[tuple[str, str]]:
    return [(item.file, item.reason) for item in found.failed]


# --- tables


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table(delimiter: str) -> None:
    rows = [
        ["Title", "Author(s)", "Date_Published", "SOURCE", "Link", "Article Body"],
        ["Ferry", "Jane Doe", "2015-05-30", "The Gazette", "https://e.x/a", f'"{BODY[0]}"'],
    ]
    article = only("\n".join(delimiter.join(row) for row in rows), ".csv")
    assert facts(article) == ("Ferry", "Jane Doe", "The Gazette", DAY, "https://e.x/a")
    assert (article.path, article.text) == ("a.csv#2", f"Ferry\n\n{BODY[0]}")


@pytest.mark.parametrize("name", ["text", "TEXT", "content", "Body", "full_text", "articleBody"])
def test_usual_names_of_the_text(name: str) -> None:
    assert only(f"{name}\n{BODY[1]}", ".tsv").text == BODY[1]


def test_cells_may_hold_lines_quotes_and_markup() -> None:
    plain = only(f'text\n"One ""quoted"" word.\n\n{BODY[1]}"\n', ".csv")
    assert plain.text == f'One "quoted" word.\n\n{BODY[1]}'
    marked = only(f"text\n<p>{BODY[0]}</p><p>Fish &amp; chips</p>", ".csv")
    assert marked.text == f"{BODY[0]}\n\nFish & chips"
    long = only("text\n" + "Word and word. " * 20_000, ".csv")
    assert len(long.text) > 250_000


@pytest.mark.parametrize("authors", ["['Jane Doe', 'John Roe']", '["Jane Doe", "John Roe"]'])
def test_a_printed_list_of_authors(authors: str) -> None:
    assert only(f"text;authors\n{BODY[0]};{authors}", ".csv").author == "Jane Doe, John Roe"


def test_a_table_as_a_spreadsheet_writes_it() -> None:
    table = f"sep=;\r\nText;Title\r\n{BODY[0]};Fähre\r\n;;\r\n"
    assert only(table.encode("utf-16"), ".csv").title == "Fähre"
    assert only(table.encode("cp1252"), ".csv").title == "Fähre"
    assert only(f"Press review,,\nTitle,Text,Date\nFerry,{BODY[1]},", ".csv").title == "Ferry"


def test_a_bad_row_costs_that_row_alone() -> None:
    found = reading(
        f'id,text,title\nx1,{BODY[0][:-1]},A\nx2,,B\nx1,text,C\nx3,"a"b,D\n\nx4,{BODY[1][:20]},E,F\n'
        f'x5,{BODY[2][:20]},G\nx6,"never closed,H\n',
        ".csv",
    )
    assert [article.path for article in found.articles] == ["a.csv#x1", "a.csv#x5"]
    assert failures(found) == [
        ("a.csv, row 3", "Its text is empty."),
        ("a.csv, row 4", "It has the same id as row 2: x1."),
        ("a.csv, row 5",
         "',' expected after '\"'; quotation marks within a quoted cell must be doubled."),
        ("a.csv, row 7", "It has 4 cells under 3 columns."),
        ("a.csv, row 9",
         "A quotation mark is opened and never closed; the table ends within the cell."),
    ]  # fmt: skip


def test_a_table_without_text_names_its_columns() -> None:
    with pytest.raises(ArticleError, match=r"columns are name, \(empty\), wörd\. Call one text, "):
        reading("name,,wörd\n1,2,3", ".csv")


def test_many_failures_are_counted() -> None:
    found = reading("text,title\n" + ",x\n" * 250, ".csv")
    assert len(found.failed) == 101
    assert failures(found)[-1] == ("a.csv", "150 more rows could not be read.")


# --- JSON


RECORD = {
    "headline": "Ferry", "articleBody": BODY[0], "author": {"name": "Jane Doe"},
    "datePublished": "2015-05-30T10:00:00Z", "publisher": {"name": "The Gazette"},
    "url": "https://e.x/a",
}  # fmt: skip
FACTS = ("Ferry", "Jane Doe", "The Gazette", DAY, "https://e.x/a")


def test_one_article_is_cited_as_the_file() -> None:
    article = only(json.dumps(RECORD), ".json")
    assert (article.path, facts(article)) == ("a.json", FACTS)


@pytest.mark.parametrize(
    "around",
    [
        lambda items: items,
        lambda items: {"status": "ok", "articles": items},
        lambda items: {"response": {"total": 1, "results": items}},
        lambda items: {"data": {"items": items}},
        lambda items: {"hits": {"hits": [{"_source": item} for item in items]}},
        lambda items: {"@graph": items},
    ],
)
def test_a_list_of_articles(around: Callable[[list[object]], object]) -> None:
    article = only(json.dumps(around([RECORD])), ".json")
    assert (article.path, facts(article)) == ("a.json#1", FACTS)


def test_articles_by_their_ids() -> None:
    assert only(json.dumps({"x7": RECORD}), ".json").path == "a.json#x7"


def test_lines_in_a_json_file() -> None:
    found = reading('{"text": "One two."}\n{"text": "Three four."}\n', ".json")
    assert [article.path for article in found.articles] == ["a.json#1", "a.json#2"]


def test_news_as_services_deliver_it() -> None:
    item = {
        "source": {"id": None, "name": "The Gazette"}, "author": "Jane Doe", "title": "Ferry",
        "url": "https://e.x/a", "publishedAt": "2015-05-30T10:00:00Z", "content": BODY[0],
    }  # fmt: skip
    assert facts(only(json.dumps({"articles": [item]}), ".json")) == FACTS
    post = {"title": {"rendered": "Ferry"}, "content": {"rendered": f"<p>{BODY[0]}</p>"}}
    assert only(json.dumps([post]), ".json").text == f"Ferry\n\n{BODY[0]}"


def test_a_bad_item_costs_that_item_alone() -> None:
    found = reading(json.dumps([RECORD, "x", {"title": "A"}, {"text": " "}]), ".json")
    assert len(found.articles) == 1
    assert failures(found) == [
        ("a.json, item 2", "It is not an object with an article's fields."),
        ("a.json, item 3", "It has no text; name the field text, content, body or article."),
        ("a.json, item 4", "Its text is empty."),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"a": 1, "b": [2]}', "its fields are a, b"),
        ("[]", "no list of articles"),
        ('"text"', "no list of articles"),
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
    ],
)
def test_json_without_articles(content: str, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        reading(content, ".json")


def test_a_bad_line_costs_that_line_alone() -> None:
    found = reading('{"id": "1", "text": "x"}\n{"id": \n\n["x"]\n{"id": 1, "text": "y"}', ".jsonl")
    assert [article.path for article in found.articles] == ["a.jsonl#1"]
    assert [item.file for item in found.failed] == [
        "a.jsonl, line 2", "a.jsonl, line 4", "a.jsonl, line 5",
    ]  # fmt: skip


def test_a_line_without_an_id_never_takes_that_of_another() -> None:
    found = reading('{"id": "2", "text": "One."}\n{"text": "Two."}', ".jsonl")
    assert [article.path for article in found.articles] == ["a.jsonl#2", "a.jsonl#line-2"]


# --- archives


def test_an_archive_is_read_like_a_folder() -> None:
    found = reading(
        make_zip(
            {
                "b/Page.html": PAGE, "b/Page_files/ad.html": PAGE, ".hidden": "x",
                "__MACOSX/b/._Page.html": "x", "a.txt": BODY[0], "t.csv": f"text,x\n{BODY[1]},\n,y",
            }
        ),
        ".zip",
    )  # fmt: skip
    assert [article.path for article in found.articles] == [
        "a.zip/a.txt", "a.zip/b/Page.html", "a.zip/t.csv#2",
    ]  # fmt: skip
    assert failures(found) == [("a.zip/t.csv, row 3", "Its text is empty.")]


def test_a_bad_member_costs_that_member_alone() -> None:
    archive = {"a.txt": BODY[0], "b.pdf": "x", "c.zip": make_zip({"x.txt": "x"}), "d.xyz": "x"}
    found = reading(make_zip(archive), ".zip")
    assert [article.path for article in found.articles] == ["a.zip/a.txt"]
    assert [item.file for item in found.failed] == ["a.zip/b.pdf", "a.zip/c.zip", "a.zip/d.xyz"]
    assert "archive within an archive" in found.failed[1].reason


@pytest.mark.parametrize(
    "name", ["../../etc/a.txt", "/etc/a.txt", "..\\..\\etc\\a.txt", "./etc//a.txt"]
)
def test_names_that_lead_out_of_the_folder(name: str) -> None:
    assert only(make_zip({name: BODY[0]}), ".zip").path == "a.zip/etc/a.txt"


def test_an_archive_that_would_fill_the_memory_is_refused_unopened() -> None:
    with pytest.raises(ArticleError, match="times its size"):
        reading(make_zip({"a.txt": b"0" * 5_000_000}), ".zip")


def test_a_member_that_would_fill_the_memory_is_refused() -> None:
    noise = bytes(range(256)) * 40
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("a.txt", b"0" * 4_000_000, compress_type=zipfile.ZIP_DEFLATED)
        archive.writestr("b.txt", BODY[0])
        for n in range(10):
            archive.writestr(f"{n}.bin", noise)
    found = reading(stored.getvalue(), ".zip")
    assert [article.path for article in found.articles] == ["a.zip/b.txt"]
    assert "times its size" in dict(failures(found))["a.zip/a.txt"]


def test_a_member_that_is_larger_than_it_says_is_cut_and_refused() -> None:
    whole = make_zip({"a.txt": b"0" * 3_000_000})
    lying = whole.replace((3_000_000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    assert lying != whole
    found = reading(lying, ".zip")
    assert "damaged" in found.failed[0].reason


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_a_limit_are_refused(method: int) -> None:
    found = reading(make_zip({"a.txt": BODY[0]}, method), ".zip")
    assert "unusual way" in found.failed[0].reason


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"count": 1}, "holds 2 files; 1 are allowed"),
        ({"total": 100}, "unpacks to 0 MB; 0 are allowed"),
    ],
)
def test_limits(monkeypatch: pytest.MonkeyPatch, limits: dict[str, int], reason: str) -> None:
    from rag.articles.formats.zips import Limits

    tight = Limits(**{"member": 1000, "total": 1000, "count": 10, **limits})
    monkeypatch.setattr("rag.articles.formats.archives._LIMITS", tight)
    with pytest.raises(ArticleError, match=reason):
        reading(make_zip({"a.txt": BODY[0], "b.txt": BODY[1]}), ".zip")


def test_an_encrypted_member() -> None:
    data = bytearray(make_zip({"a.txt": BODY[0]}))
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + flags] |= 1
    assert "encrypted" in reading(bytes(data), ".zip").failed[0].reason


def test_an_archive_of_nothing() -> None:
    with pytest.raises(ArticleError, match="no article in the file"):
        reading(make_zip({".hidden": "x"}), ".zip")
    with pytest.raises(ArticleError, match="not a readable zip archive"):
        reading(b"PK\3\4", ".zip")


# --- what is asked of a file


def test_a_file_without_a_single_article(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"id": ')
    assert [item.file for item in read_file(file, "b/a.jsonl").failed] == ["b/a.jsonl, line 1"]
    with pytest.raises(ArticleError, match=r"^line 1: It is not valid JSON"):
        read_articles(file, "b/a.jsonl")


def test_a_page_saved_complete_is_one_article(tmp_path: Path) -> None:
    (tmp_path / "Page_files").mkdir()
    (tmp_path / "Page_files" / "frame.html").write_text("<p>An advertisement</p>")
    (tmp_path / "Page.html").write_text(PAGE)
    (file,) = find_files(tmp_path)
    (article,) = read_file(file, "Page.html").articles
    assert article.text == "\n\n".join(["Ferry sails", *BODY])


def test_a_picture_that_shrinks_well_does_not_cost_the_archive() -> None:
    data = make_zip({"a.txt": BODY[0], "flat.bmp": bytes(6_000_000), "flat.tiff": bytes(6_000_000)})
    reading = read_data(data, ".zip", "a.zip")
    assert [article.path for article in reading.articles] == ["a.zip/a.txt"]
