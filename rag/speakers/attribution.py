"""Who is speaking in a stretch of an article: a quoted or paraphrased person, a reader, or None.

None means the author's own words or unknown: unknown rather than wrong. An article is read once
from top to bottom (`rag.speakers.discourse`); a stretch has the speaker of most of its words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.schema import Article, Part
from rag.speakers.abroad import reported
from rag.speakers.cast import tokens
from rag.speakers.discourse import Flow, Said, paragraph
from rag.speakers.interviews import block_at, labels_of, signatures
from rag.speakers.messages import named_before
from rag.speakers.people import cast_of
from rag.text import lexicon
from rag.text.quotation_marks import masked, quoted_spans
from rag.text.sentences import Span, trim

READER = "reader comment"

_LINE = re.compile(r"[^\r\n]+")
_WORDS = re.compile(r"[^\W_]")
_PARAGRAPH = re.compile(r"\s*\n\s*[“\"„«‘']?")  # in a quotation: the mark that opens it again
_LONGEST_LINE = 20_000  # characters; nothing longer is prose


@dataclass(frozen=True, slots=True)
class Quotation:
    """What somebody is reported to say, `article.text[start:end]`.

    Direct: the words inside quotation marks, the outer marks left out, or a paragraph in somebody's
    own words such as an interview's answer. Otherwise the sentence, or the part of one, that
    gives what was said in other words, with the clause that says so ("Roe said that …") and
    perhaps a few quoted words. `speaker` None: somebody whom the article does not name, or whom
    we cannot tell.
    """

    start: int
    end: int
    speaker: str | None
    direct: bool


def speaker(article: Article, start: int, end: int) -> str | None:
    """Who says most of `article.text[start:end]`; None: the author, or unknown.

    A comment's words are its reader's, "gull47 (reader comment)"; words within quotation marks in
    a comment are "Roe, quoted in a reader comment" where it says whose they are. So are those of a
    part by somebody other than the article's author, "Roe, quoted by Lowe".
    """
    start, end = trim(article.text, max(0, start), min(end, len(article.text)))
    said: Counter[str] = Counter()
    for item in _said(article):
        shared = min(item.end, end) - max(item.start, start)
        if shared > 0 and item.speaker:
            said[item.speaker] += shared
    if not said:
        return None
    name, length = said.most_common(1)[0]
    return name if 2 * length > end - start else None


def quotations(article: Article) -> list[Quotation]:
    """What people are quoted or paraphrased as saying in an article, in its order, disjoint.

    Readers' comments, and what they quote, are not among them.
    """
    found: list[Quotation] = []
    for item in _said(article):
        if READER in (item.speaker or ""):
            continue
        for piece in _pieces(article.text, item):
            last = found[-1] if found else None
            if last and _goes_on(article.text, last, piece):
                found[-1] = replace(last, end=piece.end)
            else:
                found.append(piece)
    worded = (item for item in found if _WORDS.search(article.text, item.start, item.end))
    return [_trimmed(article.text, item) for item in worded]


# --- the pieces of an article with a speaker of their own


def _pieces(text: str, item: Said) -> Iterator[Quotation]:
    """The quoted words of a stretch if they are most of it, else all of it."""
    if item.own:
        yield Quotation(item.start, item.end, item.speaker, direct=True)
        return
    quoted = sum(stop - start for start, stop in item.quoted)
    if item.quoted and 3 * quoted >= item.end - item.start:
        for start, stop in item.quoted:
            yield Quotation(start, stop, item.speaker, direct=True)
    elif text[item.start : item.end].strip():
        yield Quotation(item.start, item.end, item.speaker, direct=False)


def _goes_on(text: str, last: Quotation, piece: Quotation) -> bool:
    """Whether `piece` only continues `last`: nothing or a paragraph's end lies between."""
    if last.speaker != piece.speaker or last.direct != piece.direct:
        return False
    between = text[last.end : piece.start]
    return not between or bool(piece.direct and _PARAGRAPH.fullmatch(between))


