"""E-books: the chapters of one file, in reading order, as one article.

Chapters are XHTML in a zip. There is no site around them, so every paragraph is kept.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from rag.articles.assembling import assemble
from rag.articles.cleaning import decode, one_line
from rag.articles.drafts import Block, Meta
from rag.articles.formats.fields import headline, person
from rag.articles.formats.webpages.markup import local_name, parse_html, parse_xml, read_blocks
from rag.articles.formats.zips import MB, Limits, open_zip, read_member
from rag.errors import ArticleError
from rag.schema import Article
from rag.text.dates import parse_date

_LIMITS = Limits(member=50 * MB, total=500 * MB)
_BROKEN = "The file is not a readable e-book; convert it to EPUB again."
_CHAPTERS = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_FONTS = re.compile(r"obfuscation|font", re.IGNORECASE)  # encrypted in books that anyone may read
_URL = re.compile(r"https?://\S+")


def read(data: bytes, path: str) -> list[Article]:
    """Read an .epub file.

    Raises:
        ArticleError: broken, copy-protected, too large when unpacked, or without text.

    """
    archive = open_zip(data, _LIMITS, _BROKEN)
    members = {item.filename: item for item in archive.infolist()}
    _refuse_protected(archive, members)
    place = _package(archive, members)
    package = parse_xml(read_member(archive, members[place], _LIMITS))
    blocks: list[Block] = []
    for name in dict.fromkeys(_spine(package, posixpath.dirname(place))):  # each once
        if name in members:
            blocks += _chapter(read_member(archive, members[name], _LIMITS))
    known, fallback = _metadata(package)
    return [assemble(path, blocks, known, fallback=fallback)]


def _refuse_protected(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> None:
    item = members.get("META-INF/encryption.xml")
    if item is None:
        return
    root = parse_xml(read_member(archive, item, _LIMITS))
    methods = [e.get("Algorithm", "") for e in root.iter("{*}EncryptionMethod")]
    if any(not _FONTS.search(method) for method in methods):
        raise ArticleError("The e-book is copy-protected (DRM): add a copy without protection.")


def _package(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> str:
    """Name of the member that lists the chapters."""
    if container := members.get("META-INF/container.xml"):
        root = parse_xml(read_member(archive, container, _LIMITS))
        for element in root.iter("{*}rootfile"):
            if (name := element.get("full-path", "")) in members:
                return str(name)
    if name := next((name for name in members if name.endswith(".opf")), None):
        return name
    raise ArticleError(_BROKEN)


def _spine(package: Any, folder: str) -> Iterator[str]:
    """Members that hold the chapters, in reading order, without the table of contents."""
    items = {item.get("id"): item for item in package.iter("{*}item")}
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no":
            continue
        is_contents = "nav" in item.get("properties", "").split()
        if item.get("media-type") in _CHAPTERS and not is_contents:
            href = unquote(item.get("href", "")).partition("#")[0]
            yield posixpath.normpath(posixpath.join(folder, href))


def _chapter(data: bytes) -> list[Block]:
    try:
        root = parse_xml(data)
    except ArticleError:  # an entity such as &nbsp;, or a careless converter
        root = parse_html(decode(data))
    body = next((e for e in root.iter() if local_name(e) == "body"), root)
    return read_blocks(body)


def _metadata(package: Any) -> tuple[Meta, Meta]:
    """What the book says about itself; of its date and publisher a printed byline knows more."""
    found: dict[str, list[str]] = {}
    built = None
    for element in package.iter():
        text = one_line(element.text or "") if isinstance(element.tag, str) else ""
        if "dc/elements" in str(element.tag) and text and not _is_other(element):
            found.setdefault(local_name(element), []).append(text)
        elif element.get("property") == "dcterms:modified":
            built = parse_date(text)
    authors = [name for value in found.get("creator", []) if (name := person(value))]
    day = next((day for value in found.get("date", []) if (day := parse_date(value))), None)
    known = Meta(
        title=headline(next(iter(found.get("title", [])), None)),
        author=", ".join(dict.fromkeys(authors)) or None,
        url=next((text for text in found.get("source", []) if _URL.fullmatch(text)), None),
    )
    fallback = Meta(outlet=next(iter(found.get("publisher", [])), None), published=day)
    # A converter that states no publication writes the day it ran instead.
    return known, replace(fallback, published=None) if day == built else fallback


def _is_other(element: Any) -> bool:
    """Whether it is a date of something else, or a contributor who is no author."""
    facts = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    other_date = facts.get("event", "publication") not in ("publication", "original-publication")
    return other_date or facts.get("role", "aut") != "aut"
