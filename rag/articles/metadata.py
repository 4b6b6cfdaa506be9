"""Headline, byline, outlet and date from the lines that a saved article starts and ends with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rag.articles.bylines import (
    is_email,
    outlet_of,
    read_byline,
    read_dateline,
    read_signature,
)
from rag.articles.drafts import Block, Meta, is_prose
from rag.articles.labels import label_in_note, label_in_title, label_of
from rag.articles.personal_names import is_outlet, is_single_name, split_names, unglue
from rag.text.dates import find_dates, parse_date, two_ways
from rag.text.words import letters

_HEAD_BLOCKS = 10
_HEAD_PROSE = 3  # a byline stands before the third paragraph, or nowhere
_LONGEST_TITLE = 30  # words
_KEY_VALUE = re.compile(
    r"(?P<key>title|headline|authors?|byline|date|published|source|outlet|publication|newspaper|"
    r"publisher|url|link|section|category|label|rubric)\s*:\s*(?P<value>\S.*)",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s<>\"]+")
_OPEN_END = re.compile(r"[^.]{1,150}(?:[?!…؟？！]|\.\.\.)+[”\"’'»]?")  # as a headline may have
_SITE = re.compile(r"\s+[|–—·•-]\s+(?P<site>[^|–—·•]{2,60})$")
_TAGLINE = re.compile(
    r"the\b.*\b(?:weekly|daily|magazine|newspaper|journal|quarterly|monthly|paper)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the article's beginning; `block` is the number of its paragraph."""

    block: int
    text: str


def head(blocks: list[Block]) -> list[Line]:
    """Lines before the article is well under way."""
    return list(_head(blocks))


def _head(blocks: list[Block]) -> Iterator[Line]:
    prose = 0
    for number, block in enumerate(blocks[:_HEAD_BLOCKS]):
        if block.kind != "body" or block.author:  # what somebody says is no byline
            continue
        yield from (Line(number, text) for text in block.lines)
        prose += block.is_prose
        if prose == _HEAD_PROSE:
            return


def read_head(blocks: list[Block], known: Meta) -> Meta:
    """Add what the article's first lines say to what is `known`, which wins."""
    lines = head(blocks)
    meta = known.or_else(Meta(title=_find_title(lines)))
    for line in lines:
        meta = meta.or_else(_read_line(line.text, meta.title))
    meta = meta.or_else(_lone_name(lines)).or_else(_masthead(lines, meta.title))
    if meta.author and not known.author:
        openings = [block.text for block in blocks[1:6]]
        names = [unglue(name, openings) for name in meta.author.split(", ")]
        meta = replace(meta, author=", ".join(names))
    label = known.label or (meta.title and label_in_title(meta.title)) or meta.label
    return replace(meta, label=label or None)


def read_datelines(blocks: list[Block]) -> Meta:
    """Agency and date at the start of a paragraph; an agency's report may stand in any paper."""
    meta = Meta()
    for line in head(blocks):
        if is_prose(line.text):
            meta = meta.or_else(read_dateline(line.text))
    return meta


def read_foot(blocks: list[Block]) -> Meta:
    """Read a signature, a credit or a byline under the article."""
    if sum(block.is_prose for block in blocks) < 2:
        return Meta()
    last = blocks[-1].lines[-1]
    if len(blocks[-1].lines) == 1 and not blocks[-2].is_prose:
        return Meta()  # the end of a list
    found = read_signature(last)
    named = found.author and sum(last in block.text for block in blocks) > 1
    return Meta() if named else found  # whom the text speaks of has not signed it


def _read_line(text: str, title: str | None) -> Meta:
    if title and same_words(text, title):
        return Meta()
    if match := _KEY_VALUE.fullmatch(text):
        return _from_key(match["key"].lower(), match["value"])
    if _URL.fullmatch(text):
        return Meta(url=text)
    note = Meta(label=label_in_note(text) if len(text.split()) <= 60 else None)
    if byline := read_byline(text):
        return byline.or_else(note)
    if is_prose(text):
        return note
    return Meta(label=label_of(text)).or_else(note)


def _from_key(key: str, value: str) -> Meta:
    if found := _URL.match(value):
        return Meta(url=found[0])
    if key in ("author", "authors", "byline"):
        names = split_names(value) or ([value] if is_single_name(value) else [])
        return Meta(author=", ".join(names) or None)
    if key in ("date", "published"):
        return Meta(published=parse_date(value), dated=two_ways(value))
    if key in ("section", "category", "label", "rubric"):
        return Meta(label=label_of(value))
    is_short = len(value.split()) <= 6
    is_title = key in ("title", "headline", "url", "link")
    return Meta(outlet=value) if is_short and not is_title else Meta()


