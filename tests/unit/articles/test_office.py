"""OpenDocument, Rich Text and e-books."""

from collections.abc import Callable
from datetime import date

import pytest
from documents import BODY, RTF, chapter, make_epub, make_odt, make_zip

from rag.errors import ArticleError
from rag.schema import Article

Read = Callable[..., Article]
DAY = date(2015, 5, 30)


def facts(article: Article) -> tuple[object, ...]:
    return article.title, article.author, article.outlet, article.published


# --- OpenDocument


ODT = (
    '<text:p text:style-name="P1">Ferry<text:s text:c="3"/>sails</text:p>'
    "<text:p>By Jane Doe, 30 May 2015</text:p>"
    f"<text:p>{BODY[0]}<text:note><text:note-citation>1</text:note-citation><text:note-body>"
    "<text:p>The ice is late.</text:p></text:note-body></text:note></text:p>"
    "<office:annotation><text:p>A remark in the margin</text:p></office:annotation>"
    f"<text:list><text:list-item><text:p>{BODY[1]}</text:p></text:list-item></text:list>"
    '<text:p text:style-name="Caption">The quay at night</text:p>'
    "<table:table><table:table-row><table:table-cell><text:p>Day</text:p></table:table-cell>"
    "<table:table-cell><text:p>Boats</text:p></table:table-cell></table:table-row></table:table>"
)
TITLE_STYLE = '<style:style style:name="P1" style:parent-style-name="Title"/>'


def test_odt(read: Read) -> None:
    meta = "<meta:initial-creator>Somebody Else</meta:initial-creator>"
    article = read(make_odt(ODT, TITLE_STYLE, meta), "a.odt")
    assert facts(article) == ("Ferry sails", "Jane Doe", None, DAY)
    assert article.text == (
        f"Ferry sails\n\nBy Jane Doe, 30 May 2015\n\n{BODY[0]}\n\nThe ice is late.\n\n{BODY[1]}\n\n"
        "The quay at night\n\nDay | Boats"
    )
    kinds = [part.kind for part in article.parts]
    assert kinds == ["body", "caption", "body", "caption", "body"]


