"""Feeds, Safari's archives, references and notes that are saved as files."""

import plistlib
from datetime import date

import pytest

from rag.articles.files import read_data
from rag.errors import ArticleError
from rag.schema import Article

FERRY = "The ferry strike on the Kolvik line entered its second week on Monday."
CREW = "Union leader Arne Falk said 310 crew members had walked out."
MARKED = f"&lt;p&gt;{FERRY}&lt;/p&gt;&lt;p&gt;{CREW}&lt;/p&gt;"
TITLE = "Ferry strike enters second week"
WHOLE = f"{TITLE}\n\n{FERRY}\n\n{CREW}"
DAY = date(2024, 5, 6)
MIRA = ("Mira Olsen", "Ostpost", DAY)


def only(content: str | bytes, suffix: str) -> Article:
    data = content.encode() if isinstance(content, str) else content
    found = read_data(data, suffix, f"a{suffix}")
    assert [*found.failed, *found.partly] == []
    (article,) = found.articles
    return article


def facts(article: Article) -> tuple[str | None, str | None, date | None]:
    return article.author, article.outlet, article.published


RSS = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">'
    "<channel><title>Ostpost</title><link>https://ostpost.example</link>"
)
ITEM = (
    f"<title>{TITLE}</title><link>https://ostpost.example/ferry</link>"
    "<pubDate>Mon, 06 May 2024 09:00:00 +0000</pubDate>"
)


def test_rss_with_the_whole_text() -> None:
    item = f"<dc:creator>Mira Olsen</dc:creator><description>{FERRY[:40]}…</description>"
    body = f"<content:encoded><![CDATA[<p>{FERRY}</p><p>{CREW}</p>]]></content:encoded>"
    article = only(f"{RSS}<item>{ITEM}{item}{body}</item></channel></rss>", ".rss")
    assert (article.text, facts(article)) == (WHOLE, MIRA)
    assert article.url == "https://ostpost.example/ferry"


def test_atom() -> None:
    article = only(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Ostpost</title><entry>'
        f"<title>{TITLE}</title><author><name>Mira Olsen</name></author>"
        "<published>2024-05-06T09:00:00Z</published><updated>2024-05-09T09:00:00Z</updated>"
        f'<content type="html">{MARKED}</content></entry></feed>',
        ".atom",
    )
    assert (article.text, facts(article), article.updated) == (WHOLE, MIRA, date(2024, 5, 9))


def test_a_day_of_an_update_is_not_that_of_publication() -> None:
    article = only(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Ostpost</title><entry>'
        f"<title>{TITLE}</title><updated>2024-05-09T09:00:00Z</updated>"
        f'<content type="html">{MARKED}</content></entry></feed>',
        ".xml",
    )
    assert article.published is None


def test_wordpress_gives_logins_and_drafts() -> None:
    people = (
        "<wp:author><wp:author_login>mira</wp:author_login><wp:author_display_name>Mira Olsen"
        "</wp:author_display_name></wp:author>"
    )
    body = f"<content:encoded><![CDATA[{FERRY}\n\n{CREW}]]></content:encoded>"

    def item(kind: str, status: str) -> str:
        return (
            f"<item>{ITEM}<dc:creator>mira</dc:creator>{body}<wp:post_type>{kind}</wp:post_type>"
            f"<wp:status>{status}</wp:status></item>"
        )

    items = item("post", "publish") + item("post", "draft") + item("attachment", "inherit")
    article = only(f"{RSS}{people}{items}</channel></rss>", ".xml")
    assert (article.text, facts(article)) == (WHOLE, MIRA)


def test_an_agencys_story() -> None:
    article = only(
        f'<nitf><head><title>{TITLE}</title><docdata><date.issue norm="20240506T090000Z"/>'
        f"</docdata></head><body><body.head><hedline><hl1>{TITLE}</hl1></hedline><byline>By Mira "
        "Olsen</byline><distributor>Ostpost</distributor></body.head><body.content>"
        f"<p>{FERRY}</p><p>{CREW}</p></body.content></body></nitf>",
        ".xml",
    )
    assert (article.text, facts(article)) == (WHOLE, MIRA)


