"""An extractive answer as text: the articles' own sentences, each with source and number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.citations import cite, marker
from rag.answering.disagreement import Stated, developed, disagreement, grew, in_words
from rag.answering.extractive import Extract, lead
from rag.answering.fact import Fact, Place
from rag.answering.generate import Writing
from rag.answering.refusal import Lack, worded
from rag.checking.support import check
from rag.retrieval.query import Query
from rag.schema import Answer, Checked, Citation, Disagreement, Sentence, Support, Token
from rag.speakers.pronouns import helped
from rag.text.injection import disarmed


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence of the answer and how it is printed, its numbers behind it."""

    sentence: Sentence

    @property
    def text(self) -> str:
        numbers = "".join(map(marker, self.sentence.citations))
        return f"{disarmed(self.sentence.text)} {numbers}".strip()


def reported(
    blank: Answer,
    query: Query,
    extracts: Sequence[Extract],
    stated: Sequence[Stated] = (),
    remarks: Sequence[Fact] = (),
) -> Writing:
    """The answer `blank` filled with `extracts`, verbatim; `remarks` on them come last.

    Where sources give different figures (`stated`), these come first, side by side.
    """
    ordered = _stated_first(extracts, stated)
    said = [(item.hit, item.start, item.end) for item in ordered]
    places = list(dict.fromkeys([*said, *(place for fact in remarks for place in fact.places)]))
    differ = disagreement(query, stated, range(1, len(stated) + 1)) if stated else None
    grown = differ is not None and grew(query, stated)
    lines: list[_Line] = []
    for line in _lines(query, ordered, stated, differ if not grown else None, remarks, places):
        yield Token(line.text if not lines else f"\n\n{line.text}")
        yield Checked(line.sentence)
        lines.append(line)
    return replace(
        blank,
        text="\n\n".join(line.text for line in lines),
        sentences=tuple(line.sentence for line in lines),
        citations=_cited(places),
        disagreements=(differ,) if differ and not grown else (),
    )


def told(blank: Answer, facts: Sequence[Fact]) -> Writing:
    """The answer `blank` with sentences of Byline's own, what they cite numbered in order."""
    places = list(dict.fromkeys(place for fact in facts for place in fact.places))
    lines: list[_Line] = []
    for fact in facts:
        numbers = tuple(places.index(place) + 1 for place in fact.places)
        line = _Line(Sentence(fact.text, numbers, *_checked(fact)))
        yield Token(line.text if not lines else f"\n\n{line.text}")
        yield Checked(line.sentence)
        lines.append(line)
    return replace(
        blank,
        text="\n\n".join(line.text for line in lines),
        sentences=tuple(line.sentence for line in lines),
        citations=_cited(places),
    )


def declined(blank: Answer, lacking: Sequence[Lack], there: str = "") -> Writing:
    """The answer `blank` with a refusal: why, and what the articles say instead."""
    text = worded(blank.scope, lacking, there)
    yield Token(text)
    return replace(blank, status="not_in_articles", text=text)


def _checked(fact: Fact) -> tuple[Support, tuple[str, ...]]:
    """What the index knows stands in no article, and is not held against words."""
    if fact.is_known:
        return "supported", ()
    return check(fact.text, [hit for hit, _, _ in fact.places])


def _cited(places: Sequence[Place]) -> tuple[Citation, ...]:
    return tuple(cite(number, *place) for number, place in enumerate(places, start=1))


def _stated_first(extracts: Sequence[Extract], stated: Sequence[Stated]) -> list[Extract]:
    """What sources give differently, by date, then what else was chosen and is no worse."""
    first = [item.extract for item in stated]
    least = min((item.score for item in first), default=0.0)
    others = (item for item in extracts if not any(item.overlaps(it) for it in first))
    return [*first, *(item for item in others if not first or item.score >= least)]


def _lines(
    query: Query,
    ordered: Sequence[Extract],
    stated: Sequence[Stated],
    differ: Disagreement | None,
    remarks: Sequence[Fact],
    places: Sequence[Place],
) -> Iterator[_Line]:
    if stated:
        text = in_words(differ, stated) if differ else developed(query, stated)
        values = ", ".join(item.value.text for item in stated)
        support = check(values, [item.extract.hit for item in stated])
        yield _Line(Sentence(text, tuple(range(1, len(stated) + 1)), *support))
    for number, item in enumerate(ordered, start=1):
        words = helped(item.hit.article, item.start, item.end)
        text = f"{lead(item.hit.article, item.hit.passage.kind)}: {words}"
        yield _Line(Sentence(text, (number,), *check(item.words, [item.hit])))
    for fact in remarks:
        numbers = tuple(places.index(place) + 1 for place in fact.places)
        yield _Line(Sentence(fact.text, numbers, *_checked(fact)))
