"""Pictures of text (photographs, screenshots, scans): what is recognised on them."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from rag.articles.coverage import counted
from rag.articles.drafts import Meta
from rag.articles.formats.paged.pdf_article import Leaf, composed
from rag.articles.formats.paged.recognition import MOST_PAGES, NOTE, recognised, unavailable
from rag.articles.reading import Reading
from rag.errors import ArticleError

if TYPE_CHECKING:
    from PIL.Image import Image

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp")
_MOST_PIXELS = 80_000_000  # of one picture: a newspaper page at 600 dpi


def read(data: bytes, path: str) -> Reading:
    """Read what is written on a picture, or on each page of a .tiff.

    Raises:
        ArticleError: there is no text on it, or it cannot be recognised here.

    """
    if reason := unavailable():
        raise ArticleError(f"Text in pictures is not read yet; {reason}, or move it out.")
    pages = [*_pages(data)]
    leaves = []
    for number, page in enumerate(pages[:MOST_PAGES]):
        lines, box = recognised(page, number)
        leaves.append(Leaf(lines, [], box))
    if not any(leaf.lines for leaf in leaves):
        raise ArticleError("No text was found in the picture.")
    missing = [f"{len(pages) - MOST_PAGES} pages after the first {MOST_PAGES}: split the file"]
    made = composed(path, leaves, Meta(), None, (NOTE,))
    return counted(made.articles, path, (), missing=missing if len(pages) > MOST_PAGES else ())


def picture(data: bytes, page: int, width: int) -> bytes:
    """Page `page` (1-based) of a picture as a PNG, at most `width` pixels wide.

    Raises:
        ArticleError: not readable as a picture, or it has no such page.

    """
    pages = [*_pages(data)]
    if not 1 <= page <= len(pages):
        raise ArticleError(f"There is no page {page} in the picture.")
    drawn = pages[page - 1].convert("RGB")
    drawn.thumbnail((width, 10 * width))
    file = BytesIO()
    drawn.save(file, "PNG")
    return file.getvalue()


def _pages(data: bytes) -> Iterator[Image]:
    """Each page, upright if the camera said how it was held."""
    from PIL import Image, ImageOps, ImageSequence

    try:
        with Image.open(BytesIO(data)) as opened:
            width, height = opened.size
            if width * height > _MOST_PIXELS:
                raise ArticleError(
                    f"The picture has {width:,} x {height:,} pixels: save it smaller."
                )
            pages = ImageSequence.Iterator(opened) if opened.format == "TIFF" else [opened]
            for page in pages:
                yield ImageOps.exif_transpose(page.copy())
    except ArticleError:
        raise
    except Exception as error:  # damaged pictures make Pillow raise many kinds
        raise ArticleError(
            "The file is not a readable picture; save it from its program again."
        ) from error
