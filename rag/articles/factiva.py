"""Factiva: articles that each end in "Document KT0000020240506ek5600000", with or without codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.articles.cleaning import one_line
from rag.articles.drafts import Block, Meta
from rag.articles.pieces import (
    BY,
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

_WORD_FOR_DOCUMENT = r"(?:document|dokument|documento)"
_ACCESSION = re.compile(
    rf"(?i:{_WORD_FOR_DOCUMENT}) (?=\w{{18,36}}$)[A-Z][A-Z0-9]+\d{{8}}e\w{{5,}}"
)
_WORDS = re.compile(r"[\d.,\s]+(?:words|wörter|mots|palabras|parole|woorden|palavras)", re.I)
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d(?:\s?[ap]m)?(?:\s[A-Z]{2,4})?", re.IGNORECASE)
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")
_LANGUAGE = re.compile(
    r"english|englisch|anglais|inglés|german|deutsch|allemand|french|français|französisch|spanish|"
    r"español|spanisch|italian|italiano|italienisch|portuguese|português|dutch|nederlands|"
    r"niederländisch|swedish|svenska|danish|dansk|norwegian|norsk|polish|russian|chinese.{0,25}|"
    r"japanese|arabic|turkish",
    re.IGNORECASE,
)


def read_factiva(blocks: Sequence[Block]) -> list[Piece]:
    """Articles of Factiva without codes; none if it is no such file."""
    if not any(_ACCESSION.fullmatch(one_line(line)) for b in blocks for line in b.lines):
        return []
    lines = own_lines(blocks, _is_factiva)
    lines = [
        replace(block, text=line, starts=block.starts if n == 0 else ())
        for block in lines
        for n, line in enumerate(block.lines if len(block.text) < 600 else [block.text])
    ]
    pieces = [factiva_piece(stretch) for stretch in stretches(lines, _ACCESSION, ends=True)]
    return [piece for piece in pieces if piece]


def _is_factiva(line: str) -> bool:
    return bool(_ACCESSION.fullmatch(one_line(line)) or _WORDS.fullmatch(one_line(line)))


def factiva_piece(stretch: Sequence[Block]) -> Piece | None:
    """Headline and byline above the count of words; date, outlet, code, language below."""
    texts = [one_line(block.text) for block in stretch]
    count = next((n for n, text in enumerate(texts) if _WORDS.fullmatch(text)), None)
    if count is None:
        return Piece.of(stretch, Meta()) if any(b.is_prose for b in stretch) else None
    above = [text for text in texts[:count] if text]
    author = names_in(above[-1]) if len(above) > 1 and _is_byline(above[-1]) else None
    title = above[-2] if author or (len(above) > 1 and BY.match(above[-1])) else None
    title = title or (above[-1] if above else None)
    at, known = count + 1, Meta()
    if at < len(texts) and is_day(texts[at]):
        known, at = dated(texts[at]), at + 1
    while at < len(texts) and _CLOCK.fullmatch(texts[at]):
        at += 1
    outlet = outlet_named(texts[at]) if at < len(texts) else None
    body = _factiva_body(texts, at + 1)
    return Piece.of(stretch[body:], replace(known, title=title, author=author, outlet=outlet))


def _is_byline(text: str) -> bool:
    return len(text.split()) <= 20 and names_in(text) is not None


def _factiva_body(texts: Sequence[str], at: int) -> int:
    """Where the text begins: below the copyright, or else below the language."""
    near = range(at, min(len(texts), at + 10))
    for test in (COPYRIGHT, _LANGUAGE):
        places = [n for n in near if test.fullmatch(texts[n])]
        if places:
            return places[0] + 1
    while at < len(texts) and _CODE.fullmatch(texts[at]):
        at += 1
    return at


_CODES = "SE HD BY CR WC PD ET SN SC ED PG VOL LA CY LP TD CT RF CO IN NS RE IPC IPD PUB AN ART"
_LOOSE = frozenset("SE ED CR CT IN RE CO NS PG ET IPC IPD RF ART".split())
_CODED = re.compile(rf"(?P<code>{'|'.join(_CODES.split())})(?:\s?\|\s?|\s+|$)(?P<value>.*)", re.S)


def read_factiva_codes(blocks: Sequence[Block]) -> list[Piece]:
    """Articles of Factiva with its codes (HD, BY, PD …); none if it is no such file."""
    lines = own_lines(blocks, lambda line: _coded(line) is not None)
    codes = [coded[0] for block in lines if (coded := _coded(block.text))]
    if not {"HD", "PD", "AN"} <= set(codes):
        return []
    pieces: list[Piece] = []
    found, code = Fields(), ""
    for block in lines:
        coded = _coded(block.text)
        if coded:
            code, value = coded
            block = replace(block, text=value)
        if code in ("LP", "TD") and block.text:
            found.body.append(block)
        elif code and block.text:
            found.values[code] = f"{found.values.get(code, '')} {block.text}".strip()
        if coded and code == "AN":
            pieces += [Piece.of(found.body, _coded_head(found))] if found.body else []
            found, code = Fields(), ""
    return pieces


def _coded(text: str) -> tuple[str, str] | None:
    """Code and value of a line; a code that is a word too only with a bar or a colon."""
    match = _CODED.fullmatch(text)
    if not match:
        return None
    code, value = match["code"], match["value"]
    is_table = text[len(code) :].lstrip().startswith("|")
    is_sure = code not in _LOOSE or not value or is_table or " : " in value
    return (code, value) if is_sure else None


def _coded_head(found: Fields) -> Meta:
    return replace(
        dated(found.get("PD")),
        title=one_line(found.get("HD")) or None,
        author=names_in(found.get("BY")),
        outlet=outlet_named(found.get("SN")),
    )
