"""ProQuest: articles between rules, with fields such as "Author: …" and "Full text: …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.articles.cleaning import one_line
from rag.articles.drafts import Block, Meta
from rag.articles.pieces import (
    Fields,
    Piece,
    dated,
    names_in,
    outlet_named,
    own_lines,
    stretches,
)

_RULE = re.compile(r"_{20,}")
_OF_PROQUEST = re.compile(
    r"(?P<key>author|title|publication title|publication info|publication date|publication year|"
    r"full text|abstract|abstract \(summary\)|subject|location|people|company / organization|"
    r"business indexing term|identifier / keyword|pages?|section|place of publication|"
    r"country of publication|publisher|publication subject|issn|e-issn|isbn|source type|"
    r"language of publication|document type|proquest document id|document url|copyright|"
    r"last updated|database|links|dateline|credit|volume|issue|number of pages|"
    r"first page|column|edition|product name|proquest document link)\s?:\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(r"document \d+ of \d+", re.IGNORECASE)
_CITATION = re.compile(r"\[[^\]]+\]\.? ?\d{1,2} \w+ \d{4}")  # names, outlet, place and day in one
_NOTE = re.compile(r"\s*:?\s*\[[^\[\]]*(?:edition|headline)\]\s*$", re.IGNORECASE)


def read_proquest(blocks: Sequence[Block]) -> list[Piece]:
    """Articles of ProQuest; none if it is no such file."""
    lines = own_lines(blocks, lambda x: bool(_OF_PROQUEST.fullmatch(x) or _RULE.fullmatch(x)))
    keys = {match["key"].lower() for b in lines if (match := _OF_PROQUEST.fullmatch(b.text))}
    if "full text" not in keys or not {"proquest document id", "publication info"} & keys:
        return []
    parts = stretches(lines, _RULE, ends=False)
    parts = parts if len(parts) > 1 else _ended(lines)
    found = [_proquest_fields(stretch) for stretch in parts]
    return [Piece.of(it.body, _proquest_head(it)) for it in found if it.body]


def _ended(lines: Sequence[Block]) -> list[list[Block]]:
    """Articles that nothing parts, as in a mail: the database's name is the last field of each."""
    parts: list[list[Block]] = [[]]
    for block in lines:
        match = _OF_PROQUEST.fullmatch(block.text)
        parts[-1].append(block)
        if match and match["key"].lower() == "database":
            parts.append([])
    return parts


def _proquest_fields(stretch: Sequence[Block]) -> Fields:
    found, state = Fields(), "head"
    for block in stretch:
        match = _OF_PROQUEST.fullmatch(block.text)
        if match and not (state == "body" and match["key"].lower() in ("people", "location")):
            key = match["key"].lower()
            state = "body" if key == "full text" else "fields"
            found.values.setdefault(key, one_line(match["value"]))
            if key == "full text" and match["value"].strip():
                found.body.append(replace(block, text=match["value"].strip()))
        elif state == "body":
            found.body.append(block)
        elif state == "head" and not _NUMBER.fullmatch(block.text):
            found.head.append(one_line(block.text))
    return found


def _proquest_head(found: Fields) -> Meta:
    info = found.get("publication info")
    heads = [text for text in found.head if not _CITATION.search(text)]
    title = found.get("title") or (heads[-1] if heads else "")
    printed = found.get("publication date") or _last_date(info)
    return replace(
        dated(printed),
        title=_NOTE.sub("", title) or None,
        author=names_in(found.get("author")),
        outlet=outlet_named(re.split(r"\s?[;:]\s?", found.get("publication title") or info)[0]),
    )


def _last_date(info: str) -> str:
    """The day in "Chicago Tribune ; Chicago, Ill. [Chicago, Ill]21 Apr 2007: 18."."""
    return re.sub(r"\](?=\d)", "] ", info)