def test_odt_properties(read: Read) -> None:
    meta = "<dc:title>Ferry</dc:title><meta:initial-creator>Jane Doe</meta:initial-creator>"
    article = read(make_odt(f"<text:p>{BODY[0]}</text:p>", meta=meta), "a.odt")
    assert facts(article) == ("Ferry", "Jane Doe", None, None)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\3\4", "not a readable OpenDocument"),
        (make_zip({"a.txt": "x"}), "not a readable OpenDocument"),
        (make_zip({"content.xml": "<a"}), "not well-formed"),
        (make_odt(ODT, manifest="<encryption-data/>"), "encrypted; save it without a password"),
        (make_odt(""), "no text"),
        (make_zip({"content.xml": b"<a>" + b" " * 5_000_000 + b"</a>"}), "times its size"),
    ],
)
def test_an_odt_that_is_none(read: Read, data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read(data, "a.odt")


def test_entities_are_neither_loaded_nor_expanded(read: Read) -> None:
    text = f"<a><body><text><p>{BODY[0]}&c;</p></text></body></a>"
    outside = '<!DOCTYPE a [<!ENTITY c SYSTEM "file:///etc/hostname">]>'
    assert read(make_zip({"content.xml": outside + text}), "a.odt").text == BODY[0]
    bomb = '<!DOCTYPE a [<!ENTITY b "' + "x" * 1000 + '"><!ENTITY c "' + "&b;" * 9000 + '">]>'
    with pytest.raises(ArticleError, match="not well-formed"):
        read(make_zip({"content.xml": bomb + text}), "a.odt")


# --- Rich Text


def test_rtf(read: Read) -> None:
    article = read(RTF, "a.rtf")
    assert facts(article) == ("Ferry sails", "Jane Doe", None, DAY)
    assert article.text == (
        "Ferry sails\n\nBy Jane Doe, 30 May 2015\n\n"
        "The harbour “master” said – on Monday that the ferry would sail 😀 again, паром.\n\n"
        "Day | Boats\n\nTwo engineers were still at work in the engine room."
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Plain text", "not readable Rich Text"),
        (rb"{\rtf1 {\pict\bin x}}", "no text"),
        (rb"{\rtf1 }", "no text"),
        (rb"{\rtf1 {\fonttbl " + rb"\f1\fcharset0 " * 3000 + b"}}", "no text"),
        (rb"{\rtf1 " + b"{" * 100_000, "nested without end"),
    ],
)
def test_rich_text_that_is_none(read: Read, data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read(data, "a.rtf")


# --- e-books


def test_epub(read: Read) -> None:
    metadata = (
        '<dc:title>Winters on the Sound</dc:title><dc:creator opf:role="aut">Jane Doe</dc:creator>'
        '<dc:creator opf:role="ill">An Artist</dc:creator><dc:contributor>calibre</dc:contributor>'
        "<dc:publisher>Harbour Books</dc:publisher>"
        '<dc:date opf:event="modification">2020-01-01</dc:date><dc:date>2015-05-30</dc:date>'
    )
    chapters = [
        chapter(
            f"<h1>One</h1><p>{BODY[0]}<sup><a epub:type='noteref' href='#n'>1</a></sup></p>"
            f"<span epub:type='pagebreak'>12</span><p>{BODY[1]}</p>"
            "<figure><img src='a.png'/><figcaption>The quay</figcaption></figure>"
        ),
        "<html><head><title/></head><body><h1>Two</h1><a id='x'/>"
        f"<p>{BODY[2]}&nbsp;&mdash; so</p></body></html>",
    ]
    article = read(make_epub(chapters, metadata), "a.epub")
    assert facts(article) == ("Winters on the Sound", "Jane Doe", "Harbour Books", DAY)
    assert article.text == (
        f"Winters on the Sound\n\nOne\n\n{BODY[0]}\n\n{BODY[1]}\n\nThe quay\n\n"
        f"Two\n\n{BODY[2]} — so"
    )
    assert [part.kind for part in article.parts] == ["body", "caption", "body"]


def test_the_day_of_conversion_is_no_date(read: Read) -> None:
    metadata = (
        "<dc:date>2020-01-01T10:00:00Z</dc:date>"
        '<meta property="dcterms:modified">2020-01-01T10:00:01Z</meta>'
    )
    assert read(make_epub([chapter(f"<p>{BODY[0]}</p>")], metadata), "a.epub").published is None


DRM = '<e><EncryptionMethod Algorithm="{}"/></e>'


def test_a_protected_book_is_refused_but_not_one_with_hidden_fonts(read: Read) -> None:
    page = [chapter(f"<p>{BODY[0]}</p>")]
    with pytest.raises(ArticleError, match="copy-protected"):
        read(make_epub(page, extra=DRM.format("http://ns.adobe.com/adept")), "a.epub")
    hidden = make_epub(page, extra=DRM.format("http://www.idpf.org/2008/embedding-obfuscation"))
    assert read(hidden, "a.epub").text == BODY[0]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\3\4", "not a readable e-book"),
        (make_zip({"a.txt": "x"}), "not a readable e-book"),
        (make_epub([]), "no text"),
        (make_epub([chapter("<p>" + "0" * 5_000_000 + "</p>")]), "times its size"),
    ],
)
def test_a_book_that_is_none(read: Read, data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read(data, "a.epub")


def test_chapters_nested_without_end(read: Read) -> None:
    deep = "<html><body>" + "<div>" * 5000 + f"<p>{BODY[0]}</p>"
    assert BODY[0] in read(make_epub([deep, chapter(f"<p>{BODY[0]}</p>")]), "a.epub").text
