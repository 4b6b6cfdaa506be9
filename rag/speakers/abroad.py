"""Who says what stands between quotation marks, in articles in other languages than English.

Read off the words beside a quotation, by the lists of each language: "« … », a déclaré l’ingénieur
Marc Tissot", "„…“, sagte Roth", "Ana Ruiz, alcaldesa de Cuenca, dijo: «…»", "selon le maire".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from rag.speakers.discourse import Said
from rag.speakers.nouns import NOBODY, Noun, Nouns, Word, words_of
from rag.text import lexicon
from rag.text.sentences import Span, sentence_spans

_LEAST = 3  # words of one that is more than a term
_FARTHEST = 160  # characters between a verb and the quotation
_VERB_WITHIN = 4  # words behind a quotation, of which one is the verb
_OPENS_WITHIN = 3  # words of a sentence, of which one is a verb without a subject: "E aggiunge"
_THAT_WITHIN = 9  # words and signs of a sentence that says who said what stands before it
_MARKS = "«»‹›“”„\"'‘’"
_WORD = re.compile(r"[^\W\d_]+")
_TURN = re.compile(r"[—–―]\s?(?=\S)")  # a turn of a dialogue, told without quotation marks
_DASH = re.compile(r"\s*[—–―]\s*")
_ASIDE = re.compile(r"[,—–-]\s?(?=[^\W\d_])")


@dataclass(slots=True)
class _Read:
    """An article's part as it is read; `flat` has blanks for quoted words."""

    text: str
    flat: str
    language: str
    nouns: Nouns
    quoted: Sequence[Span]
    told: dict[Span, str] = field(default_factory=dict)


def reported(
    found: Sequence[Said],
    text: str,
    lines: Sequence[Span],
    quoted: Sequence[Span],
    language: str,
) -> list[Said]:
    """`found`, and the quotations of the paragraphs `lines` with who says them, or None."""
    spans = sorted({*quoted, *(span for line in lines for span in _turns(text, *line, language))})
    flat = list(text)
    for start, end in spans:
        flat[start:end] = " " * (end - start)
    told: list[Said] = []
    read = _Read(text, "".join(flat), language, Nouns("".join(flat), lines, language), spans)
    for number, span in enumerate(spans):
        start, end = span
        if any(item.speaker and item.start < end and item.end > start for item in found):
            continue
        if len(text[start:end].split()) < (_LEAST if span in quoted else 1):
            continue
        if name := _speaker(read, lines, number):
            read.told[span] = name
        told.append(Said(start, end, name, (span,)))
    ends = sorted(span for item in (*found, *told) for span in (item.start, item.end))
    whole = [_whole(read, item, lines, ends) for item in told]
    return sorted((*found, *whole), key=lambda item: item.start)


def _whole(read: _Read, item: Said, lines: Sequence[Span], ends: Sequence[int]) -> Said:
    """A quotation with the rest of its sentence, as far as nobody else speaks in it."""
    line = lines[max(0, bisect_right(lines, item.start, key=lambda it: it[0]) - 1)]
    if item.speaker is None or item.end > line[1]:
        return item
    near = [it for it in _sentences(read, *line) if it[1] > item.start and it[0] <= item.end + 3]
    before = [end for end in ends if end <= item.start and end != item.start]
    after = [end for end in ends if end > item.end]
    start = max([min([item.start, *(it[0] for it in near)]), *before[-1:]])
    end = min([max([item.end, *(it[1] for it in near)]), *after[:1]])
    return replace(item, start=start, end=end)


