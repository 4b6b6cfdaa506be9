"""One made-up story in every format that is read, told as fully as the format allows."""

from __future__ import annotations

import io
import json
import plistlib
from collections.abc import Callable
from email.message import EmailMessage
from html import escape
from pathlib import Path

from conftest import make_pdf
from documents import (
    BODY,
    chapter,
    make_book,
    make_epub,
    make_mhtml,
    make_msg,
    make_odf,
    make_odt,
    make_scan,
    make_slides,
    make_word,
    make_zip,
)

TITLE, AUTHOR, OUTLET = "Ferry sails again", "Jane Doe", "The Harbour Gazette"
BYLINE, DAY = f"By {AUTHOR}", "30 May 2015"
PHOTO = "Photo: The ferry at its quay on Friday."
READER = "gull47 says:"
REMARK = "About time too, I had given up all hope of seeing my aunt before the winter comes."
FIXTURES = Path(__file__).parents[2] / "fixtures" / "formats"
LINES = (TITLE, f"{BYLINE}, {OUTLET}, {DAY}", *BODY, BODY[0].replace("again", "on"), PHOTO)
WITH_COMMENTS = (*LINES, "Comments", f"{READER}\n{REMARK}")
RECORD = {
    "title": TITLE, "author": AUTHOR, "outlet": OUTLET, "date": "2015-05-30",
    "text": "\n\n".join(BODY),
}  # fmt: skip


def plain() -> bytes:
    return "\n\n".join(WITH_COMMENTS).encode()


def markdown() -> bytes:
    head = f"---\ntitle: {TITLE}\nauthor: {AUTHOR}\noutlet: {OUTLET}\ndate: 2015-05-30\n---\n"
    return (head + "\n\n".join((f"# {TITLE}", *WITH_COMMENTS[2:]))).encode()


def page() -> bytes:
    meta = "".join(
        f'<meta property="{name}" content="{value}">'
        for name, value in (
            ("og:title", TITLE),
            ("og:site_name", OUTLET),
            ("article:author", AUTHOR),
            ("article:published_time", "2015-05-30T10:00:00Z"),
        )
    )
    body = "".join(f"<p>{text}</p>" for text in (*BODY, LINES[-2]))
    figure = "<figure><img src='a.jpg'><figcaption>The ferry at its quay.</figcaption></figure>"
    comments = (
        '<ol class="comment-list"><li class="comment"><cite class="author">gull47</cite>'
        f"<p>{REMARK}</p></li></ol>"
    )
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{TITLE}</title>{meta}</head><body><article>"
        f"<h1>{TITLE}</h1>{body}{figure}</article>{comments}</body></html>"
    ).encode()


def pdf() -> bytes:
    first = [(70.0, 800.0, 20.0, TITLE), (70.0, 770.0, 10.0, LINES[1])]
    return make_pdf(
        [
            [*first, *((70.0, 740.0 - 30 * n, 10.0, text) for n, text in enumerate(BODY))],
            [(70.0, 780.0, 10.0, LINES[-2]), (70.0, 740.0, 10.0, PHOTO)],
        ]
    )


def word() -> bytes:
    return make_word(
        "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in WITH_COMMENTS)
    )


def open_text() -> bytes:
    return make_odt("".join(f"<text:p>{escape(text)}</text:p>" for text in WITH_COMMENTS))


def rich_text() -> bytes:
    lines = r"\par ".join(text.replace("\n", r"\line ") for text in WITH_COMMENTS)
    return rf"{{\rtf1\ansi {lines}\par}}".encode("cp1252")


def book() -> bytes:
    body = "".join(f"<p>{escape(text)}</p>" for text in LINES[2:-1])
    meta = (
        f"<dc:title>{TITLE}</dc:title><dc:creator>{AUTHOR}</dc:creator>"
        f"<dc:publisher>{OUTLET}</dc:publisher><dc:date>2015-05-30</dc:date>"
    )
    return make_epub([chapter(f"<h1>{TITLE}</h1>{body}")], meta)


def slides() -> bytes:
    shown = (LINES[:2], BODY)
    return make_slides(
        ["".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in page) for page in shown]
    )


def open_slides() -> bytes:
    pages = (
        "<draw:page><draw:frame><draw:text-box>"
        + "".join(f"<text:p>{text}</text:p>" for text in page)
        + "</draw:text-box></draw:frame></draw:page>"
        for page in (LINES[:2], BODY)
    )
    return make_odf("presentation", "".join(pages))


def sheet() -> bytes:
    def row(number: int, texts: list[str]) -> str:
        cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
        return f'<row r="{number}">{cells}</row>'

    return make_book(row(1, [*RECORD]) + row(2, [*RECORD.values()]))