# --- the headline


def _find_title(lines: list[Line]) -> str | None:
    for line in lines:
        match = _KEY_VALUE.fullmatch(line.text)
        if match and match["key"].lower() in ("title", "headline"):
            return better_case(match["value"], lines)
    candidates = _title_candidates(lines)
    if len(candidates) > 1 and _is_masthead(candidates[0], lines):
        candidates = [text for text in candidates[1:] if not _TAGLINE.match(text)]
    return better_case(candidates[0], lines) if candidates else None


def _title_candidates(lines: list[Line]) -> list[str]:
    candidates: list[str] = []
    for line in lines:
        repeated = sum(same_words(line.text, other.text) for other in lines) > 1
        asks = not candidates and _OPEN_END.fullmatch(line.text) and len(lines) > 1
        reads_on = is_prose(line.text) and not repeated and not asks
        if reads_on and not read_byline(line.text):
            break
        if _can_be_title(line.text):
            candidates.append(line.text)
    return candidates


def _can_be_title(text: str) -> bool:
    if len(text.split()) > _LONGEST_TITLE or not any(map(str.isalpha, text)):
        return False
    if _KEY_VALUE.fullmatch(text) or _URL.fullmatch(text) or read_byline(text):
        return False
    if text.endswith(".") and not text.endswith("...") and len(text.split()) > 4:
        return False
    return label_of(text) is None or " " in text


def _is_masthead(text: str, lines: list[Line]) -> bool:
    tagline = any(_TAGLINE.match(line.text) for line in lines[:3])
    return is_outlet(_calm(text)) or (text.isupper() and tagline and len(text.split()) <= 6)


def _masthead(lines: list[Line], title: str | None) -> Meta:
    """Read the paper's name where it stands on a line of its own near the headline."""
    for line in lines[:6]:
        if title and same_words(line.text, title):
            continue
        if outlet := outlet_of(line.text) or (_is_masthead(line.text, lines) and _calm(line.text)):
            return Meta(outlet=_calm(outlet) if " " in outlet else outlet)
    return Meta()


def read_running_head(text: str) -> Meta:
    """Read what a magazine prints on top of each page: "Name | The weekly … | date"."""
    pieces = [piece.strip() for piece in re.split(r"[|•·]|\s[–—-]\s|,\s(?=\d|page)", text)]
    tagline = any(map(_TAGLINE.match, pieces[1:]))
    named = [piece for n, piece in enumerate(pieces) if is_outlet(piece) or (tagline and n == 0)]
    return Meta(outlet=named[0] if named else None, published=parse_date(text))


def without_site(meta: Meta) -> Meta:
    """Take the paper's name off a headline such as "… | CNN"."""
    match = _SITE.search(meta.title or "")
    if not meta.title or not match or not match.start():
        return meta
    site = match["site"]
    if not is_outlet(site) and site.casefold() != (meta.outlet or "").casefold():
        return meta
    return replace(meta, title=meta.title[: match.start()], outlet=meta.outlet or site)


def _calm(text: str) -> str:
    return text.title() if text.isupper() and " " in text else text


def same_words(one: str, other: str) -> bool:
    """Whether two lines are the same but for case and punctuation."""
    return bool(key := letters(one)) and key == letters(other)


def better_case(title: str, lines: list[Line]) -> str:
    """Of a headline printed twice, the one whose capitals no program made ("U.s. To Enlist")."""
    forms = [title, *(line.text for line in lines if same_words(line.text, title))]
    return next((form for form in forms if not _is_mechanical(form)), title)


def _is_mechanical(title: str) -> bool:
    words = title.split()
    return len(words) > 2 and (title.isupper() or all(w == w.capitalize() for w in words))


# --- a name without "By"


def _lone_name(lines: list[Line]) -> Meta:
    """Take a name on a line of its own for a byline only beside a date, a paper or an address."""
    texts = [line.text for line in lines]
    for at, text in enumerate(texts):
        beside = texts[max(0, at - 1) : at] + texts[at + 1 : at + 2]
        if (names := split_names(text)) and any(map(_is_beside_names, beside)):
            return Meta(author=", ".join(names))
    return Meta()


def _is_beside_names(text: str) -> bool:
    return is_email(text) or outlet_of(text) is not None or _is_date_line(text)


def _is_date_line(text: str) -> bool:
    byline = read_byline(text)
    return byline is not None and byline.author is None and any(find_dates(text))
