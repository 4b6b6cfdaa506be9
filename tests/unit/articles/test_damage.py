"""Damaged files of every format: read or refused with a reason, and never anything else."""

import json
import plistlib
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from conftest import make_docx, make_pdf
from documents import (
    BODY,
    PAGE,
    RTF,
    chapter,
    make_book,
    make_epub,
    make_flat_odf,
    make_mail,
    make_mhtml,
    make_msg,
    make_odf,
    make_odt,
    make_slides,
    make_zip,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rag.articles import SUFFIXES
from rag.articles.files import _MODULES, read_data
from rag.articles.formats.paged.images import SUFFIXES as PICTURES
from rag.errors import ArticleError

FUZZ = settings(max_examples=25, deadline=None)
SHORT = BODY[0][:40]
TEXT_BOX = f"<draw:frame><draw:text-box><text:p>{SHORT}</text:p></draw:text-box></draw:frame>"
TABLE_ROW = (
    f"<table:table-row><table:table-cell><text:p>{SHORT}</text:p></table:table-cell>"
    "</table:table-row>"
)
XLS = Path(__file__).parents[2] / "fixtures" / "formats" / "barrels.xls"

EACH = [*{module: suffix for suffix, module in reversed(_MODULES.items())}.values()]  # of a reader


def picture(suffix: str) -> bytes:
    """A small picture of nothing: what is written on one is another test's."""
    out = BytesIO()
    Image.new("L", (40, 30), 200).save(out, Image.registered_extensions()[suffix])
    return out.getvalue()


@cache
def whole(suffix: str) -> bytes:
    """A small valid file."""
    record = {"title": "Ferry", "text": SHORT, "authors": ["Jane Doe"], "date": "2015-05-30"}
    made = {
        ".txt": BODY[0].encode(),
        ".md": f"---\ntitle: x\n---\n# Ferry\n\n{SHORT}".encode(),
        ".html": PAGE.encode(),
        ".pdf": make_pdf([[(70, 700, 12, SHORT)]]),
        ".docx": make_docx([("Normal", SHORT)]),
        ".odt": make_odt(f"<text:p>{SHORT}</text:p>"),
        ".fodt": make_flat_odf("text", f"<text:p>{SHORT}</text:p>"),
        ".pptx": make_slides([f"<a:p><a:r><a:t>{SHORT}</a:t></a:r></a:p>"]),
        ".xlsx": make_book(f'<row r="1"><c t="inlineStr"><is><t>{SHORT}</t></is></c></row>'),
        ".xls": XLS.read_bytes(),
        ".odp": make_odf("presentation", f"<draw:page>{TEXT_BOX}</draw:page>"),
        ".fodp": make_flat_odf("presentation", f"<draw:page>{TEXT_BOX}</draw:page>"),
        ".ods": make_odf("spreadsheet", f"<table:table>{TABLE_ROW}</table:table>"),
        ".fods": make_flat_odf("spreadsheet", f"<table:table>{TABLE_ROW}</table:table>"),
        ".rtf": RTF,
        ".epub": make_epub([chapter(f"<p>{SHORT}</p>")]),
        ".eml": make_mail(PAGE, "Subject: =?utf-8?Q?x?=\nFrom: A <a@b.example>", subtype="html"),
        ".mhtml": make_mhtml(PAGE.encode()),
        ".webarchive": plistlib.dumps(
            {"WebMainResource": {"WebResourceData": PAGE.encode()}}, fmt=plistlib.FMT_BINARY
        ),
        ".rss": f"<rss><channel><item><title>x</title><description>{BODY[0]}</description></item>"
        "</channel></rss>".encode(),
        ".ris": f"TY  - NEWS\nTI  - x\nAB  - {BODY[0]}\nER  - \n".encode(),
        ".enex": f"<en-export><note><title>x</title><content>&lt;div>{SHORT}&lt;/div></content>"
        "</note></en-export>".encode(),
        ".json": json.dumps({"articles": [record]}).encode(),
        ".jsonl": json.dumps(record).encode(),
        ".csv": f'title,text,date\n"x",{SHORT},2015-05-30'.encode(),
        ".mbox": b"From a@b.example Sat May 30 10:00:00 2015\n"
        + make_mail(SHORT, "Subject: x\nFrom: A <a@b.example>"),
        ".msg": make_msg("x", SHORT),
        ".srt": f"1\n00:00:01,000 --> 00:00:03,500\n{SHORT}\n".encode(),
        ".sbv": f"0:00:01.000,0:00:03.500\n{SHORT}\n".encode(),
        ".ass": f"Dialogue: 0,0:00:01.00,0:00:03.00,Default,Roe,0,0,0,,{SHORT}\n".encode(),
        ".zip": make_zip({"a.txt": SHORT, "b.json": json.dumps(record)}),
    }
    if suffix in PICTURES:
        return picture(suffix)
    same = {".text": ".txt", ".markdown": ".md", ".htm": ".html", ".xhtml": ".html"}
    same |= {".mht": ".mhtml", ".tsv": ".csv", ".docm": ".docx", ".dotx": ".docx", ".ott": ".odt"}
    same |= {".doc": ".rtf", ".dot": ".rtf", ".ppt": ".pptx", ".pps": ".pptx"}  # as often happens
    same |= {".pptm": ".pptx", ".ppsx": ".pptx", ".potx": ".pptx", ".otp": ".odp", ".ots": ".ods"}
    same |= {".xlsm": ".xlsx", ".xltx": ".xlsx"}
    same |= {".emlx": ".eml", ".vtt": ".srt", ".ssa": ".ass"}
    same |= {".js": ".json", ".xml": ".rss", ".atom": ".rss"}
    return made[same.get(suffix, suffix)]


def check_readable_or_refused(data: bytes, suffix: str) -> None:
    try:
        reading = read_data(data, suffix, f"a{suffix}")
    except ArticleError:
        return
    assert reading.articles or reading.failed
    for article in reading.articles:
        article.text.encode()
        for part in article.parts:
            assert article.text[part.start : part.end].strip()


@pytest.mark.parametrize("suffix", [it for it in SUFFIXES if it not in PICTURES])
def test_the_undamaged_file_is_read(suffix: str) -> None:
    reading = read_data(whole(suffix), suffix, f"a{suffix}")
    assert reading.articles
    assert not reading.failed


@pytest.mark.parametrize("suffix", EACH)
@FUZZ
@given(data=st.data())
def test_flipped_bits(suffix: str, data: st.DataObject) -> None:
    damaged = bytearray(whole(suffix))
    for at in data.draw(st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=12)):
        damaged[at] ^= 1 << data.draw(st.integers(0, 7))
    check_readable_or_refused(bytes(damaged), suffix)


@pytest.mark.parametrize("suffix", EACH)
@FUZZ
@given(data=st.data())
def test_truncated_files(suffix: str, data: st.DataObject) -> None:
    content = whole(suffix)
    check_readable_or_refused(content[: data.draw(st.integers(1, len(content)))], suffix)


@pytest.mark.parametrize("suffix", EACH)
@FUZZ
@given(data=st.data())
def test_pieces_in_another_order(suffix: str, data: st.DataObject) -> None:
    content = whole(suffix)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), min_size=2, max_size=6)))
    pieces = [content[a:b] for a, b in zip([0, *cuts], [*cuts, len(content)], strict=True)]
    check_readable_or_refused(b"".join(data.draw(st.permutations(pieces))), suffix)


@pytest.mark.parametrize("suffix", EACH)
def test_a_file_under_another_suffix(suffix: str) -> None:
    for other in EACH:
        check_readable_or_refused(whole(other), suffix)
