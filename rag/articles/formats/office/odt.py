"""OpenDocument texts (LibreOffice): their text as it stands when all changes are accepted."""

from __future__ import annotations

from rag.articles.bundles import assembled
from rag.articles.cleaning import one_line
from rag.articles.coverage import counted
from rag.articles.drafts import Meta
from rag.articles.formats.office.opendocument import Story, held_texts, open_document, read_styles
from rag.articles.reading import Reading
from rag.errors import ArticleError

_BROKEN = "The file is not a readable OpenDocument text; open it in LibreOffice and save it again."


def read(data: bytes, path: str) -> Reading:
    """Read an .odt file, a template, or a flat .fodt.

    Insertions stand, deletions are gone; hidden, white and struck-out words, remarks in the
    margin and tables of contents are left out. Notes are captions after their paragraph, text
    boxes paragraphs after theirs.

    Raises:
        ArticleError: broken, encrypted, too large when unpacked, or without text.

    """
    document = open_document(data, _BROKEN)
    body = document.body("text")
    if body is None:
        raise ArticleError(_BROKEN)
    styles = read_styles(document)
    story = Story(styles, coloured=styles.coloured)
    blocks = story.blocks(body)
    title, author = document.properties
    heading = story.titles.get("Heading_20_1")
    opens = heading if blocks and one_line(blocks[0].text) == heading else None
    known = Meta(title=story.titles.get("Title") or opens or title or heading)
    notes = ("has tracked changes",) if document.is_changed else ()
    articles = assembled(path, blocks, known, fallback=Meta(author=author), notes=notes)
    return counted(articles, path, held_texts(body, story))
