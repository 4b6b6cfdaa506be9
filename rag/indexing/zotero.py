"""Zotero on this machine as a feed: items with an attached text, under Zotero's own metadata.

Asked is the local API of the running program, a web API version 3 without a key, and nothing
beyond this machine. Its version numbers rise only when a library is synchronised: what became of
an item is told by its date of change too, and by those of its attachments.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import httpx

from rag.articles import must_be_readable, printable
from rag.errors import ArticleError, SettingsError
from rag.indexing.feed_list import Entry, Listed
from rag.indexing.readers import Readers
from rag.settings import Settings

NAME = "zotero"  # the library; "zotero:KEY" is one collection of it
_MEANT = re.compile(rf"{NAME}(?::([A-Z0-9]{{8}}))?")
_KEY = re.compile(r"[A-Z0-9]{8}")
_LIBRARY = "/api/users/0"  # whoever is logged in
_AT_ONCE = 500  # items of one answer
_MOST = 500_000  # items of a library
_SECONDS = 60.0  # a Zotero that has just started reads its library first
_ALLOW = (
    "Settings → Advanced → “Allow other applications on this computer to communicate with Zotero”"
)
_OUTLETS = (
    "publicationTitle", "websiteTitle", "blogTitle", "forumTitle", "programTitle", "bookTitle",
    "proceedingsTitle", "encyclopediaTitle", "dictionaryTitle", "publisher", "institution",
)  # fmt: skip
_MARKS = re.compile(r"</?(?:i|b|sub|sup|span)\b[^<>]*>")  # that Zotero knows in titles
_NO_TEXTS = frozenset(("note", "annotation"))
_WEB = "text/html"


@dataclass(frozen=True, slots=True)
class _Library:
    """A Zotero that answers, and what reads the files that it keeps."""

    client: httpx.Client
    most: int  # bytes of one answer
    readers: Readers

    def close(self) -> None:
        self.client.close()
        self.readers.__exit__()


def is_meant(named: str) -> bool:
    """Whether it names Zotero, or a collection in it."""
    return _MEANT.fullmatch(named) is not None


def must_answer(named: str, settings: Settings) -> None:
    """Raise ArticleError unless Zotero answers, and has the collection that is named."""
    library = _opened(settings)
    try:
        _title(library, _collection(named))
    finally:
        library.close()


def listed(named: str, settings: Settings) -> Listed:
    """Return the items that have an attachment. Raises ArticleError: Zotero does not answer."""
    library, collection = _opened(settings), _collection(named)
    try:
        title = _title(library, collection)
        items = [*_items(library)]
    except BaseException:
        library.close()
        raise
    return Listed(title, [*_entries(library, items, collection)], close=library.close)


def _collection(named: str) -> str:
    found = _MEANT.fullmatch(named)
    return (found and found[1]) or ""


def _opened(settings: Settings) -> _Library:
    client = httpx.Client(
        base_url=_on_this_machine(settings.zotero),
        headers={"Zotero-API-Version": "3", "User-Agent": "Byline"},
        trust_env=False,  # a proxy would be asked in its stead
        follow_redirects=False,
        timeout=_SECONDS,
    )
    return _Library(client, settings.max_upload_mb * 1_000_000, Readers(1, settings.read_seconds))


def _on_this_machine(address: str) -> str:
    """The address. Raises SettingsError unless it is one of this machine, written as a number."""
    with suppress(ValueError):
        host = urlsplit(address).hostname or ""
        if address.startswith("http://") and ipaddress.ip_address(host).is_loopback:
            return address
    raise SettingsError(
        f"zotero is {address!r}; Zotero is asked on this machine alone: http://127.0.0.1:23119"
    )


# --- what it holds


def _title(library: _Library, collection: str) -> str:
    if not collection:
        _json(library, f"{_LIBRARY}/items/top?limit=1&format=json")
        return "Zotero"
    found = _json(library, f"{_LIBRARY}/collections/{collection}")
    if found is None:
        raise ArticleError(
            f"Zotero has no collection {collection}: its key stands at the end of the address that"
            " its menu in Zotero's web library copies."
        )
    return f"Zotero: {_text(_mapping(found).get('data'), 'name') or collection}"


def _items(library: _Library) -> Iterator[Mapping[str, Any]]:
    """All items of the library, attachments among them, in an order that additions do not move."""
    for start in range(0, _MOST, _AT_ONCE):
        asked = f"format=json&sort=dateAdded&direction=asc&start={start}&limit={_AT_ONCE}"
        found = _json(library, f"{_LIBRARY}/items?{asked}")
        if not isinstance(found, list) or not found:
            return
        yield from (item for item in map(_mapping, found) if _KEY.fullmatch(_text(item, "key")))
        if len(found) < _AT_ONCE:
            return


def _entries(
    library: _Library, items: Sequence[Mapping[str, Any]], collection: str
) -> Iterator[Entry]:
    held: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        data = _mapping(item.get("data"))
        if data.get("itemType") == "attachment":
            held.setdefault(_text(data, "parentItem") or item["key"], []).append(item)
    for item in items:
        data = _mapping(item.get("data"))
        is_inside = not collection or collection in _list(data, "collections")
        if item["key"] in held and is_inside and data.get("itemType") not in _NO_TEXTS:
            attached = sorted(held[item["key"]], key=partial(_order, data))
            where = f"{NAME}:{item['key']}, “{_title_of(data) or 'untitled'}”"
            load = partial(_file, library, item, attached)
            yield Entry(item["key"], _state([item, *attached]), printable(where), load)


def _order(parent: Mapping[str, Any], attachment: Mapping[str, Any]) -> tuple[bool, str]:
    """Of an article in a paper or on the web the saved page first, of all else the PDF."""
    kind = _text(attachment.get("data"), "contentType")
    is_page = _text(parent, "itemType") in ("newspaperArticle", "webpage", "blogPost")
    return kind != (_WEB if is_page else "application/pdf"), attachment["key"]


def _state(items: Sequence[Mapping[str, Any]]) -> str:
    """A word that changes when one of them does."""
    told = [(it["key"], it.get("version"), _text(it.get("data"), "dateModified")) for it in items]
    return sha256(json.dumps(told).encode()).hexdigest()[:16]


# --- an item as a file


def _file(
    library: _Library, item: Mapping[str, Any], attached: Sequence[Mapping[str, Any]]
) -> tuple[str, bytes]:
    """The item's metadata and text. Raises ArticleError: none of its attachments has a text."""
    text, reasons = "", list[str]()
    for attachment in attached:
        try:
            text = _stored(library, attachment) or _indexed(library, attachment)
        except ArticleError as error:
            reasons.append(str(error))
        if text.strip():
            break
    else:
        raise ArticleError(
            reasons[0]
            if reasons
            else "None of its attachments has a text that Byline or Zotero could read."
        )
    values = {**_metadata(item), "text": text}
    data = json.dumps({name: value for name, value in values.items() if value}, indent=1)
    return f"zotero-{item['key']}.json", data.encode()


