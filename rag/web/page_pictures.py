"""Pages of indexed PDF files and pictures, as pictures, and of no other file.

Where cited words stand on a page is found in the PDF's text; of what was recognised, the article
knows the place of each paragraph.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from rag.articles.formats.paged import images, pdf
from rag.articles.paths import contained_file_of, is_upload
from rag.errors import ArticleError
from rag.indexing import uploads
from rag.resources import Resources
from rag.schema import Article, FileRecord

DRAWN = (".pdf", *images.SUFFIXES)  # suffixes of files that have pages to be seen


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a data: address, and where on it the cited words stand.

    `marks`: left, top, right and bottom, as shares (0..1) of the picture's width and height.
    """

    address: str
    marks: tuple[tuple[float, float, float, float], ...]


def page_picture(
    resources: Resources, article: Article, page: int, start: int = 0, end: int = 0
) -> PagePicture:
    """Page `page` (1-based) of the PDF or picture that an article was read from.

    `article.text[start:end]` is cited; what of it stands on that page is marked.

    Raises:
        ArticleError: it is from neither, or the file has gone or is another one now.

    """
    held = resources.index.files_named(resources.index.files_of(article.id))
    drawn_from = sorted(path for path in held if path.casefold().endswith(DRAWN))
    record = held[drawn_from[0]] if drawn_from else None
    if record is None:
        raise ArticleError("This article was not read from a PDF or a picture.")
    data, is_pdf = _bytes(resources, record), record.path.casefold().endswith(".pdf")
    drawn = pdf.picture(data, page) if is_pdf else images.picture(data, page, pdf.PICTURE_WIDTH)
    start, end = _on_page(article, page, start, end)
    marks = pdf.places(data, page, article.text[start:end]) if is_pdf and start < end else []
    address = f"data:image/png;base64,{base64.b64encode(drawn).decode()}"
    return PagePicture(address, tuple(marks or _recognised(article, start, end)))


def _on_page(article: Article, page: int, start: int, end: int) -> tuple[int, int]:
    """What of the stretch stands on that page; empty (start >= end) where nothing does."""
    edges = [*article.pages, len(article.text)]
    if not 1 <= page < len(edges):
        return 0, 0
    return max(start, edges[page - 1]), min(end, edges[page])


def _recognised(article: Article, start: int, end: int) -> list[tuple[float, float, float, float]]:
    """The boxes of the paragraphs that hold the stretch, of words recognised in a picture."""
    first = article.place_at(start)
    held = [place for place in article.places if place is first or start < place.start < end]
    return [place.box for place in held if place.box] if start < end else []


def _bytes(resources: Resources, record: FileRecord) -> bytes:
    """The file that was indexed, if it is there and still the same."""
    if is_upload(record.path):
        uploads.bring(resources.settings, [record.path])
    added, root = uploads.folder(resources.settings), resources.index.folder_of_articles
    file = contained_file_of(record.path, root, added)
    if file is None:
        raise ArticleError(f"{record.path} is not in the folder of articles.")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ArticleError(f"{record.path} cannot be read: {error.strerror}.") from error
    if hashlib.sha256(data).hexdigest() != record.sha256:
        raise ArticleError(f"{record.path} has changed since it was read: run byline ingest.")
    return data
