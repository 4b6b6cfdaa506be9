"""Pages of indexed PDF files as pictures: the right page, and of no other file."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from rag.articles.formats.paged.pdf import PICTURE_WIDTH, picture
from rag.errors import ArticleError
from rag.schema import FileRecord
from rag.settings import Settings
from rag.web.page_pictures import page_picture

PDF = next((Path(__file__).parents[3] / "examples" / "articles").glob("*.pdf"))


@dataclass(frozen=True)
class Held:
    """An index that holds one file."""

    record: FileRecord
    folder_of_articles: Path

    def files(self) -> Mapping[str, FileRecord]:
        return {self.record.path: self.record}

    def files_of(self, article_id: str) -> list[str]:
        return [self.record.path] if article_id == "a1" else []


@dataclass(frozen=True)
class Opened:
    index: Held
    settings: Settings


def opened(folder: Path, path: str, data: bytes | None = None) -> Any:
    sha256 = hashlib.sha256(data or PDF.read_bytes()).hexdigest()
    return Opened(Held(FileRecord(path, sha256, 1, 1, ("a1",)), folder), Settings(index=folder))


def test_a_page_is_drawn_with_ink_on_it() -> None:
    image = Image.open(BytesIO(picture(PDF.read_bytes(), 1)))
    assert image.width == PICTURE_WIDTH
    darkest, lightest = image.convert("L").getextrema()
    assert (darkest < 64, lightest > 240) == (True, True)


@pytest.mark.parametrize("page", [0, 999])
def test_a_page_that_is_not_there_is_named(page: int) -> None:
    with pytest.raises(ArticleError, match=f"Page {page}"):
        picture(PDF.read_bytes(), page)


def test_the_page_of_an_indexed_file_comes_as_an_address(tmp_path: Path) -> None:
    shutil.copy(PDF, tmp_path / "a.pdf")
    kind, _, data = page_picture(opened(tmp_path, "a.pdf"), "a1", 1).partition(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(data) == picture(PDF.read_bytes(), 1)


def test_a_picture_that_was_read_is_shown_no_wider_than_a_page(tmp_path: Path) -> None:
    file = tmp_path / "a.PNG"
    Image.new("L", (3000, 1500), 255).save(file)
    address = page_picture(opened(tmp_path, "a.PNG", file.read_bytes()), "a1", 1)
    shown = Image.open(BytesIO(base64.b64decode(address.partition(",")[2])))
    assert shown.size == (PICTURE_WIDTH, PICTURE_WIDTH // 2)
    with pytest.raises(ArticleError, match="no page 2"):
        page_picture(opened(tmp_path, "a.PNG", file.read_bytes()), "a1", 2)


def test_added_files_are_found_beside_the_index(tmp_path: Path) -> None:
    (tmp_path / "uploads").mkdir()
    shutil.copy(PDF, tmp_path / "uploads" / "a.pdf")
    assert page_picture(opened(tmp_path, "uploads:a.pdf"), "a1", 1)


@pytest.mark.parametrize(
    ("path", "id_", "words"),
    [
        ("a.pdf", "a2", "not read from a PDF"),
        ("a.txt", "a1", "not read from a PDF"),
        ("../a.pdf", "a1", "leads out of"),
        ("gone.pdf", "a1", "cannot be read"),
        ("other.pdf", "a1", "has changed"),
    ],
)
def test_no_other_file_is_shown(tmp_path: Path, path: str, id_: str, words: str) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for place in (folder / "a.pdf", folder / "a.txt", tmp_path / "a.pdf"):
        shutil.copy(PDF, place)
    (folder / "other.pdf").write_bytes(PDF.read_bytes() + b"\n")
    with pytest.raises(ArticleError, match=words):
        page_picture(opened(folder, path), id_, 1)
