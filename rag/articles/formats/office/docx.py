"""Word documents: their text as it stands when all changes are accepted, in reading order."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from rag.articles.bundles import assembled
from rag.articles.cleaning import decode, one_line, paragraphs
from rag.articles.coverage import counted
from rag.articles.drafts import Block, Meta
from rag.articles.formats.office.ooxml import Package, open_package, properties
from rag.articles.formats.office.word_styles import Styles, read_styles
from rag.articles.formats.office.word_text import Story, held_texts, read_story
from rag.articles.formats.signatures import true_suffix
from rag.articles.reading import Reading
from rag.errors import ArticleError

BROKEN = "The file is not a readable Word document; open it in Word and save it again as .docx."
_CHANGES = ("{*}ins", "{*}del", "{*}moveFrom", "{*}moveTo")
_DEEPEST = 3  # documents within documents


def read(data: bytes, path: str) -> Reading:
    """Read a .docx file, or a macro-enabled one or a template, which are built alike.

    Insertions stand, deletions are gone; hidden, white and struck-out words, comments in the
    margin, page headers and tables of contents are left out. Footnotes and endnotes are captions
    after the paragraph that refers to them, text boxes paragraphs after theirs.

    Raises:
        ArticleError: broken, too large when unpacked, or without text.

    """
    package = open_package(data, BROKEN)
    main = package.target("", "officeDocument")
    if main is None:
        raise ArticleError(BROKEN)
    story, held, changed = _read(package, main, 0)
    title, author = properties(package)
    printed = story.titles.get("title") or _opening_title(story)
    known = Meta(title=printed or title or story.titles.get("heading 1"))
    notes = ("has tracked changes",) if changed else ()
    articles = assembled(path, story.blocks, known, fallback=Meta(author=author), notes=notes)
    return counted(articles, path, held, missing=story.missing)


def _opening_title(story: Story) -> str | None:
    """The heading that the document begins with, if it does."""
    heading = story.titles.get("heading 1")
    return heading if story.blocks and one_line(story.blocks[0].text) == heading else None


def _read(package: Package, main: str, depth: int) -> tuple[Story, list[str], bool]:
    """The story of a document, the texts that it holds, and whether it has tracked changes."""
    root = package.xml(main)
    notes = {
        (kind, _id(note)): note
        for kind in ("footnote", "endnote")
        if (part := package.target(main, f"{kind}s"))
        for note in package.xml(part).iter(f"{{*}}{kind}")
    }
    styles = package.target(main, "styles")
    known = read_styles(package.xml(styles)) if styles else Styles()
    targets = package.targets(main)

    def chunk(number: str) -> list[Block]:
        item = targets.get(number)
        return _chunk(package, item.name, depth + 1) if item else []

    story = read_story(root, known, notes, chunk)
    held = held_texts([root, *story.notes], story, known)
    changed = any(next(part.iter(*_CHANGES), None) is not None for part in (root, *story.notes))
    return story, held, changed


def _chunk(package: Package, name: str, depth: int) -> list[Block]:
    """Blocks of a file that was put into the document whole."""
    suffix = PurePosixPath(name).suffix.lower()
    data = package.data(name)
    if suffix in (".htm", ".html", ".xhtml", ".mht", ".mhtml"):
        return _page(data)
    if suffix == ".txt":
        return [Block(text) for text in paragraphs(decode(data))]
    if suffix == ".docx" and depth < _DEEPEST:
        inner = open_package(data, BROKEN)
        main = inner.target("", "officeDocument")
        return _read(inner, main, depth)[0].blocks if main else []
    if suffix == ".rtf":
        from rag.articles.formats.office.rtf import read_document

        return read_document(data).blocks
    raise ArticleError(f"A {suffix or 'part'} that was put into the document is not read.")


def _page(data: bytes) -> list[Block]:
    """Blocks of a web page, or of one with all that belongs to it (as programs export them)."""
    from rag.articles.formats.mails.mime import charset, parse, payload, texts
    from rag.articles.formats.webpages.markup import parse_html, read_blocks

    if true_suffix(data, ".docx") != ".mhtml":
        return read_blocks(parse_html(decode(data)))
    page = next(iter(texts(parse(data, BROKEN), "html")), None)
    if page is None:
        raise ArticleError("It is a saved page without a page.")
    return read_blocks(parse_html(decode(payload(page), charset(page))))


def _id(note: Any) -> str:
    return next((text for key, text in note.attrib.items() if key.endswith("}id")), "")
