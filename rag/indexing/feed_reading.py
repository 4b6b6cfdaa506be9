"""The bytes of a feed -> its entries, read by feedparser in a process of its own.

Whoever writes a feed decides how long feedparser takes over it: elements in elements in elements
take it hours. What takes too long ends with its process, and costs that feed alone.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.articles.cleaning import one_line
from rag.articles.formats.webpages.markup import parse_xml
from rag.errors import ArticleError

_PROGRAM = "from rag.indexing.feed_reading import serve; serve()"
_ROOT = Path(__file__).parents[2]
_LONGEST = 500  # characters of a title, a name or an id


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as its feed gives it; what is unknown is empty. `text` is HTML."""

    id: str
    link: str
    title: str
    authors: tuple[str, ...]
    published: str
    updated: str  # ISO 8601 in UTC
    text: str


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed's title and entries."""

    title: str
    items: tuple[Item, ...]


def read(data: bytes, url: str, seconds: float) -> FoundFeed:
    """Read a feed from `url`, to which its links are relative.

    Raises:
        ArticleError: it is no feed, or takes longer than this many seconds.

    """
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    try:
        ran = subprocess.run(
            [sys.executable, "-P", "-c", _PROGRAM],  # -P: no module of the folder we are in
            input=json.dumps(url).encode() + b"\n" + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ArticleError(f"Reading the feed took longer than {seconds:g} seconds.") from error
    found = json.loads(ran.stdout) if ran.returncode == 0 else None
    if found is None:
        raise ArticleError("It is no feed (RSS or Atom): give the address of one.")
    items = ({**item, "authors": tuple(item["authors"])} for item in found["items"])
    return FoundFeed(found["title"], tuple(Item(**item) for item in items))


def is_list(data: bytes) -> bool:
    """Whether it is a list of feeds (OPML), and no feed."""
    return b"<opml" in data[:4000].lower()


def outlines(data: bytes) -> list[str]:
    """Return the addresses in a list of feeds, at whatever depth. Raises ArticleError: none."""
    given = (
        str(value).strip()
        for item in parse_xml(data).iter("{*}outline")
        for name, value in item.attrib.items()
        if name.lower() == "xmlurl"
    )
    urls = [url for url in given if is_web(url)]
    if not urls:
        raise ArticleError("The list names no feed: its outlines need an xmlUrl.")
    return list(dict.fromkeys(urls))


def is_web(named: str) -> bool:
    """Whether it is the address of a page, rather than a file."""
    return named.lower().startswith(("http://", "https://"))


# --- in the process of its own


def serve() -> None:
    """Read the feed on the standard input, after a line with its address; print it as JSON."""
    url = json.loads(sys.stdin.buffer.readline())
    json.dump(_found(sys.stdin.buffer.read(), url), sys.stdout)


def _found(data: bytes, url: str) -> dict[str, Any] | None:
    import feedparser  # type: ignore[import-untyped, unused-ignore]

    found = feedparser.parse(
        io.BytesIO(data),
        response_headers={"content-location": url},
        sanitize_html=False,
        resolve_relative_uris=True,
    )
    if not found.version:
        return None
    items = [asdict(_item(entry)) for entry in found.entries]
    return {"title": _short(found.feed.get("title")), "items": items}


def _item(entry: Mapping[str, Any]) -> Item:
    link = str(entry.get("link") or "")
    contents = [str(each.get("value") or "") for each in entry.get("content", [])]
    text = max(contents, key=len, default="") or str(entry.get("summary") or "")
    # get() gives the date of publication where there is none of a change
    changed = entry.get("updated_parsed") if "updated_parsed" in entry else None
    return Item(
        id=_id(str(entry.get("id") or link or f"{entry.get('title')} {text}")),
        link=link,
        title=_short(entry.get("title")),
        authors=tuple(_short(each["name"]) for each in entry.get("authors", []) if "name" in each),
        published=_short(entry.get("published")),
        updated=time.strftime("%Y-%m-%dT%H:%M:%SZ", changed) if changed else "",
        text=text,
    )


def _short(text: Any) -> str:
    return one_line(str(text or ""))[:_LONGEST]


def _id(given: str) -> str:
    """An id as it is kept: of a long one its hash."""
    if len(given) <= _LONGEST:
        return given
    return hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()