def _metadata(item: Mapping[str, Any]) -> dict[str, Any]:
    data = _mapping(item.get("data"))
    doi = _text(data, "DOI")
    return {
        "title": _title_of(data),
        "author": _authors(data),
        "outlet": next(filter(None, (_text(data, name) for name in _OUTLETS)), ""),
        "published": _text(item.get("meta"), "parsedDate") or _text(data, "date"),
        "url": _text(data, "url") or (doi and f"https://doi.org/{doi}"),
        "section": _text(data, "section"),
        "language": _text(data, "language"),
    }


def _title_of(data: Mapping[str, Any]) -> str:
    return _MARKS.sub("", _text(data, "title"))


def _authors(data: Mapping[str, Any]) -> list[str]:
    """The names of the authors, or of whoever made it where nobody is called so."""
    made = [_mapping(each) for each in _list(data, "creators")]
    authors = [each for each in made if each.get("creatorType") == "author"]
    return [
        _text(each, "name") or f"{_text(each, 'firstName')} {_text(each, 'lastName')}".strip()
        for each in authors or made
    ]


def _stored(library: _Library, attachment: Mapping[str, Any]) -> str:
    """The text of the file that Zotero keeps; empty where it keeps none that can be read.

    Only what lies in the attachment's own folder is opened, whatever path is told: a linked file
    may be any file of this machine.
    """
    key = attachment["key"]
    told = _got(library, f"{_LIBRARY}/items/{key}/file/view/url")
    address = urlsplit(told.decode("utf-8", "replace").strip()) if told else None
    if address is None or address.scheme != "file" or address.netloc not in ("", "localhost"):
        return ""
    file = Path(url2pathname(address.path))
    try:
        real = file.resolve(strict=True)
        if real.parent.name != key or not real.is_file():
            return ""
        must_be_readable(real.stat().st_size)
    except (OSError, ValueError, ArticleError):
        return ""
    (outcome,) = library.readers.read([(unquote(file.name), real)])
    if isinstance(outcome, ArticleError):
        return ""
    return "\n\n".join(article.text for article in outcome.articles)


def _indexed(library: _Library, attachment: Mapping[str, Any]) -> str:
    """The text that Zotero itself took of the file; empty where it has none, or before Zotero 8."""
    found = _json(library, f"{_LIBRARY}/items/{attachment['key']}/fulltext")
    return _text(found, "content")


# --- what is asked


def _json(library: _Library, path: str) -> Any:
    """What it answers; None where there is no such thing. Raises ArticleError."""
    got = _got(library, path)
    try:
        return None if got is None else json.loads(got)
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"What answers at {library.client.base_url} is no Zotero.") from error


def _got(library: _Library, path: str) -> bytes | None:
    where, data = str(library.client.base_url).rstrip("/"), bytearray()
    try:
        with library.client.stream("GET", path) as response:
            if response.status_code == httpx.codes.FORBIDDEN:
                raise ArticleError(f"Zotero lets no other program in: switch on {_ALLOW}.")
            for piece in response.iter_bytes():
                data += piece
                if len(data) > library.most:
                    raise ArticleError(f"Zotero sends more than {library.most // 1_000_000} MB.")
    except httpx.HTTPError as error:
        raise ArticleError(
            f"Zotero does not answer at {where} ({error or type(error).__name__}). Start it, and"
            f" switch on {_ALLOW}."
        ) from error
    if response.status_code == httpx.codes.NOT_FOUND:
        return None
    if response.status_code != httpx.codes.OK:
        raise ArticleError(f"Zotero answers “{response.status_code}” at {where}{path}.")
    return bytes(data)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(values: Any, name: str) -> list[Any]:
    value = _mapping(values).get(name)
    return value if isinstance(value, list) else []


def _text(values: Any, name: str) -> str:
    value = _mapping(values).get(name)
    return value.strip() if isinstance(value, str) else ""
