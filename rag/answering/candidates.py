"""The sentences of passages that may stand in an answer, each whole enough to be understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.prose import is_aside, is_date
from rag.answering.summary import leans
from rag.schema import Article, Hit
from rag.text.sentences import Span, article_sentences
from rag.text.words import fold

_SHORTEST = 3  # words; a shorter "sentence" is a label
_ENDED = re.compile(r"[.!?:;…][\"'”’)\]]*$")  # how a sentence ends, and a heading does not
_HEADING = 14  # words; a longer line is a sentence even without a full stop
_REACH = 700  # characters before an extract in which the sentence before it ends
_LONGEST = 90  # words of an extract with the sentence before it
_OPEN = re.compile(r":$|\?$")  # announces what follows, or asks it


@dataclass(frozen=True, slots=True)
class Extract:
    """Words of an article that answer: `hit.article.text[start:end]`, with their score."""

    hit: Hit
    start: int
    end: int
    sentences: int
    score: float = 0.0
    chance: float = 0.0  # that these words answer, 0..1

    @property
    def source(self) -> str:
        """The same for near-copies of one text."""
        return self.hit.origin or self.hit.article.id

    def overlaps(self, other: Extract) -> bool:
        """Whether both are of one article and share words."""
        same = self.hit.article.id == other.hit.article.id
        return same and self.start < other.end and other.start < self.end

    @property
    def words(self) -> str:
        """The words with line breaks folded."""
        return " ".join(self.hit.article.text[self.start : self.end].split())

    @property
    def is_headline(self) -> bool:
        """Whether they are the article's headline, or its beginning."""
        return _same_words(self.words, self.hit.article.title or "")


def candidates(hits: Sequence[Hit]) -> Iterator[Extract]:
    """Every sentence, and every two in a row, of the passages, each once; no headings."""
    seen: set[tuple[str, int, int]] = set()
    for hit in hits:
        text = hit.article.text
        spans = [
            span
            for span in article_sentences(hit.article, hit.passage.start, hit.passage.end)
            if is_prose(text[slice(*span)])
        ]
        pairs = [
            (first[0], second[1])
            for first, second in zip(spans, spans[1:], strict=False)
            if not text[first[1] : second[0]].strip() and not _OPEN.search(text[slice(*second)])
        ]
        singles = [span for span in spans if not _OPEN.search(text[slice(*span)])]
        for count, group in ((1, singles), (2, pairs)):
            for start, end in group:
                if (hit.article.id, start, end) not in seen:
                    seen.add((hit.article.id, start, end))
                    yield Extract(hit, start, end, count)


def is_prose(words: str) -> bool:
    """Neither a label nor a headline nor a line that names the author, nor what stands around."""
    count = len(words.split())
    if count < _SHORTEST or not (_ENDED.search(words) or count > _HEADING) or is_date(words):
        return False
    return not is_aside(words)


def understood(item: Extract) -> Extract:
    """`item` with the sentence before it where it opens on "it" or "they", meaning something there.

    "He" needs none where it is clear whom he means: his name is put in.
    """
    article = item.hit.article
    if not _points_back(article, item.start, item.end):
        return item
    before = _sentence_before(item)
    if before is None or not is_prose(article.text[slice(*before)]):
        return item
    if len(article.text[before[0] : item.end].split()) > _LONGEST:
        return item
    return _from(item, before[0])


def _points_back(article: Article, start: int, end: int) -> bool:
    words = article.text[start:end]
    if words[:1].islower():  # the rest of a sentence
        return True
    return leans(article, start, end)


def _sentence_before(item: Extract) -> Span | None:
    """The sentence that ends where `item` begins, in the same part of the article."""
    article = item.hit.article
    part = article.part_at(item.start)
    least = max(part.start if part else 0, item.start - _REACH)
    return next(reversed(article_sentences(article, least, item.start)), None)


def _from(item: Extract, start: int) -> Extract:
    """`item` from `start` on; its passage grows with it, so that it holds all that is cited."""
    hit, count = item.hit, item.sentences + 1
    if start < hit.passage.start:
        text = hit.article.text[start : hit.passage.end]
        hit = replace(hit, passage=replace(hit.passage, start=start, text=text))
    return replace(item, hit=hit, start=start, sentences=count)


def _same_words(words: str, title: str) -> bool:
    one, other = (fold(text).rstrip(". …") for text in (words, title))
    return len(one.split()) >= _SHORTEST and bool(other) and other.startswith(one[: len(other)])
