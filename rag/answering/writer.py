"""An extractive answer as text: the articles' own sentences, each with source and number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.candidates import Extract
from rag.answering.citations import cite, marker
from rag.answering.closed import Verdict
from rag.answering.disagreement import Stated, developed, disagreement, grew, in_words
from rag.answering.fact import Fact, Place
from rag.answering.generate import Writing
from rag.answering.leads import Lead, lead
from rag.answering.refusal import Lack, worded
from rag.checking.support import check
from rag.retrieval.query import Query
from rag.schema import Answer, Checked, Disagreement, Sentence, Support, Token
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

    @property
    def gap(self) -> str:
        """What stands between it and the line before."""
        return " " if self.sentence.goes_on else "\n\n"


def reported(
    blank: Answer,
    query: Query,
    extracts: Sequence[Extract],
    stated: Sequence[Stated] = (),
    remarks: Sequence[Fact] = (),
    verdict: Verdict = "",
) -> Writing:
    """The answer `blank` filled with `extracts`, verbatim; `remarks` on them come last.

    Where sources give different figures (`stated`), these come first, side by side; else the
    `verdict` that the first of the extracts bears out.
    """
    ordered = _stated_first(extracts, stated)
    said = [(item.hit, item.start, item.end) for item in ordered]
    places = list(dict.fromkeys([*said, *(place for fact in remarks for place in fact.places)]))
    differ = disagreement(query, stated, range(1, len(stated) + 1)) if stated else None
    grown = differ is not None and grew(query, stated)
    first = _differing(query, ordered, stated, differ if not grown else None, verdict)
    done = yield from _streamed(blank, (*first, *_lines(ordered), *_own(remarks, places)), places)
    return replace(done, disagreements=(differ,) if differ and not grown else ())


def told(blank: Answer, facts: Sequence[Fact]) -> Writing:
    """The answer `blank` with sentences of Byline's own, what they cite numbered in order."""
    places = list(dict.fromkeys(place for fact in facts for place in fact.places))
    return (yield from _streamed(blank, _own(facts, places), places))


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


def _streamed(blank: Answer, given: Iterable[_Line], places: Sequence[Place]) -> Writing:
    """The answer `blank` with these lines, which cite `places` by their number."""
    lines: list[_Line] = []
    for line in given:
        yield Token(line.gap + line.text if lines else line.text)
        yield Checked(line.sentence)
        lines.append(line)
    return replace(
        blank,
        text="".join(line.gap + line.text for line in lines).strip(),
        sentences=tuple(line.sentence for line in lines),
        citations=tuple(cite(number, *place) for number, place in enumerate(places, start=1)),
    )


def _stated_first(extracts: Sequence[Extract], stated: Sequence[Stated]) -> list[Extract]:
    """What sources give differently, by date, then what else was chosen and is no worse.

    Of what else was chosen, each article's words stand together.
    """
    first = [item.extract for item in stated]
    least = min((item.score for item in first), default=0.0)
    others = [item for item in extracts if not any(item.overlaps(it) for it in first)]
    articles = list(dict.fromkeys(item.hit.article.id for item in others))
    others.sort(key=lambda item: articles.index(item.hit.article.id))
    return [*first, *(item for item in others if not first or item.score >= least)]


def _differing(
    query: Query,
    ordered: Sequence[Extract],
    stated: Sequence[Stated],
    differ: Disagreement | None,
    verdict: Verdict,
) -> Iterator[_Line]:
    """What comes before the words: how sources differ, or how it grew; else Yes or No."""
    if stated:
        text = in_words(differ, stated) if differ else developed(query, stated)
        values = ", ".join(item.value.text for item in stated)
        support = check(values, [item.extract.hit for item in stated])
        yield _Line(Sentence(text, tuple(range(1, len(stated) + 1)), *support))
    elif verdict and ordered:
        yield _Line(Sentence(f"{verdict}.", (1,), "supported"))


def _lines(ordered: Sequence[Extract]) -> Iterator[_Line]:
    """A line for each extract, its source in front where it is another than before."""
    before: Lead | None = None
    for number, item in enumerate(ordered, start=1):
        words = helped(item.hit.article, item.start, item.end)
        source = lead(item.hit, item.start, item.end)
        goes_on = before is not None and before.covers(source)
        text = words if goes_on else f"{source.text}: {words}"
        support = check(item.words, [item.hit])
        yield _Line(Sentence(text, (number,), *support, goes_on=goes_on))
        before = before if goes_on else source


def _own(facts: Sequence[Fact], places: Sequence[Place]) -> Iterator[_Line]:
    """A line for each sentence of Byline's own."""
    for fact in facts:
        numbers = tuple(places.index(place) + 1 for place in fact.places)
        yield _Line(Sentence(fact.text, numbers, *_checked(fact), goes_on=fact.goes_on))
