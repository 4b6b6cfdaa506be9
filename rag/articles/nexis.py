"""LexisNexis ("1 of 3 DOCUMENTS") and Nexis Uni ("End of Document"): many articles in one file."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from rag.articles.cleaning import one_line
from rag.articles.drafts import Block, Meta
from rag.articles.pieces import (
    COPYRIGHT,
    Fields,
    Piece,
    dated,
    is_day,
    names_in,
    outlet_named,
    own_lines,
    stretches,
)
from rag.text.dates import WEEKDAY, find_dates

_DOCUMENT = re.compile(
    r"(?:\d+ (?:of|de|von|van|di) \d+ (?:documents?|dokumente?n?)|dokument \d+ von \d+)", re.I
)
_END = re.compile(
    r"(?:end of document|ende des dokument(?:e?s)?|fin du document|fin del documento"
    r"|fine del documento|einde van (?:het )?document)",
    re.IGNORECASE,
)
_NEXIS_HEAD = (
    "byline section length dateline highlight headline series show anchors guests type url"
    " distribution rubrik länge autor longueur rubrique auteur"
).split()
_NEXIS_TAIL = (
    "load-date language publication-type journal-code journal code subject organization company"
    " person geographic industry ticker country state city update correction-date classification"
    " document-type pub-type acc-no sprache publikationstyp erscheinungsdatum notes edition"
).split()
_NEXIS_FIELD = re.compile(
    rf"(?P<key>{'|'.join([*_NEXIS_HEAD, *_NEXIS_TAIL, 'journal code', 'body', 'graphic'])})"
    r"\s?:\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NEXIS_MARK = re.compile(r"(?:body|classification|graphic|correction|abstract)", re.IGNORECASE)
_PAGE = re.compile(r"page \d* ?of \d*", re.IGNORECASE)  # where a page's foot is part of the text
_APPENDED = re.compile(r"correction appended", re.IGNORECASE)  # Nexis leaves the date out then
_EDITION = re.compile(r".*\b(?:edition|final|ausgabe|édition)\b.*", re.IGNORECASE)


def _is_nexis(line: str) -> bool:
    whole = one_line(line)
    return bool(
        _NEXIS_FIELD.fullmatch(whole)
        or _NEXIS_MARK.fullmatch(whole)
        or _DOCUMENT.fullmatch(whole)
        or _END.fullmatch(whole)
        or COPYRIGHT.fullmatch(whole)
    )


def read_nexis(blocks: Sequence[Block]) -> list[Piece]:
    """Articles of LexisNexis ("1 of 3 DOCUMENTS"); none if it is no such file."""
    if not any(_DOCUMENT.fullmatch(one_line(line)) for b in blocks for line in b.lines):
        return []
    parts = stretches(own_lines(blocks, _is_nexis), _DOCUMENT, ends=False)
    found = [_nexis_fields(stretch) for stretch in parts]
    if not any(it.get("length", "load-date", "byline", "section", "länge") for it in found):
        return []
    return [Piece.of(it.body, _old_head(it)) for it in found if it.body]


def read_nexis_uni(blocks: Sequence[Block]) -> list[Piece]:
    """Articles of Nexis Uni ("End of Document"); none if it is no such file."""
    if not any(_END.fullmatch(one_line(line)) for b in blocks for line in b.lines):
        return []
    parts = stretches(own_lines(blocks, _is_nexis), _END, ends=True)
    found = [_nexis_fields(stretch) for stretch in parts]
    if not any(it.get("length", "load-date", "byline", "section", "länge") for it in found):
        return []
    return [Piece.of(it.body, _new_head(it)) for it in found if it.body]


def _nexis_fields(stretch: Sequence[Block]) -> Fields:
    """Head, fields and body of an article of either form."""
    found, state = Fields(), "head"
    has_mark = any(re.fullmatch(r"body:?", one_line(it.text), re.I) for it in stretch)
    waiting = deque(stretch)
    while waiting:
        block = waiting.popleft()
        if state == "head" and len(block.lines) > 1:  # headline, outlet and date in one
            waiting.extendleft(replace(block, text=line) for line in reversed(block.lines))
            continue
        text = one_line(block.text)
        match = _NEXIS_FIELD.fullmatch(text)
        key = match["key"].lower() if match else ""
        in_body = state == "body" and key not in _NEXIS_TAIL and key != "graphic"
        is_note = COPYRIGHT.fullmatch(text) and (not in_body or len(text) < 120)
        if is_note or _PAGE.fullmatch(text):
            continue
        if match and key == "body":
            state = "body"
            found.body += [replace(block, text=match["value"])] if match["value"] else []
        elif re.fullmatch("body", text, re.I):
            state = "body"
        elif re.fullmatch("classification", text, re.I):
            state = "tail"
        elif re.fullmatch("graphic", text, re.I):
            state = "graphic"
        elif re.fullmatch("correction", text, re.I) and state != "head":
            state = "body"
            found.body.append(block)
        elif match and not (in_body and has_mark):
            _take_field(found, block, key, match["value"])
            if key == "graphic":
                state = "graphic"
            elif key in _NEXIS_TAIL:
                state = "tail"
            elif state == "head" and not has_mark and key in _NEXIS_HEAD:
                state = "fields"
        elif state == "head" or (state == "fields" and has_mark):
            found.head.append(text)
        elif state == "graphic":
            found.body.append(replace(block, kind="caption"))
        elif state != "tail":
            state = "body"
            found.body.append(block)
    return found


def _take_field(found: Fields, block: Block, key: str, value: str) -> None:
    found.values.setdefault(key, value)
    if key == "highlight" and value:
        found.body.append(replace(block, text=value))
    elif key == "graphic" and value:
        found.body.append(replace(block, text=value, kind="caption"))


def _old_head(found: Fields) -> Meta:
    """Outlet, date, perhaps an edition, headline."""
    head = found.head
    at = next((n for n, text in enumerate(head) if is_day(text)), None)
    before = head[:at] if at is not None else head[:1]
    after = head[at + 1 :] if at is not None else head[1:]
    titles = [text for text in after if not _EDITION.fullmatch(text) or len(after) == 1]
    title = found.get("headline") or (titles[-1] if titles else "")
    known = dated(head[at]) if at is not None else Meta()
    return replace(
        known,
        title=one_line(title) or None,
        author=names_in(found.get("byline", "autor", "auteur")),
        outlet=outlet_named(before[0]) if before else None,
    )


def _new_head(found: Fields) -> Meta:
    """Headline, outlet, date; what stands above is the cover page, or the end of one."""
    head = found.head
    head = [text for text in head if not _APPENDED.fullmatch(text) or not any(map(is_day, head))]
    places = [n for n, text in enumerate(head) if n and (is_day(text) or _APPENDED.match(text))]
    author = names_in(found.get("byline", "autor", "auteur"))
    if not places:
        return Meta(title=found.get("headline") or (head[-1] if head else None), author=author)
    at = places[-1]
    outlet = _outlet_before_day(head[at])
    above = head[:at] if outlet else head[: at - 1]
    title = above[-1] if above else ""
    if len(above) > 1 and above[-2].endswith(";"):
        title = f"{above[-2]} {title}"
    return replace(
        dated(head[at]),
        title=re.sub(r" - Correction Appended$", "", title) or None,
        author=author,
        outlet=outlet_named(outlet or head[at - 1]),
    )


def _outlet_before_day(line: str) -> str | None:
    """The outlet in "Ostpost (Kolvik) May 6, 2024", where a page's lines were joined."""
    day = next(find_dates(line), None)
    before = line[: day.start] if day else ""
    before = re.sub(rf"{WEEKDAY},?\s*$", "", before, flags=re.IGNORECASE).strip(" ,")
    return before or None