def test_an_agencys_story_with_the_writers_title() -> None:
    article = only(
        f'<nitf><head><title>{TITLE}</title><docdata><date.issue norm="20240506T090000Z"/>'
        f'</docdata><pubdata name="Ostpost"/></head><body><body.head><hedline><hl1>{TITLE}</hl1>'
        "</hedline><byline>By <person>Mira Olsen</person><byttl>Staff writer</byttl></byline>"
        f"</body.head><body.content><p>{FERRY}</p><p>{CREW}</p></body.content></body></nitf>",
        ".xml",
    )
    assert (article.text, facts(article)) == (WHOLE, MIRA)


def test_wordpress_marks_captions() -> None:
    picture = '[caption id="1" width="9"]<img src="b.jpg" /> The ferry at night[/caption]'
    body = f"<content:encoded><![CDATA[{FERRY}\n\n{picture}\n\n{CREW}]]></content:encoded>"
    article = only(f"{RSS}<item>{ITEM}{body}</item></channel></rss>", ".xml")
    assert article.text == f"{TITLE}\n\n{FERRY}\n\nThe ferry at night\n\n{CREW}"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<opml version='2.0'><body><outline text='Ostpost'/></body></opml>", "a list of feeds"),
        ("<project><name>x</name></project>", r"does not know \(project\)"),
        (f"{RSS}</channel></rss>", "no entries"),
        ("<rss", "not well-formed|no entries"),
    ],
)
def test_other_xml_is_named(source: str, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        only(source, ".xml")


def test_safaris_archive() -> None:
    page = (
        f"<html><head><meta charset='utf-8'><title>{TITLE}</title><meta name='author' "
        f"content='Mira Olsen'></head><body><h1>{TITLE}</h1><p>{FERRY}</p><p>{CREW}</p>"
    )
    main = {
        "WebResourceData": page.encode("utf-16-le"), "WebResourceMIMEType": "text/html",
        "WebResourceTextEncodingName": "UTF-16LE", "WebResourceURL": "https://ostpost.example/ferry",
    }  # fmt: skip
    data = plistlib.dumps({"WebMainResource": main}, fmt=plistlib.FMT_BINARY)
    article = only(data, ".webarchive")
    assert (article.text, article.author) == (WHOLE, "Mira Olsen")
    assert article.url == "https://ostpost.example/ferry"


@pytest.mark.parametrize("data", [b"bplist00junk", plistlib.dumps({"a": 1})])
def test_a_broken_archive_is_named(data: bytes) -> None:
    with pytest.raises(ArticleError, match="not a readable saved page"):
        only(data, ".webarchive")


def test_references() -> None:
    article = only(
        f"TY  - NEWS\r\nTI  - {TITLE}\r\nAU  - Olsen, Mira\r\nT2  - Ostpost\r\n"
        f"DA  - 2024/05/06/\r\nY2  - 2024/09/01/\r\nAB  - {FERRY} {CREW}\r\nUR  - https://ostpost.example/ferry\r\n"
        "DP  - Zotero\r\nER  - \r\n",
        ".ris",
    )
    assert (article.text, facts(article)) == (f"{TITLE}\n\n{FERRY} {CREW}", MIRA)
    with pytest.raises(ArticleError, match="links and titles"):
        only(f"TY  - NEWS\nTI  - {TITLE}\nUR  - https://ostpost.example\nER  - \n", ".ris")


@pytest.mark.parametrize(
    ("source", "known"),
    [("", ("Lou Hart", None, DAY)), ("<source-url>https://o.example</source-url>", (None,) * 3)],
)
def test_a_note_is_its_writers_and_a_clipping_is_not(
    source: str, known: tuple[str | None, str | None, date | None]
) -> None:
    article = only(
        f"<en-export><note><title>{TITLE}</title><content><![CDATA[<?xml version='1.0'?><en-note>"
        f"<div>{FERRY}</div><div>{CREW}</div></en-note>]]></content><created>20240506T090000Z"
        f"</created><note-attributes><author>Lou Hart</author>{source}</note-attributes></note>"
        "</en-export>",
        ".enex",
    )
    assert (article.text, facts(article)) == (WHOLE, known)