def _turns(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """What is said in "—No cierra —dijo Ana Ruiz—. Hay trabajo."."""
    opening = _TURN.match(text, start, end)
    if not opening:
        return
    at = opening.end()
    for number, dash in enumerate((*_DASH.finditer(text, at, end), None)):
        stop = dash.start() if dash else end
        items = words_of(text, at, stop, language)
        if at < stop and (not number or not _verb(items[:_VERB_WITHIN], language)):
            yield at, _comma(text, at, stop, language)
        at = dash.end() if dash else end


def _comma(text: str, start: int, end: int, language: str) -> int:
    """Where a turn ends: before ", lance Claire Dumas", else at `end`."""
    for mark in _ASIDE.finditer(text, start, end):
        verb = _verb(words_of(text, mark.end(), end, language)[:2], language)
        if text[mark.start()] == "," and verb:
            return mark.start()
    return end


# --- the places where a speaker may be named, the surest first


def _speaker(read: _Read, lines: Sequence[Span], number: int) -> str | None:
    span = read.quoted[number]
    line = bisect_right(lines, span[0], key=lambda item: item[0]) - 1
    begin, stop = lines[max(0, line)]
    behind = min([stop, *(item[0] for item in read.quoted[number + 1 : number + 2])])
    before = max([begin, *(item[1] for item in read.quoted[max(0, number - 1) : number])])
    if noun := _behind(read, span[1], max(span[1], behind)):
        return _named(read, noun, span[0])
    if noun := _front(read, before, span[0]):
        return _named(read, noun, span[0])
    if name := _aside(read, span):
        return name
    if name := _going_on(read, number, begin):
        return name
    is_whole = not _WORD.search(read.flat, begin, stop)
    after = lines[line + 1] if is_whole and line + 1 < len(lines) else (span[1], stop)
    if name := _that(read, *after):
        return name
    ahead = lines[line - 1] if is_whole and line else (begin, span[0])
    return _lead(read, *ahead)


def _behind(read: _Read, start: int, end: int) -> Noun | None:
    """Who stands in ", sagte Nils Roth" behind a quotation."""
    items = words_of(read.flat, start, end, read.language)
    while items and items[0].text in (*_MARKS, ",", ".", "!", "?", "…", "—", "–", "-"):
        items = items[1:]
    if not items or items[0].text[:1].isupper():
        return None
    clause = _clause(items)
    if at := _according(clause, read.language):
        verb = _verb(clause[at:], read.language)
        is_ahead = bool(verb) and clause[at].text[:1].isupper()
        return read.nouns.first(clause[at : at + verb - 1 if is_ahead else None]) or NOBODY
    if at := _verb(clause[:_VERB_WITHIN], read.language):
        return read.nouns.first(clause[at:], clause[:at]) or NOBODY
    return None


def _front(read: _Read, start: int, end: int) -> Noun | None:
    """Who stands in "Nils Roth, der Bürgermeister, sagte:" before a quotation."""
    *_, (begin, _) = ((start, start), *_sentences(read, start, end))
    items = words_of(read.flat, begin, end, read.language)
    while items and items[-1].text in _MARKS:
        items = items[:-1]
    while items and items[0].text in (*_MARKS, ".", ",", "!", "?", "…"):
        items = items[1:]
    if not items or (_ends(items[-1]) and len(items[-1].text) == 1):
        return None
    if at := _according(items, read.language):
        return read.nouns.first(items[at:])
    places = [n for n, item in enumerate(items) if item.low in _verbs(read.language)]
    if places and end - items[places[-1]].start < _FARTHEST:
        at = places[-1]
        noun = read.nouns.first(_clause(items[at + 1 :], ":"), items[at : at + 1])
        if noun and noun.kind in ("name", "pronoun"):
            return noun
        ahead = read.nouns.first(items[:at], is_ahead=True)
        is_silent = noun and noun.kind == "silent" and at < _OPENS_WITHIN
        return ahead if ahead and ahead.kind != "silent" else noun if is_silent else NOBODY
    if items[-1].text == ":":
        return read.nouns.alone(items[:-1])
    return None


def _aside(read: _Read, span: Span) -> str | None:
    """Who is named within the marks: "« C’est fini, affirme Claire Dumas. Mais … »"."""
    for mark in _ASIDE.finditer(read.text, *span):
        items = _clause(words_of(read.text, mark.end(), span[1], read.language), "—–-")
        at = _verb(items[:2], read.language)
        noun = read.nouns.first(items[at:]) if at else None
        if noun and noun.kind == "name":
            return read.nouns.full(noun)
    return None


def _going_on(read: _Read, number: int, begin: int) -> str | None:
    """Who speaks on: between this quotation and the last stand only words that say whose it was."""
    start, end = read.quoted[number - 1] if number else (0, 0)
    who = read.told.get((start, end))
    if who is None or start < begin:
        return None
    at = read.quoted[number][0]
    between = list(_sentences(read, end, at))
    said = [item for item in between if _WORD.search(read.flat, *item)]
    others = set(read.nouns.people(end, at)) - {who}
    is_turn = not said or (len(said) == 1 and bool(_behind(read, end, at)))
    return who if is_turn and not others else None


def _that(read: _Read, start: int, end: int) -> str | None:
    """Who is named in the sentence after a quotation: "Das sagte Nils Roth"."""
    if any(start <= item[0] < end for item in read.quoted):
        return None
    items = words_of(read.flat, start, end, read.language)
    while items and not items[0].text[0].isalpha():
        items = items[1:]
    if not items or items[0].low not in lexicon.words(read.language, "that"):
        return None
    at = _verb(items[:_THAT_WITHIN], read.language)
    noun = read.nouns.first(_clause(items[at:])) if at else None
    return read.nouns.full(noun) if noun and noun.kind in ("name", "role") else None


def _lead(read: _Read, start: int, end: int) -> str | None:
    """Who is named in the sentence before a quotation, if it speaks there or ends with a colon."""
    sentences = [item for item in _sentences(read, start, end) if _WORD.search(read.flat, *item)]
    if not sentences or any(sentences[-1][0] <= item[0] < end for item in read.quoted):
        return None
    items = words_of(read.flat, *sentences[-1], read.language)
    if items[-1].text == ":":
        people = set(read.nouns.people(*sentences[-1]))
        return people.pop() if len(people) == 1 else None
    at = _verb(items, read.language)
    noun = read.nouns.first(items[: at - 1], is_ahead=True) if at else None
    return read.nouns.full(noun) if noun and noun.kind == "name" else None


# --- words


def _named(read: _Read, noun: Noun, at: int) -> str | None:
    """The person whom a name, an office or a pronoun before or behind a quotation means."""
    if noun.kind in ("name", "role"):
        return read.nouns.full(noun)
    for begin, end in reversed(read.nouns.paragraphs(at)):
        spoken = [(span[0], who) for span, who in read.told.items() if begin <= span[0] < end]
        near = list(dict.fromkeys((*read.nouns.people(begin, end), *(who for _, who in spoken))))
        if not near:
            continue
        if len(near) == 1:
            return near[0]
        last, who = max(spoken, default=(0, None))
        return who if who and set(read.nouns.people(last, end)) <= {who} else None
    return None


def _sentences(read: _Read, start: int, end: int) -> Iterator[Span]:
    """The sentences between two quotations; the last may be unfinished."""
    yield from sentence_spans(read.flat, start, end, language=read.language)


def _clause(items: Sequence[Word], also: str = "") -> Sequence[Word]:
    """The words up to where the sentence, or an aside, ends."""
    for number, item in enumerate(items):
        if number and (_ends(item) or item.text in _MARKS or item.text in also):
            return items[:number]
    return items


def _ends(item: Word) -> bool:
    return item.text in (".", "!", "?", "…", ";")


def _verbs(language: str) -> frozenset[str]:
    return lexicon.words(language, "saying") | lexicon.words(language, "speaking")


def _verb(items: Sequence[Word], language: str) -> int:
    """The place behind the first verb of saying, before which no name stands; else 0."""
    for number, item in enumerate(items, start=1):
        if item.low in _verbs(language):
            return number
    return 0


def _according(items: Sequence[Word], language: str) -> int:
    """The place behind "selon" and the like at the beginning; else 0."""
    for phrase in lexicon.words(language, "according"):
        parts = phrase.split("-")
        if [item.low for item in items[: len(parts)]] == parts:
            return len(parts)
    return 0
