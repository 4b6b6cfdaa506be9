"""OpenDocument presentations: what stands on the slides that are shown, and the notes to them."""

from __future__ import annotations

from typing import Any

from rag.articles.cleaning import one_line
from rag.articles.drafts import Block
from rag.articles.formats.office.opendocument import (
    Story,
    held_texts,
    open_document,
    read_styles,
    value,
)
from rag.articles.formats.office.slides import Slide, read_slides
from rag.articles.formats.webpages.markup import local_name
from rag.articles.reading import Reading
from rag.errors import ArticleError

_BROKEN = "The file is not a readable presentation; open it in LibreOffice and save it again."
_FURNITURE = ("date-time", "footer", "header", "page-number", "page")


def read(data: bytes, path: str) -> Reading:
    """Read an .odp file, a template, or a flat .fodp; hidden slides are left out.

    Raises:
        ArticleError: broken, encrypted, too large when unpacked, or without text.

    """
    document = open_document(data, _BROKEN)
    body = document.body("presentation")
    if body is None:
        raise ArticleError(_BROKEN)
    story = Story(read_styles(document), coloured=True)
    slides = [_slide(page, story) for page in body if local_name(page) == "page"]
    pages = [page for page in body if local_name(page) == "page" and page not in story.unseen]
    held = [text for page in pages for text in held_texts(page, story)]
    return read_slides(slides, path, held, *document.properties)


def _slide(page: Any, story: Story) -> Slide:
    if story.styles.look(page, "drawing-page", {}).get("hidden"):
        story.unseen.add(page)
        return Slide()
    titles, blocks, notes = list[Block](), list[Block](), list[Block]()
    for shape in page:
        kind = value(shape, "class")
        if local_name(shape) == "notes":
            notes += [block for item in shape for block in _shape(item, story)]
        else:
            (titles if kind == "title" else blocks).extend(_shape(shape, story))
    title = one_line(" ".join(block.text for block in titles)) or None
    return Slide(title, blocks, notes)


def _shape(shape: Any, story: Story) -> list[Block]:
    is_empty = value(shape, "placeholder") == "true"
    if is_empty or value(shape, "class") in _FURNITURE or local_name(shape) == "":
        story.unseen.add(shape)
        return []
    return story.blocks(shape)
