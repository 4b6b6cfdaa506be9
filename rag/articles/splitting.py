"""Article -> Passages: whole sentences, exact offsets, never longer than the encoder reads."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.schema import Article, Part, Passage, TokenStarts
from rag.text.sentences import Span, article_sentences, trim

SPLITTER = 5  # part of the index fingerprint: raise it when the same article would split otherwise
HEADER_TOKENS = 48
_SPECIAL_TOKENS = 2  # [CLS] and [SEP]
_CHARACTERS_A_WORD = 15
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a passage may be."""

    words: int = 110
    overlap_sentences: int = 1
    tokens: int = 256  # the encoder's limit; header and special tokens count


def header(article: Article) -> str:
    """Headline, author, outlet and date as one line: what gives a passage its context."""
    return ". ".join(item for item in (article.title, article.credits) if item)


def split(article: Article, token_starts: TokenStarts, limits: Limits) -> list[Passage]:
    """Cut each part of `article` into passages of whole sentences; short turns stand together.

    `article.text[p.start:p.end] == p.text` for every passage. A passage with its header has at
    most `limits.tokens` tokens; only a sentence that is itself longer is cut, between words.
    A passage that begins with the headline has a header without it.
    """
    head = _cut_to_tokens(header(article), token_starts, HEADER_TOKENS)
    room = limits.tokens - len(token_starts(head)) - _SPECIAL_TOKENS
    words = [match.span() for match in _WORD.finditer(article.text)]
    ruler = _Ruler(
        article.text,
        token_starts(article.text),
        [start for start, _ in words],
        [end for _, end in words],
        limits.words,
        room,
    )
    spans = [
        (span, part)
        for part in _stretches(article)
        for span in _pack(_units(article, part, ruler), ruler, limits.overlap_sentences)
    ]
    return [
        Passage(
            id=f"{article.id}-{number:04d}",
            article_id=article.id,
            number=number,
            start=start,
            end=end,
            text=article.text[start:end],
            header=_without_headline(head, article, start),
            kind=part.kind,
        )
        for number, ((start, end), part) in enumerate(spans)
    ]


def _stretches(article: Article) -> list[Part]:
    """The parts; those of the body that follow on one another as one, whoever's words they are."""
    found: list[Part] = []
    for part in article.parts or (Part("body", 0, len(article.text)),):
        if found and part.kind == found[-1].kind == "body":
            found[-1] = replace(found[-1], end=part.end)
        else:
            found.append(part)
    return found


@dataclass(frozen=True, slots=True)
class _Ruler:
    """Measures spans of one text against the limits in words and tokens."""

    text: str
    tokens: Sequence[int]  # where each starts
    word_starts: Sequence[int]
    word_ends: Sequence[int]
    max_words: int
    max_tokens: int

    @property
    def max_characters(self) -> int:
        """A word of any length is one token to the encoder, but nobody could read it."""
        return self.max_words * _CHARACTERS_A_WORD

    def fits(self, start: int, end: int) -> bool:
        within = bisect_left(self.tokens, end) - bisect_left(self.tokens, start)
        words = bisect_left(self.word_starts, end) - bisect_right(self.word_ends, start)
        return (
            end - start <= self.max_characters
            and within <= self.max_tokens
            and words <= self.max_words
        )

    def cut(self, start: int) -> int:
        """The last place to cut a single word that begins at `start` and does not fit."""
        beyond = bisect_left(self.tokens, start) + self.max_tokens
        by_tokens = self.tokens[beyond] if beyond < len(self.tokens) else len(self.text)
        return min(by_tokens, start + self.max_characters)


def _units(article: Article, part: Part, ruler: _Ruler) -> Iterator[Span]:
    """The part's sentences; one that is too long comes in pieces."""
    for start, end in article_sentences(article, part.start, part.end):
        if ruler.fits(start, end):
            yield start, end
        else:
            yield from _pieces(article.text, start, end, ruler)


def _pieces(text: str, start: int, end: int, ruler: _Ruler) -> Iterator[Span]:
    """Cut a long sentence before the word that no longer fits; a long word before its token."""
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    begin = last = start
    for word_start, word_end in words:
        if not ruler.fits(begin, word_end):
            if last > begin:
                yield begin, last
            begin = word_start
        while not ruler.fits(begin, word_end):
            cut = ruler.cut(begin)
            yield begin, cut
            begin = cut
        last = word_end
    if last > begin:
        yield begin, last


def _pack(units: Iterator[Span], ruler: _Ruler, overlap: int) -> Iterator[Span]:
    """Join units while they fit; begin the next passage with the last `overlap` of this one."""
    current: list[Span] = []
    for unit in units:
        if current and not ruler.fits(current[0][0], unit[1]):
            yield trim(ruler.text, current[0][0], current[-1][1])
            current = current[-overlap:] if overlap else []
            while current and not ruler.fits(current[0][0], unit[1]):
                current = current[1:]
        current.append(unit)
    if current:
        yield trim(ruler.text, current[0][0], current[-1][1])


def _without_headline(head: str, article: Article, start: int) -> str:
    """`head` for the passage at `start`, without the headline if the passage begins with it.

    Said twice it would count twice, and the passage be found for what all the others say as well.
    """
    title = article.title or ""
    begins = article.text[start : start + len(title)].casefold() == title.casefold()
    return head.removeprefix(title).lstrip(". ") if title and begins else head


def _cut_to_tokens(text: str, token_starts: TokenStarts, limit: int) -> str:
    starts = token_starts(text)
    return text if len(starts) <= limit else text[: starts[limit]].rstrip()
