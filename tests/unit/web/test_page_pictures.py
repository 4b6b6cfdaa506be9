"""Pages of indexed PDF files as pictures: the right page, and of no other file."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from rag.articles.files import read_data
from rag.articles.formats.paged.pdf import PICTURE_WIDTH, picture
from rag.errors import ArticleError
from rag.schema import FileRecord, Place
from rag.settings import Settings
from rag.web.page_pictures import page_picture
from tests.unit.building import article as built

PDF = next((Path(__file__).parents[3] / "examples" / "articles").glob("*counting*.pdf"))
ARTICLE = replace(built("Two weeks of silence."), id="a1")


@dataclass(frozen=True)
class Held:
    """An index that holds one file."""

    record: FileRecord
    folder_of_articles: Path

    def files_named(self, paths: Collection[str]) -> Mapping[str, FileRecord]:
        return {self.record.path: self.record} if self.record.path in paths else {}

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
    shown = page_picture(opened(tmp_path, "a.pdf"), ARTICLE, 1)
    kind, _, data = shown.address.partition(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(data) == picture(PDF.read_bytes(), 1)
    assert shown.marks == ()


def test_cited_words_are_marked_on_their_page_alone(tmp_path: Path) -> None:
    shutil.copy(PDF, tmp_path / "a.pdf")
    (article,) = read_data(PDF.read_bytes(), ".pdf", "a.pdf").articles
    article = replace(article, id="a1")
    turning, held = article.pages[1], opened(tmp_path, "a.pdf")
    marks = [page_picture(held, article, page, turning - 90, turning + 90).marks for page in (1, 2)]
    assert min(top for _, top, _, _ in marks[0]) > max(bottom for *_, bottom in marks[1]) > 0
    assert page_picture(held, article, 1, turning, turning + 90).marks == ()
    assert page_picture(held, article, 2, len(article.text), 10**9).marks == ()


def test_recognised_words_are_marked_by_their_paragraphs(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    Image.new("L", (300, 150), 255).save(file)
    boxes = [(0.1, 0.1 * n, 0.9, 0.1 * n + 0.05) for n in (1, 2, 3)]
    places = tuple(Place(10 * n, box=box) for n, box in enumerate(boxes))
    article = replace(ARTICLE, text="Recognised from a picture.", pages=(0,), places=places)
    held = opened(tmp_path, "a.png", file.read_bytes())
    assert page_picture(held, article, 1, 12, 14).marks == (boxes[1],)
    assert page_picture(held, article, 1, 12, 24).marks == (boxes[1], boxes[2])
    assert page_picture(held, article, 1).marks == ()


def test_a_picture_that_was_read_is_shown_no_wider_than_a_page(tmp_path: Path) -> None:
    file = tmp_path / "a.PNG"
    Image.new("L", (3000, 1500), 255).save(file)
    address = page_picture(opened(tmp_path, "a.PNG", file.read_bytes()), ARTICLE, 1).address
    shown = Image.open(BytesIO(base64.b64decode(address.partition(",")[2])))
    assert shown.size == (PICTURE_WIDTH, PICTURE_WIDTH // 2)
    with pytest.raises(ArticleError, match="no page 2"):
        page_picture(opened(tmp_path, "a.PNG", file.read_bytes()), ARTICLE, 2)


def test_added_files_are_found_beside_the_index(tmp_path: Path) -> None:
    (tmp_path / "uploads").mkdir()
    shutil.copy(PDF, tmp_path / "uploads" / "a.pdf")
    assert page_picture(opened(tmp_path, "uploads:a.pdf"), ARTICLE, 1)


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
        page_picture(opened(folder, path), replace(ARTICLE, id=id_), 1)
