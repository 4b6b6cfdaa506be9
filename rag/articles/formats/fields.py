"""Metadata that a file gives by name: front matter, JSON, document properties."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rag.articles.cleaning import one_line
from rag.articles.drafts import Meta
from rag.articles.labels import label_of
from rag.text.dates import parse_date, two_ways
from rag.text.language import language_code

_TITLE = ("title", "headline")
_AUTHOR = ("author", "authors", "byline", "by", "creator")
_OUTLET = ("outlet", "publication", "publisher", "newspaper", "site", "sitename", "site_name")
_DATE = ("published", "date", "date_published", "published_at", "publish_date", "pubdate")
_UPDATED = ("updated", "modified", "date_modified", "updated_at", "last_modified", "lastmod")
_LANGUAGE = ("language", "lang")
_URL = ("url", "link", "canonical_url", "source_url", "permalink", "source")
_SECTION = ("label", "section", "category", "categories", "type", "kind", "genre")
_BY = re.compile(r"by\s+", re.IGNORECASE)
_IS_URL = re.compile(r"https?://\S+")
_PROGRAMS = re.compile(
    r"(?:python-docx|microsoft.*|windows user|user|owner|admin(?:istrator)?|unknown|anonymous|"
    r"author|default|none|root|openoffice.*|libreoffice.*|pc|hp|dell|lenovo|\W*)",
    re.IGNORECASE,
)
_FILE_TITLE = re.compile(
    r"(?:microsoft (?:office )?(?:word|powerpoint|excel)|powerpoint|untitled|unbenannt|sans titre"
    r"|document|dokument|doc)\s?[-–\d]*.*|word document|slide \d+|title|template|about:\S*"
    r"|(?:https?|file):\S*|.*\.(?:docx?|dotx?|pdf|indd|qxd|odt|rtf|txt|html?|tex|pptx?|xlsx?|wpd|pub|pages)"
    r"|press release|letterhead|\W*",
    re.IGNORECASE,
)


def read_fields(values: Mapping[Any, Any]) -> Meta:
    """Metadata of a mapping with whatever spelling of the keys; what is not text is unknown."""
    known = {str(key).lower().replace("-", "_"): value for key, value in values.items()}
    url = next((text for text in _texts(known, _URL) if _IS_URL.fullmatch(text)), None)
    sources = [text for text in _texts(known, ("source",)) if not _IS_URL.match(text)]
    outlets = [*_texts(known, _OUTLET), *sources]
    labels = (label_of(text) for text in _texts(known, _SECTION))
    return Meta(
        title=next(iter(_texts(known, _TITLE)), None),
        author=", ".join(_authors(known)) or None,
        outlet=next((text for text in outlets if not _IS_URL.match(text)), None),
        published=next((day for key in _DATE if (day := parse_date(known.get(key)))), None),
        url=url,
        label=next(filter(None, labels), None),
        language=next(filter(None, map(language_code, _texts(known, _LANGUAGE))), None),
        updated=next((day for key in _UPDATED if (day := parse_date(known.get(key)))), None),
        dated=next((text for key in _DATE if (text := two_ways(known.get(key)))), None),
    )


def _texts(values: Mapping[str, Any], keys: tuple[str, ...]) -> list[str]:
    return [text for key in keys for text in _as_texts(values.get(key))]


def _as_texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [text] if (text := one_line(value)) else []
    if isinstance(value, Mapping):
        return _as_texts(value.get("name"))
    if isinstance(value, list):
        return [
            text
            for item in value[:50]
            if isinstance(item, str | Mapping)
            for text in _as_texts(item)
        ]
    return []


def _authors(values: Mapping[str, Any]) -> list[str]:
    for key in _AUTHOR:
        names = [_BY.sub("", text, count=1) for text in _as_texts(values.get(key))]
        if names := [name for name in names if not _IS_URL.match(name)]:
            return list(dict.fromkeys(names))
    return []


def person(value: str | None) -> str | None:
    """Return the author that properties name, unless it is the program's or the computer's."""
    name = one_line(value or "")
    return None if _PROGRAMS.fullmatch(name) else name


def headline(value: str | None) -> str | None:
    """Return the title that properties give, unless it is a file's name or a default."""
    title = one_line(value or "")
    return None if _FILE_TITLE.fullmatch(title) else title
