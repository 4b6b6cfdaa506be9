"""Small documents made in memory, and a way to read them."""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from documents import pdf_file

from rag.articles import read_articles
from rag.schema import Article

Read = Callable[..., Article]
Words = tuple[float, float, float, str]  # left, bottom, size, text


@pytest.fixture
def real_articles(shared: Path) -> Path:
    return shared / "articles"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read one article from text or bytes that are saved under a name."""

    def read_one(content: str | bytes, name: str = "article.txt") -> Article:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        articles = read_articles(file, name)
        assert len(articles) == 1
        return articles[0]

    return read_one


def make_pdf(
    pages: Sequence[Sequence[Words]],
    info: str = "/CreationDate (D:20200101000000Z)",
    trailer: str = "",
) -> bytes:
    """A PDF in Helvetica with the given words; A4, points from the lower left corner."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, words in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        stream = b"\n".join(_show(*word) for word in words)
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    objects.append(f"<< {info} >>".encode("cp1252"))
    return pdf_file(objects, trailer)


def _show(left: float, bottom: float, size: float, text: str) -> bytes:
    for mark in "\\()":
        text = text.replace(mark, "\\" + mark)
    return f"BT /F1 {size} Tf {left} {bottom} Td ({text}) Tj ET".encode("cp1252")


def make_docx(
    paragraphs: Sequence[tuple[str, str]],
    *,
    title: str = "",
    author: str = "python-docx",
    table: Sequence[Sequence[str]] = (),
) -> bytes:
    """A Word document of (style, text) pairs, with one table at the end."""
    import docx

    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = author
    document.core_properties.created = datetime(2020, 1, 1)
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for row, texts in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture
def pdf() -> Callable[..., bytes]:
    return make_pdf


@pytest.fixture
def word() -> Callable[..., bytes]:
    return make_docx
