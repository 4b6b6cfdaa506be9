"""Mails, and web pages saved as one file."""

from collections.abc import Callable
from datetime import date

import pytest
from documents import BODY, PAGE, make_mail, make_mhtml

from rag.errors import ArticleError
from rag.schema import Article

Read = Callable[..., Article]
DAY = date(2015, 5, 30)
TEXT = "\n\n".join(BODY)
HEADERS = (
    "From: The Gazette <news@gazette.example>\nDate: Sat, 30 May 2015 23:30:00 -0400\n"
    "Subject: =?utf-8?Q?Ferry_=E2=80=93_sails?=\n"
)


def facts(article: Article) -> tuple[object, ...]:
    return article.title, article.author, article.outlet, article.published


def test_a_newsletter(read: Read) -> None:
    layout = (
        "<html><head><title>Number 5</title><style>p{}</style></head><body>"
        "<div style='display:none'>What you see in the list of mails</div>"
        "<table><tr><td><a href='x'>View this email in your browser</a></td></tr><tr><td>"
        f"<h1>Ferry – sails</h1><p>By Jane Doe</p>{''.join(f'<p>{t}</p>' for t in BODY)}"
        "</td></tr><tr><td>Unsubscribe</td><td>Sent to a@b.example</td></tr></table></body></html>"
    )
    article = read(make_mail(layout, HEADERS, subtype="html"), "a.eml")
    assert facts(article) == ("Ferry – sails", "Jane Doe", "The Gazette", DAY)
    assert article.text == f"Ferry – sails\n\nBy Jane Doe\n\n{TEXT}"


def test_a_web_page_that_was_mailed(read: Read) -> None:
    around = PAGE.replace("<body>", "<body><nav><p>Home and a menu of all our sections</p></nav>")
    article = read(make_mail(around, HEADERS, subtype="html"), "a.eml")
    assert article.text == f"Ferry – sails\n\n{TEXT}"


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "utf-16"])
def test_plain_text(read: Read, charset: str) -> None:
    article = read(make_mail(f"„Größe“\n\n{TEXT}", HEADERS, charset=charset), "a.eml")
    assert article.text == f"Ferry – sails\n\n„Größe“\n\n{TEXT}"


def test_the_html_part_counts(read: Read) -> None:
    parts = (
        f'{HEADERS}MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="cut"\n\n'
        "--cut\nContent-Type: text/plain\n\nYour program shows no HTML.\n"
        f"--cut\nContent-Type: text/html\n\n<p>{BODY[0]}</p>\n--cut--\n"
    )
    assert read(parts, "a.eml").text == f"Ferry – sails\n\n{BODY[0]}"
    empty = parts.replace(f"<p>{BODY[0]}</p>", "<img src='x'>")
    assert read(empty, "a.eml").text == "Ferry – sails\n\nYour program shows no HTML."


@pytest.mark.parametrize(
    ("sender", "author", "outlet"),
    [
        ("Jane Doe <jane@x.example>", "Jane Doe", None),
        ("The Gazette <news@gazette.example>", None, "The Gazette"),
        ('"Jane Doe from The Gazette" <jane@gazette.example>', "Jane Doe", "The Gazette"),
        ("Jane Doe | The Gazette <jane@gazette.example>", "Jane Doe", "The Gazette"),
        ("Harbour Brew <crew@harbourbrew.example>", None, "Harbour Brew"),
        ("jane@x.example", None, None),
        ("<<>>,;", None, None),
    ],
)
def test_senders(read: Read, sender: str, author: str | None, outlet: str | None) -> None:
    mail = make_mail(TEXT, f"From: {sender}\nSubject: Ferry")
    assert facts(read(mail, "a.eml")) == ("Ferry", author, outlet, None)


def test_a_printed_byline_wins_over_the_sender(read: Read) -> None:
    mail = make_mail(f"By John Roe\n\n{TEXT}", "From: Jane Doe <j@x.example>\nSubject: Ferry")
    assert read(mail, "a.eml").author == "John Roe"


@pytest.mark.parametrize("value", ["", "soon", "32 Foo 2015", "Sat, 99 May 2015 10:00"])
def test_a_date_header_that_is_none(read: Read, value: str) -> None:
    assert read(make_mail(TEXT, f"Subject: x\nDate: {value}"), "a.eml").published is None


def test_a_forwarded_article_without_its_sender(read: Read) -> None:
    headers = "From: Me Myself <me@x.example>\nSubject: Fwd: Ferry sails\nDate: Wed, 1 Jan 2020"
    assert facts(read(make_mail(TEXT, headers), "a.eml")) == ("Ferry sails", None, None, None)


def test_an_unencoded_subject(read: Read) -> None:
    article = read("Subject: Fähre fährt\n\n".encode() + TEXT.encode(), "a.eml")
    assert article.title == "Fähre fährt"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no mail", "not a readable mail"),
        (b"Subject: \n\n", "no text"),
        (b"\n\n\0", "not text"),
        (b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 2000, "not a readable mail|text"),
    ],
)
def test_a_mail_that_is_none(read: Read, data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read(data, "a.eml")


# --- pages saved as one file


@pytest.mark.parametrize("suffix", [".mhtml", ".mht"])
def test_a_saved_page(read: Read, suffix: str) -> None:
    article = read(make_mhtml(PAGE.encode()), f"a{suffix}")
    assert article.text == f"Ferry sails\n\n{TEXT}"
    assert (article.url, article.published) == ("https://example.com/a", None)


@pytest.mark.parametrize(
    ("encoding", "charset", "meta"),
    [
        ("utf-8", "", ""), ("cp1252", "windows-1252", ""), ("cp1251", "windows-1251", ""),
        ("cp1251", "", "<meta charset=windows-1251>"), ("utf-16", "utf-16", ""),
    ],
)  # fmt: skip
def test_its_encoding(read: Read, encoding: str, charset: str, meta: str) -> None:
    words = "Паром идёт снова" if "1251" in encoding else "Fähre – “so”"
    page = PAGE.replace("<head>", f"<head>{meta}").replace(BODY[0], f"{BODY[0]} {words}.")
    assert words in read(make_mhtml(page.encode(encoding), charset=charset), "a.mhtml").text


def test_an_address_that_is_none(read: Read) -> None:
    assert read(make_mhtml(PAGE.encode(), url="cid:x --> <p>y"), "a.mhtml").url is None


def test_a_saved_page_without_a_page(read: Read) -> None:
    with pytest.raises(ArticleError, match="not a readable saved page"):
        read("Subject: x\nContent-Type: image/png\n\nxx", "a.mhtml")
