"""One small document for each thing that a format can hold."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rag.articles import read_articles
from rag.articles.formats.zips import Limits
from rag.errors import ArticleError
from rag.schema import Article

Read = Callable[..., Article]
BODY = (
    "The harbour master said on Monday that the ferry would sail again as soon as the ice allows.",
    "Two engineers were still at work in the engine room, a third was on her way from the city.",
    "Passengers who had waited since Friday were given soup, blankets and a new timetable to read.",
)
DAY = date(2015, 5, 30)


def facts(article: Article) -> tuple[object, ...]:
    return article.title, article.author, article.outlet, article.published, article.url


# --- Markdown


def test_front_matter_wins(read: Read) -> None:
    article = read(
        '---\ntitle: "Ferry: it sails"\nauthors: [Jane Doe, John Roe]\noutlet: The Gazette\n'
        "date: 2015-05-30\nurl: https://example.com/a\nsection: Opinion\n---\n\n"
        + "# Another headline\n\n"
        + BODY[0],
        "a.md",
    )
    assert facts(article) == (
        "Ferry: it sails", "Jane Doe, John Roe", "The Gazette", DAY, "https://example.com/a",
    )  # fmt: skip
    assert article.label == "opinion"


def test_front_matter_that_is_no_yaml_is_read_line_by_line(read: Read) -> None:
    article = read(f"---\ntitle: Ferry: it sails\ndate: 2015-05-30\n---\n{BODY[0]}", "a.md")
    assert (article.title, article.published) == ("Ferry: it sails", DAY)


@pytest.mark.parametrize("value", ["2015-13-45", "[1, 2]", "{a: b}", "yesterday", "03/04/2015", ""])
def test_a_date_that_is_none_stays_unknown(read: Read, value: str) -> None:
    assert read(f"---\ndate: {value}\ntitle: Ferry\n---\n{BODY[0]}", "a.md").published is None


def test_markdown_marks_are_stripped(read: Read) -> None:
    article = read(
        "Ferry sails\n===========\n\n*By Jane Doe*, **30 May 2015**\n\n## Below\n"
        "A [link](http://x.y/(z)) and ![image](i.png) and `code` and snake_case_name and 2 * 3 * 4."
        "[^1]\n\n> quoted _words_\n\n* one\n* two\n\n<!-- hidden -->\n\n---\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n[^1]: note\n\n[r]: http://z\n",
        "a.markdown",
    )
    assert article.text == (
        "Ferry sails\n\nBy Jane Doe, 30 May 2015\n\nBelow\n\n"
        "A link and and code and snake_case_name and 2 * 3 * 4.\n\nnote\n\nquoted words\n\n"
        "- one\n- two\n\na | b\n1 | 2"
    )
    assert facts(article)[:4] == ("Ferry sails", "Jane Doe", None, DAY)


def test_what_only_looks_like_markdown_stays(read: Read) -> None:
    code = "for __name__ in *args:\n# sail"
    source = f"# Ferry\n\n{BODY[0]}\n\n```\n{code}\n```\n\n`a*b*c` &amp; \\*x\\*"
    assert read(source, "a.md").text == f"Ferry\n\n{BODY[0]}\n\n{code}\n\na*b*c & *x*"


# --- HTML


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


STORY = "<article><h1>Ferry sails</h1>" + "".join(f"<p>{text}</p>" for text in BODY) + "</article>"
JSON_LD = """<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "no"},
{"@type": "OpinionNewsArticle", "headline": "Ferry sails",
"datePublished": "2015-05-30T23:00:00-04:00",
"author": [{"name": "Jane Doe"}, {"name": "John Roe"}], "publisher": {"name": "The Gazette"},
"mainEntityOfPage": {"@id": "https://example.com/a"}}]}</script>"""


def test_json_ld(read: Read) -> None:
    article = read(page(STORY, JSON_LD), "a.html")
    assert facts(article) == (
        "Ferry sails", "Jane Doe, John Roe", "The Gazette", DAY, "https://example.com/a",
    )  # fmt: skip
    assert article.label == "opinion"
    assert article.text == "\n\n".join(["Ferry sails", *BODY])


def test_meta_tags(read: Read) -> None:
    head = """<title>Ferry sails - The Gazette</title>
    <meta property="og:site_name" content="The Gazette"><meta name="author" content="Jane Doe">
    <meta property="og:title" content="Ferry sails | The Gazette">
    <meta property="article:published_time" content="2015-05-30T10:00:00Z">
    <link rel="canonical" href="https://example.com/a">"""
    assert facts(read(page(STORY, head), "a.htm")) == (
        "Ferry sails", "Jane Doe", "The Gazette", DAY, "https://example.com/a",
    )  # fmt: skip


def test_a_visible_byline(read: Read) -> None:
    body = STORY.replace(
        "</h1>", "</h1><p class='byline'>By Jane Doe</p><p class='date'>30 May 2015</p>"
    )
    article = read(page(body), "a.html")
    assert facts(article)[1:4] == ("Jane Doe", None, DAY)
    assert article.text.startswith("Ferry sails\n\n30 May 2015\n\n")  # who wrote it is known


def test_no_date_is_made_up(read: Read) -> None:
    body = (
        STORY
        + "<footer>© 2019 X. <p class='date'>Today is 1 June 2019, sunny and warm</p></footer>"
    )
    head = "<link rel='canonical' href='https://example.com/2018/04/05/ferry'>"
    assert read(page(body, head), "a.html").published is None


def test_comments_of_a_page_keep_their_authors(read: Read) -> None:
    comments = """<section id="comments"><h2>Comments (2)</h2><ol>
    <li class="comment"><cite class="fn">muck</cite> says:
      <div class="comment-body"><p>Good.</p><p>Very.</p></div>
      <ul><li class="comment"><b class="comment-author">jo</b><p>A reply &lt;b&gt;.</p></li></ul>
    </li>
    </ol><form>Leave a reply</form></section>"""
    article = read(page(STORY + comments), "a.html")
    found = [
        (p.author, article.text[p.start : p.end]) for p in article.parts if p.kind == "comment"
    ]
    assert found == [("muck", "Good.\n\nVery."), ("jo", "A reply <b>.")]
    assert "Leave a" not in article.text


def test_figure_captions(read: Read) -> None:
    figure = "<figure><img src='x'><figcaption>The ferry in the ice</figcaption></figure>"
    article = read(page(STORY.replace("<p>Two", figure + "<p>Two")), "a.html")
    kinds = [(p.kind, article.text[p.start : p.end][:9]) for p in article.parts]
    assert kinds == [("body", "Ferry sai"), ("caption", "The ferry"), ("body", "Two engin")]


def test_a_declared_charset_and_an_xml_head(read: Read) -> None:
    source = page(STORY.replace("master", "Прага"), "<meta charset='windows-1251'>")
    assert "Прага" in read(source.encode("cp1251"), "a.html").text
    xhtml = "<?xml version='1.0' encoding='utf-8'?>" + source.replace("windows-1251", "utf-8")
    assert "Прага" in read(xhtml, "a.xhtml").text


def test_a_very_short_page_is_read(read: Read) -> None:
    article = read(page("<h1>Ferry</h1><p>It sails.</p>"), "a.html")
    assert article.text == "Ferry\n\nIt sails."


# --- Word


def test_word(read: Read, word: Callable[..., bytes]) -> None:
    article = read(
        word(
            [("Title", "Ferry sails"), ("Normal", "By Jane Doe, 30 May 2015"), ("Normal", BODY[0]),
             ("Caption", "The ferry in the ice"), ("Heading 2", "Below"), ("Normal", BODY[1])],
            author="Somebody Else", table=[["Day", "Boats"], ["Monday", "3"]],
        ),
        "a.docx",
    )  # fmt: skip
    assert facts(article)[:4] == ("Ferry sails", "Jane Doe", None, DAY)
    assert article.text.endswith(f"Below\n\n{BODY[1]}\n\nDay | Boats\nMonday | 3")
    assert [part.kind for part in article.parts] == ["body", "caption", "body"]


@pytest.mark.parametrize(
    ("author", "expected"),
    [("Jane Doe", "Jane Doe"), ("python-docx", None), ("Microsoft Office User", None), ("", None)],
)
def test_the_author_property_counts_where_no_byline_is(
    read: Read, word: Callable[..., bytes], author: str, expected: str | None
) -> None:
    article = read(word([("Heading 1", "Ferry"), ("Normal", BODY[0])], author=author), "a.docx")
    assert (article.author, article.published) == (expected, None)


def test_a_document_that_unpacks_to_too_much_is_refused(
    read: Read, word: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.articles.formats.office.ooxml.LIMITS", Limits(member=1000, total=1000))
    with pytest.raises(ArticleError, match="unpacks to"):
        read(word([("Normal", BODY[0])]), "a.docx")


def test_a_document_without_text_is_refused(read: Read, word: Callable[..., bytes]) -> None:
    with pytest.raises(ArticleError, match="no text"):
        read(word([]), "a.docx")


# --- PDF


def lines(top: float, *texts: str, size: float = 11) -> list[tuple[float, float, float, str]]:
    return [(70, top - 14 * n, size, text) for n, text in enumerate(texts)]


def test_pdf(read: Read, pdf: Callable[..., bytes]) -> None:
    first = [
        (70, 810, 8, "Harbour Weekly | page 1"),
        (70, 740, 20, "Ferry sails again"),
        *lines(710, "By Jane Doe, 30 May 2015"),
        *lines(680,
               "The harbour master said on Monday that the ferry would sail as soon as the ice",
               "allows. Two engi-",
               "neers were at work, and a third was on her way to the island from the",
               "city. Nobody knew when."),
        *lines(595,
               "Passengers who had waited since Friday were given soup and blankets, and a co-",
               "operative spirit reigned on the quay until the evening, when the second cold"),
    ]  # fmt: skip
    second = [
        (70, 810, 8, "Harbour Weekly | page 2"),
        *lines(760, "night began. Then they slept."),
        *lines(
            720, "The engineers slept too, and the cooperative spirit with them, until it was day."
        ),
        (290, 30, 8, "2"),
    ]
    article = read(pdf([first, second]), "a.pdf")
    assert facts(article)[:4] == ("Ferry sails again", "Jane Doe", "Harbour Weekly", DAY)
    assert article.text == (
        "Ferry sails again\n\nBy Jane Doe, 30 May 2015\n\n"
        "The harbour master said on Monday that the ferry would sail as soon as the ice allows. "
        "Two engineers were at work, and a third was on her way to the island from the "
        "city. Nobody knew when.\n\n"
        "Passengers who had waited since Friday were given soup and blankets, and a cooperative "
        "spirit reigned on the quay until the evening, when the second cold night began. "
        "Then they slept.\n\n"
        "The engineers slept too, and the cooperative spirit with them, until it was day."
    )
    assert article.pages == (0, article.text.index("night began"))
    assert article.page_at(article.text.index("slept too")) == 2


def test_pdf_information(read: Read, pdf: Callable[..., bytes]) -> None:
    info = "/Title (Ferry sails) /Author (Jane Doe) /CreationDate (D:20150530000000Z)"
    article = read(pdf([lines(700, *BODY)], info), "a.pdf")
    assert facts(article)[:4] == ("Ferry sails", "Jane Doe", None, None)
    junk = "/Title (Microsoft Word - ferry.docx) /Author (Administrator)"
    assert facts(read(pdf([lines(700, *BODY)], junk), "a.pdf"))[:2] == (None, None)


def test_empty_pages_count(read: Read, pdf: Callable[..., bytes]) -> None:
    article = read(pdf([[], lines(700, BODY[0]), [], lines(700, BODY[1]), []]), "a.pdf")
    assert len(article.pages) == 5
    assert article.page_at(article.text.index("Two engineers")) == 4
    assert article.page_at(0) == 2


def test_a_scanned_pdf_is_refused(read: Read, pdf: Callable[..., bytes]) -> None:
    with pytest.raises(ArticleError, match="OCR"):
        read(pdf([[], []]), "a.pdf")


def test_an_encrypted_pdf_is_refused(read: Read, pdf: Callable[..., bytes]) -> None:
    lock = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{0}> /U <{0}> >> /ID [<{1}> <{1}>]"
    with pytest.raises(ArticleError, match="encrypted; save a copy without a password"):
        read(pdf([lines(700, *BODY)], trailer=lock.format("ab" * 32, "cd" * 16)), "a.pdf")


# --- JSON lines


def test_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(
        '{"id": "x1", "title": "Ferry", "text": "It sails.\\n\\nIt does.", "published": '
        '"2015-05-30T10:00:00Z", "authors": ["Jane Doe"], "outlet": "The Gazette", '
        '"url": "https://e.x/a"}\n'
        "\n"
        '{"title": "Other", "text": "Other\\n\\nIt sank.", "authors": "John Roe", '
        '"published": "soon"}\n'
        '{"id": 7, "text": "x \\ud800 y"}\n'
    )
    one, two, three = read_articles(file, "b/a.jsonl")
    assert [article.path for article in (one, two, three)] == [
        "b/a.jsonl#x1", "b/a.jsonl#3", "b/a.jsonl#7",
    ]  # fmt: skip
    assert facts(one) == ("Ferry", "Jane Doe", "The Gazette", DAY, "https://e.x/a")
    assert one.text == "Ferry\n\nIt sails.\n\nIt does."
    assert (two.text, two.author, two.published) == ("Other\n\nIt sank.", "John Roe", None)
    assert three.text == "x y"
