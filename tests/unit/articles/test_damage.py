"""Damaged files of every format: read or refused with a reason, and never anything else."""

import json
from functools import cache
from io import BytesIO

import pytest
from conftest import make_docx, make_pdf
from documents import (
    BODY,
    PAGE,
    RTF,
    chapter,
    make_epub,
    make_mail,
    make_mhtml,
    make_odt,
    make_zip,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rag.articles import SUFFIXES
from rag.articles.files import read_data
from rag.articles.formats.images import SUFFIXES as PICTURES
from rag.errors import ArticleError

FUZZ = settings(max_examples=40, deadline=None)
SHORT = BODY[0][:40]
FUZZED = [it for it in SUFFIXES if it not in PICTURES[1:]]  # one reader reads all pictures


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
        ".rtf": RTF,
        ".epub": make_epub([chapter(f"<p>{SHORT}</p>")]),
        ".eml": make_mail(PAGE, "Subject: =?utf-8?Q?x?=\nFrom: A <a@b.example>", subtype="html"),
        ".mhtml": make_mhtml(PAGE.encode()),
        ".json": json.dumps({"articles": [record]}).encode(),
        ".jsonl": json.dumps(record).encode(),
        ".csv": f'title,text,date\n"x",{SHORT},2015-05-30'.encode(),
        ".zip": make_zip({"a.txt": SHORT, "b.json": json.dumps(record)}),
    }
    if suffix in PICTURES:
        return picture(suffix)
    same = {".text": ".txt", ".markdown": ".md", ".htm": ".html", ".xhtml": ".html"}
    same |= {".mht": ".mhtml", ".tsv": ".csv"}
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


@pytest.mark.parametrize("suffix", FUZZED)
@FUZZ
@given(data=st.data())
def test_flipped_bits(suffix: str, data: st.DataObject) -> None:
    damaged = bytearray(whole(suffix))
    for at in data.draw(st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=12)):
        damaged[at] ^= 1 << data.draw(st.integers(0, 7))
    check_readable_or_refused(bytes(damaged), suffix)


@pytest.mark.parametrize("suffix", FUZZED)
@FUZZ
@given(data=st.data())
def test_truncated_files(suffix: str, data: st.DataObject) -> None:
    content = whole(suffix)
    check_readable_or_refused(content[: data.draw(st.integers(1, len(content)))], suffix)


@pytest.mark.parametrize("suffix", FUZZED)
@FUZZ
@given(data=st.data())
def test_pieces_in_another_order(suffix: str, data: st.DataObject) -> None:
    content = whole(suffix)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), min_size=2, max_size=6)))
    pieces = [content[a:b] for a, b in zip([0, *cuts], [*cuts, len(content)], strict=True)]
    check_readable_or_refused(b"".join(data.draw(st.permutations(pieces))), suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("other", SUFFIXES)
def test_a_file_under_another_suffix(suffix: str, other: str) -> None:
    check_readable_or_refused(whole(other), suffix)
