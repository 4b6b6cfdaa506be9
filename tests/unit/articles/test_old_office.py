"""Files of old programs, and files whose name says something else than their first bytes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import make_docx
from documents import BODY, PAGE, RTF, make_mhtml, make_odf, make_odt

from rag.articles.files import read_data
from rag.articles.formats.office import converting
from rag.errors import ArticleError
from rag.schema import Article

Read = Callable[..., Article]
DOC = (Path(__file__).parents[2] / "fixtures" / "formats" / "harbour.doc").read_bytes()
WHOLE = (
    "Harbour council agrees\n\nBy Mira Olsen, 3 May 2024\n\n"
    "The catch fell to 6,200 tonnes in 2019, the ministry said. Inserted words."
)


def no_office(monkeypatch: pytest.MonkeyPatch, *installed: str) -> None:
    """Have only those programs found."""
    found = {name: shutil.which(name) for name in installed}
    monkeypatch.setattr(converting.shutil, "which", found.get)


@pytest.mark.skipif(not converting.office_program(), reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", ["a.doc", "a.docx", "a.rtf", "a.dot"])
def test_old_word_through_libreoffice(read: Read, name: str) -> None:
    article = read(DOC, name)
    assert article.text.startswith(f"{WHOLE}\n\nWithout the islands.\n\nYear | Barrels")
    assert article.notes == ("has tracked changes",)


@pytest.mark.skipif(not converting.antiword_program(), reason="antiword is not installed")
def test_old_word_through_antiword(monkeypatch: pytest.MonkeyPatch) -> None:
    no_office(monkeypatch, "antiword")
    reading = read_data(DOC, ".doc", "a.doc")
    assert reading.articles[0].text.startswith(f"{WHOLE}\n\nYear | Barrels\n2023 | 88,000")
    assert reading.partly[0].reason == "read in part; missing: its footnotes"


def test_what_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    no_office(monkeypatch)
    with pytest.raises(ArticleError, match="LibreOffice or antiword, and neither is installed"):
        read_data(DOC, ".doc", "a.doc")
    with pytest.raises(ArticleError, match="LibreOffice, which is not installed"):
        read_data(DOC[:512] + "PowerPoint Document\0".encode("utf-16-le"), ".ppt", "a.ppt")


def test_a_program_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nsleep 600 &\nwait\n")
    program.chmod(0o755)
    monkeypatch.setattr(converting, "_SECONDS", 0.5)
    with pytest.raises(ArticleError, match="soffice took longer than"):
        converting.by_office(str(program), DOC, ".doc", ".docx")


def test_a_program_that_fails_is_no_answer(tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    assert converting.by_office(str(program), DOC, ".doc", ".docx") is None
    assert converting.by_antiword(str(program), DOC) is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.doc", RTF),
        ("a.docx", RTF),
        ("a.doc", make_docx([("Normal", BODY[0])])),
        ("a.rtf", make_docx([("Normal", BODY[0])])),
        ("a.odt", make_docx([("Normal", BODY[0])])),
        ("a.docx", make_odt(f"<text:p>{BODY[0]}</text:p>")),
        ("a.doc", PAGE.encode()),
        ("a.rtf", b"\xef\xbb\xbf<!-- saved -->\r\n" + PAGE.encode()),
        ("a.doc", make_mhtml(PAGE.encode())),
        ("a.doc", f"Ferry sails\n\n{BODY[0]}".encode()),
        ("a.txt", RTF),
        ("a.xls", f"title\ttext\nFerry\t{BODY[0]}".encode()),
        (
            "a.xlsx",
            make_odf(
                "spreadsheet",
                f"<table:table><table:table-row><table:table-cell><text:p>{BODY[0]}</text:p>"
                "</table:table-cell></table:table-row></table:table>",
            ),
        ),
    ],
)
def test_a_file_under_a_wrong_name(read: Read, name: str, data: bytes) -> None:
    assert "The harbour" in read(data, name).text


def test_an_archive_stays_one() -> None:
    reading = read_data(make_docx([("Normal", BODY[0])]), ".zip", "a.zip")
    assert any("[Content_Types].xml" in item.file for item in reading.failed)