def _trimmed(text: str, item: Quotation) -> Quotation:
    start, end = trim(text, item.start, item.end)
    return replace(item, start=start, end=end)


@lru_cache(maxsize=256)
def _said(article: Article) -> tuple[Said, ...]:
    found: list[Said] = []
    for part in article.parts or (Part("body", 0, len(article.text)),):
        if part.kind == "comment":
            reader = f"{part.author} ({READER})" if part.author else READER
            found += _own_words(article, part, reader, READER)
        elif part.author:
            found += _own_words(article, part, part.author, part.author)
        else:
            found += _read(article, part.start, part.end)
    return tuple(found)


def _own_words(article: Article, part: Part, who: str, where: str) -> Iterator[Said]:
    """A part is its author's words, but for those that it quotes and says whose they are."""
    items = _read(article, part.start, part.end)
    named = {span: item.speaker for item in items if item.speaker for span in item.quoted}
    for start, end in quoted_spans(article.text, part.start, part.end):
        known = any(start < stop and begin < end for begin, stop in named)
        if not known and (name := named_before(article.text, start)):
            named[start, end] = name
    at = part.start
    for (start, end), name in sorted(named.items()):
        yield Said(at, start, who)
        yield Said(start, end, f"{name}, quoted {_by(where)}")
        at = end
    yield Said(at, part.end, who)


def _by(where: str) -> str:
    return f"in a {READER}" if where == READER else f"by {where}"


def _read(article: Article, start: int, end: int) -> list[Said]:
    """Everything said in one part of an article, which knows nothing of the other parts."""
    text = article.text
    lines = [
        trim(text, *line.span())
        for line in _LINE.finditer(text, start, end)
        if line.group().strip() and len(line.group()) <= _LONGEST_LINE
    ]
    quoted = quoted_spans(text, start, end)
    flat = masked(text, start, end, quoted)
    items = tokens(flat)
    flow = Flow(text, flat, start, items, [item.start for item in items], quoted, cast_of(items))
    flow.language = article.language
    labels = labels_of(article, lines, flow)
    found: list[Said] = []
    at = 0
    while at < len(lines):
        block = block_at(flow, lines, at, labels)
        if block:
            stop, who = block
            found += [Said(begin, until, who, (), own=True) for begin, until in lines[at:stop]]
            flow.turn_over(who)
            at = stop
            continue
        if article.language not in lexicon.LANGUAGES:  # its sentences are read as English ones
            found += paragraph(flow, *lines[at])
        at += 1
    found = _signed(found, text, lines)
    if article.language in lexicon.LANGUAGES:
        found = reported(found, text, lines, quoted, article.language)
    return _filled(found, [span for span in quoted if "\n" in text[slice(*span)]])


def _signed(found: Sequence[Said], text: str, lines: Sequence[Span]) -> list[Said]:
    """A quotation with a name below it is that person's, unless the article says whose it is."""
    told = list(found)
    for (start, end), name in signatures(text, lines):
        inside = [item for item in told if item.start < end and item.end > start]
        if not any(item.speaker for item in inside):
            told = [item for item in told if item not in inside]
            told.append(Said(start, end, name, (trim(text, start + 1, end - 1),)))
    return sorted(told, key=lambda item: item.start)


def _filled(found: Sequence[Said], quoted: Sequence[Span]) -> list[Said]:
    """A quotation over several paragraphs is one speaker's, wherever the article says whose."""
    filled = list(found)
    for start, end in quoted:
        places = [n for n, item in enumerate(filled) if item.start < end and item.end > start]
        names = {filled[n].speaker for n in places} - {None}
        if len(places) > 1 and len(names) == 1:
            (who,) = names
            for place in places:
                filled[place] = replace(filled[place], speaker=filled[place].speaker or who)
    return filled
