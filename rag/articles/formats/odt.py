"""OpenDocument texts (LibreOffice): paragraphs and tables in reading order, title and author."""

from __future__ import annotations

from typing import Any

from rag.articles.assembling import assemble
from rag.articles.cleaning import one_line
from rag.articles.drafts import Block, Meta
from rag.articles.formats.fields import headline, person
from rag.articles.formats.markup import Vocabulary, local_name, parse_xml, read_blocks
from rag.articles.formats.zips import MB, Limits, open_zip, read_member
from rag.errors import ArticleError
from rag.schema import Article

_LIMITS = Limits(member=100 * MB, total=300 * MB)
_BROKEN = "The file is not a readable OpenDocument text; open it in LibreOffice and save it again."
_LOCKED = "The document is encrypted; save it without a password."
_CAPTIONS = ("Caption", "Illustration", "Figure", "Drawing")  # styles
_SKIPPED = "tracked-changes annotation note sequence-decls table-of-content ruby-text script title"


def read(data: bytes, path: str) -> list[Article]:
    """Read an .odt file; footnotes come after the text.

    Raises:
        ArticleError: broken, encrypted, too large when unpacked, or without text.

    """
    parts = _unpack(data)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise ArticleError(_LOCKED)
    if "content.xml" not in parts:
        raise ArticleError(_BROKEN)
    content = parse_xml(parts["content.xml"])
    body = next((e for e in content.iter() if local_name(e) == "text" and len(e)), None)
    styles = _parents(content)
    words = _vocabulary(styles)
    blocks = [] if body is None else read_blocks(body, words)
    for note in content.iter("{*}note-body"):
        blocks += read_blocks(note, words)
    title, author = _properties(parts.get("meta.xml"))
    title = title or _styled_title(content, styles)
    return [assemble(path, blocks, Meta(title=title), fallback=Meta(author=author))]


def _unpack(data: bytes) -> dict[str, bytes]:
    wanted = ("content.xml", "meta.xml", "META-INF/manifest.xml")
    archive = open_zip(data, _LIMITS, _BROKEN)
    found = {item.filename: item for item in archive.infolist() if item.filename in wanted}
    return {name: read_member(archive, item, _LIMITS) for name, item in found.items()}


def _vocabulary(styles: dict[str, str]) -> Vocabulary:
    def is_caption(element: Any) -> bool:
        return local_name(element) == "p" and _style(element, styles) in _CAPTIONS

    return Vocabulary(
        blocks=frozenset("p h list list-item table table-row table-cell section".split()),
        skipped=frozenset(_SKIPPED.split()),
        breaks=frozenset({"line-break"}),
        spaces=frozenset({"s", "tab"}),
        row="table-row",
        cells=frozenset({"table-cell"}),
        is_caption=is_caption,
    )


def _parents(content: Any) -> dict[str, str]:
    """Named style that each automatic one ("P1") was made from."""
    found = {}
    for style in content.iter("{*}style"):
        facts = {key.rpartition("}")[2]: value for key, value in style.attrib.items()}
        if "name" in facts and "parent-style-name" in facts:
            found[facts["name"]] = facts["parent-style-name"]
    return found


def _style(element: Any, parents: dict[str, str]) -> str:
    names = (value for key, value in element.attrib.items() if key.endswith("}style-name"))
    name = next(names, "")
    return parents.get(name, name)


def _styled_title(content: Any, styles: dict[str, str]) -> str | None:
    for wanted in ("Title", "Heading_20_1"):
        for element in content.iter("{*}p", "{*}h"):
            if _style(element, styles) == wanted:
                title = one_line(" ".join(block.text for block in _alone(element)))
                if title:
                    return title
    return None


def _alone(element: Any) -> list[Block]:
    return read_blocks(element, _vocabulary({}))


def _properties(meta: bytes | None) -> tuple[str | None, str | None]:
    """Title and author; the dates are those of the file and are not read."""
    if not meta:
        return None, None
    try:
        root = parse_xml(meta)
    except ArticleError:  # the text may be whole all the same
        return None, None
    known = {local_name(element): element.text for element in root.iter()}
    return headline(known.get("title")), person(known.get("initial-creator"))
