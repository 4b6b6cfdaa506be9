"""What became of one question, as plain values: what every figure, reason and row is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from rag.evaluation.crediting import needs_citation, precise
from rag.evaluation.fixed_questions import Question
from rag.evaluation.matching import contains, located, missing, shared
from rag.schema import Answer, Article, Citation, Hit, Sentence
from vectorstore.index import Index

CITED_FIRST = 2  # so many distinct files, in order of citation, may hold the source
LISTED = 10  # hits kept with their words
_WORDS = 400  # characters of a hit's words
_HALF = 0.5  # of evidence, or of what is cited: so much must be shared
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage that was found. `gold`: it is of a source, and holds evidence if any is named."""

    file: str
    start: int
    end: int
    score: float
    dense: int | None
    lexical: int | None
    gold: bool
    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation. `source`: of a file wanted; `evidence`: on the words wanted; `exact`: offsets."""

    number: int
    file: str
    start: int
    end: int
    quote: str
    speaker: str | None
    kind: str
    source: bool
    evidence: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the answer. `precise`: which of its citations bear it out."""

    text: str
    citations: tuple[int, ...]
    support: str
    reasons: tuple[str, ...]
    needs_citation: bool
    precise: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Got:
    """What a question got.

    `files`: files found, best first. `source_rank`, `evidence_ranks`: 1-based, of the first
    passage of a source, and of the first that holds each evidence; None if not found. `read`: from
    so many of the first passages the answer is written. `semantic`: see `matching.semantic`.
    """

    abstained: bool = False
    answer: str = ""
    asked: str = ""  # the question as it was searched for
    model: str = ""
    chance: float | None = None
    error: str | None = None
    sentences: tuple[Said, ...] = ()
    citations: tuple[Cited, ...] = ()
    files: tuple[str, ...] = ()
    hits: tuple[Shown, ...] = ()
    read: int = 0
    source_rank: int | None = None
    evidence_ranks: tuple[int | None, ...] = ()
    semantic: float | None = None
    tokens: Mapping[str, int] = field(default_factory=dict)  # input, output; empty: not told
    notes: tuple[str, ...] = ()
    judge: str | None = None  # "right", "wrong", or "none" where the judge gave no verdict
    judge_reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question, what it got, and how long each step took in seconds."""

    asked: Question
    got: Got
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def words_found(self) -> bool:
        """Whether the answer holds each of the words wanted, or `need` of them; also if none is."""
        held = len(self.asked.wanted) - len(self.words_missing)
        return held >= (self.asked.need or len(self.asked.wanted))

    @property
    def words_missing(self) -> list[Sequence[str]]:
        """The lists of alternatives of which the answer has none."""
        return missing(self.got.answer, self.asked.wanted)

    @property
    def forbidden(self) -> list[str]:
        """What the answer says and must not."""
        if self.got.abstained:
            return []
        return [w for w in self.asked.must_not_contain if contains(self.got.answer, [[w]])]

    @property
    def right_file(self) -> bool:
        """Whether a source is among the first two files cited; also where no source is named."""
        files = list(dict.fromkeys(item.file for item in self.got.citations))
        first = files[:CITED_FIRST]
        return not self.asked.sources or any(file in self.asked.sources for file in first)

    @property
    def right(self) -> bool:
        """The verdict: declined where it must be; else answered with the words and the source."""
        if self.got.error:
            return False
        if self.asked.must_abstain:
            return self.got.abstained
        said = not self.got.abstained and self.words_found and not self.forbidden
        return said and self.right_file


def got_of(
    question: Question, answer: Answer, found: Sequence[Hit], index: Index, more: Mapping[str, Any]
) -> Got:
    """The answer to `question` with `found`, all that the search brought; `more`: other fields."""
    paths = [hit.article.path for hit in found]
    held = [_held(question, hit) for hit in found]
    shown = [_shown(hit, question, some) for hit, some in zip(found, held, strict=True)]
    ranks = [rank for rank, path in enumerate(paths, start=1) if path in question.sources]
    return Got(
        abstained=answer.status == "not_in_articles",
        answer=answer.text,
        asked=answer.standalone_question,
        model=answer.model,
        chance=None if answer.chance is None else round(answer.chance, _DIGITS),
        sentences=tuple(_said(item, answer) for item in answer.sentences),
        citations=tuple(_cited(item, question, index) for item in answer.citations),
        files=tuple(dict.fromkeys(paths)),
        hits=tuple(shown[:LISTED]),
        read=sum(1 for _ in takewhile(lambda hit: _is_read(hit, answer), found)),
        source_rank=ranks[0] if ranks else None,
        evidence_ranks=tuple(
            next((rank for rank, some in enumerate(held, start=1) if at in some), None)
            for at in range(len(question.evidence))
        ),
        notes=answer.notes,
        **more,
    )


def _is_read(hit: Hit, answer: Answer) -> bool:
    """Whether the passage, most of it at least, stands in what the answer is written from."""
    middle = (hit.passage.start + hit.passage.end) // 2
    return any(
        item.article.id == hit.article.id and item.passage.start <= middle < item.passage.end
        for item in answer.hits
    )


def _held(question: Question, hit: Hit) -> set[int]:
    """Which evidence the passage holds, at least half of it."""
    if hit.article.path not in question.sources:
        return set()
    passage = hit.passage.start, hit.passage.end
    return {at for at, words in enumerate(question.evidence) if _on(words, hit.article, *passage)}


def _on(words: str, article: Article, start: int, end: int) -> bool:
    place = located(article.text, words)
    return place is not None and shared(place, (start, end)) >= _HALF


def _shown(hit: Hit, question: Question, held: set[int]) -> Shown:
    gold = bool(held) if question.evidence else hit.article.path in question.sources
    return Shown(
        file=hit.article.path,
        start=hit.passage.start,
        end=hit.passage.end,
        score=round(hit.score, _DIGITS),
        dense=hit.ranks.dense,
        lexical=hit.ranks.lexical,
        gold=gold,
        text=_short(" ".join(hit.passage.text.split())),
    )


def _short(text: str) -> str:
    return text if len(text) <= _WORDS else text[: text.rfind(" ", 0, _WORDS)] + " …"


def _cited(item: Citation, question: Question, index: Index) -> Cited:
    source = item.article.path in question.sources
    place = item.quote_start, item.quote_end
    return Cited(
        number=item.number,
        file=item.article.path,
        start=item.quote_start,
        end=item.quote_end,
        quote=item.quote,
        speaker=item.speaker,
        kind=item.passage.kind,
        source=source,
        evidence=source and any(_on(w, item.article, *place) for w in question.evidence),
        exact=_is_exact(item, index),
    )


def _is_exact(item: Citation, index: Index) -> bool:
    """Whether the offsets cut the quote, and the passage, out of the article as it is stored."""
    text = index.article(item.article.id).text
    start, end, passage = item.quote_start, item.quote_end, item.passage
    inside = 0 <= start < end <= len(text)
    return (
        inside
        and text[start:end] == item.quote
        and (text[passage.start : passage.end] == passage.text)
    )


def _said(item: Sentence, answer: Answer) -> Said:
    # Without a citation only what Byline says of itself and of the index is held supported.
    is_known = item.support == "supported" and not item.citations
    return Said(
        text=item.text,
        citations=item.citations,
        support=item.support,
        reasons=item.reasons,
        needs_citation=needs_citation(item.text) and not is_known,
        precise=precise(item, answer),
    )
