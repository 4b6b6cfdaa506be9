"""Limits that a sentence drops: "could", "if", "some". It then claims more than its source does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.checking.atoms import Atom, same
from rag.checking.binding import Told
from rag.text import lexicon
from rag.text.words import words

_HEDGES = lexicon.words("limits", "hedges")
_CAREFUL = lexicon.words("limits", "careful") | _HEDGES
_WHOLE, _PARTLY = lexicon.words("limits", "whole"), lexicon.words("limits", "partly")
_NEXT = 2  # things behind a hedge, of which the claim must have one
_ENDS = re.compile(r"[,;:—–]|\b(?:and|but|who|which|because)\b")
_PIECE = re.compile(r"[,;:()—–]|\b(?:[Ii]f|[Uu]nless|but|while|which|who|because|although)\b")
_IF = re.compile(r"\W*(if|unless)\b", re.IGNORECASE)
_SURE = re.compile(r"\b(?:will|(?:is|are) going to)\b", re.IGNORECASE)
_UNSURE = re.compile(r"\b(?:could|may|might)\b", re.IGNORECASE)
_PROVED = re.compile(r"\b(?:established|confirmed|prove[dn]|certain|definitely)\b", re.IGNORECASE)
_THOUGHT = re.compile(
    r"\b(?:believes?|suspects?|thinks?|hypothesi[sz]e|may|might|could|likely)\b", re.I
)
_DOUBTS = frozenset("could may might likely probably possibly perhaps expects expected".split())
_NO_CONDITION = re.compile(r"(?:even|whether|as|,? or)\s+$")


def dropped(text: str, claim: Sequence[Atom], source: Told) -> Iterator[str]:
    """The words by which the sentence most like the claim `text` says less than it."""
    own, found = _plain(text), [""]
    if not own & _CAREFUL:
        found += [_hedge(source, claim), _condition(source, claim)]
    if _SURE.search(text) and not own & _DOUBTS:
        found.append(_may(source))
    if _PROVED.search(text) and not _PROVED.search(source.text) and "not" not in own:
        found.append(said[0] if (said := _THOUGHT.search(source.text)) else "")
    if own & _WHOLE and not own & _PARTLY:
        found.append(_share(source))
    yield from filter(None, found)


def _plain(text: str) -> set[str]:
    return {word.plain for word in words(text)}


def _hedge(line: Told, claim: Sequence[Atom]) -> str:
    """A hedge right before what the claim says as well."""
    for word in words(line.text):
        if word.plain in _HEDGES:
            behind = [item for item in line.atoms if item.start > word.end and _says(item)][:_NEXT]
            if not behind or _ENDS.search(line.text[word.end : behind[0].start]):
                continue
            if any(same(one, item) for one in claim for item in behind):
                return word.text
    return ""


def _may(line: Told) -> str:
    """The "could" of a sentence that says nowhere that something will be."""
    found = _UNSURE.search(line.text)
    return found[0] if found and not _SURE.search(line.text) else ""


def _condition(line: Told, claim: Sequence[Atom]) -> str:
    """The "if" of a condition that the claim leaves out, for what it says."""
    cuts = [0, *(found.start() for found in _PIECE.finditer(line.text)), len(line.text)]
    spans = list(zip(cuts, cuts[1:], strict=False))
    for at, (start, end) in enumerate(spans):
        found = _IF.match(line.text, start, end)
        if not found or _NO_CONDITION.search(line.text[:start]):
            continue
        opens = not re.search(r"\w", line.text[:start])
        main = spans[at + 1 :][:2] if opens else spans[max(0, at - 1) : at]
        inside, outside = _share_met(line, [(start, end)], claim), _share_met(line, main, claim)
        if outside >= 0.5 and inside < 0.25:
            return line.text[start:end].strip(' ,;:“"')
    return ""


def _share_met(line: Told, spans: Sequence[tuple[int, int]], claim: Sequence[Atom]) -> float:
    """The share (0..1) of what is said there that the claim says too."""
    said = [it for it in line.atoms if _says(it) and any(a <= it.start < b for a, b in spans)]
    return sum(any(same(one, it) for one in claim) for it in said) / (len(said) or 1)


def _says(item: Atom) -> bool:
    return item.kind != "pronoun"


def _share(line: Told) -> str:
    """A word for a part, where no word for the whole stands beside it."""
    own = _plain(line.text)
    return "" if own & _WHOLE else next(iter(sorted(own & _PARTLY)), "")