def open_sheet() -> bytes:
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in row)
        + "</table:table-row>"
        for row in (RECORD.keys(), RECORD.values())
    )
    return make_odf("spreadsheet", f"<table:table>{rows}</table:table>")


def mail() -> bytes:
    message = EmailMessage()
    message["From"] = f"{AUTHOR} from {OUTLET} <jane@gazette.example>"
    message["Subject"] = TITLE
    message["Date"] = "Sat, 30 May 2015 10:00:00 +0000"
    message.set_content("\n\n".join(BODY))
    return message.as_bytes()


def feed() -> bytes:
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{OUTLET}</title><item><title>{TITLE}</title><dc:creator>{AUTHOR}</dc:creator>"
        "<pubDate>Sat, 30 May 2015 10:00:00 GMT</pubDate>"
        f"<description>{escape(' '.join(BODY))}</description></item></channel></rss>"
    ).encode()


def references() -> bytes:
    return (
        f"TY  - NEWS\nTI  - {TITLE}\nAU  - Doe, Jane\nT2  - {OUTLET}\nDA  - 2015/05/30\n"
        f"AB  - {' '.join(BODY)}\nER  - \n"
    ).encode()


def notebook() -> bytes:
    note = escape(f"<en-note>{''.join(f'<div>{text}</div>' for text in BODY)}</en-note>")
    return (
        f"<en-export><note><title>{TITLE}</title><content>{note}</content>"
        f"<note-attributes><author>{AUTHOR}</author></note-attributes></note></en-export>"
    ).encode()


def table() -> bytes:
    return ("\t".join(RECORD) + "\n" + "\t".join(RECORD.values()).replace("\n\n", " ")).encode()


def subtitles() -> bytes:
    cues = (
        f"{n + 1}\n00:0{n}:01,000 --> 00:0{n}:09,000\nJANE DOE: {text}\n"
        for n, text in enumerate(BODY)
    )
    return "\n".join(cues).encode()


def picture() -> bytes:
    out = io.BytesIO()
    make_scan(*LINES[:-1]).save(out, "PNG")
    return out.getvalue()


# The module that reads it -> what the format is called, a suffix, and the story in it.
STORIES: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "plain_text": ("Plain text, transcripts and chats", ".txt", plain),
    "markdown": ("Markdown", ".md", markdown),
    "html": ("Saved web page", ".html", page),
    "mhtml": ("Web page in one file", ".mhtml", lambda: make_mhtml(page())),
    "webarchive": (
        "Web page saved by Safari",
        ".webarchive",
        lambda: plistlib.dumps({"WebMainResource": {"WebResourceData": page()}}),
    ),
    "pdf": ("PDF", ".pdf", pdf),
    "images": ("Picture of text", ".png", picture),
    "docx": ("Word", ".docx", word),
    "old_word": ("Word before 2007", ".doc", (FIXTURES / "harbour.doc").read_bytes),
    "odt": ("OpenDocument text", ".odt", open_text),
    "rtf": ("Rich Text", ".rtf", rich_text),
    "epub": ("E-book", ".epub", book),
    "pptx": ("PowerPoint", ".pptx", slides),
    "old_slides": ("PowerPoint before 2007", ".ppt", slides),
    "odp": ("OpenDocument slides", ".odp", open_slides),
    "xlsx": ("Excel", ".xlsx", sheet),
    "old_sheets": ("Excel before 2007", ".xls", (FIXTURES / "barrels.xls").read_bytes),
    "ods": ("OpenDocument sheet", ".ods", open_sheet),
    "mail": ("Mail, with its thread and attachments", ".eml", mail),
    "mbox": ("Mailbox", ".mbox", lambda: b"From a@b.example Sat May 30 10:00:00 2015\n" + mail()),
    "msg": ("Outlook's mail", ".msg", lambda: make_msg(TITLE, "\n\n".join(BODY))),
    "feeds": ("Feed, news in XML", ".rss", feed),
    "bibliography": ("References", ".ris", references),
    "notebooks": ("Evernote's notes", ".enex", notebook),
    "json_document": ("Export in JSON", ".json", lambda: json.dumps([RECORD]).encode()),
    "json_lines": ("JSON, an article a line", ".jsonl", lambda: json.dumps(RECORD).encode()),
    "csv_table": ("Table of articles", ".tsv", table),
    "subtitles": ("Subtitles", ".srt", subtitles),
    "archives": ("Archive of any of these", ".zip", lambda: make_zip({"a.txt": plain()})),
}
