"""Is a sentence borne out by the passages it cites? No language model is asked.

Its figures, dates, names and quoted words must stand in the cited text and belong there to the
same things and persons; no word of it may be turned round; and most of its other words must be
there. Each comparison has its own file: `figures`, `cited_dates`, `cited_names`, `quotations`,
`opposites`, `novelty`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from rag.checking import cited_dates, cited_names, opposites
from rag.checking import figures as figuring
from rag.checking.figures import Figure
from rag.checking.novelty import Known, new_words
from rag.checking.opposites import Line, Places
from rag.checking.quotations import wrong_quotations
from rag.schema import Article, Hit, Passage, Support
from rag.text.sentences import sentence_spans
from rag.text.translated import in_english
from rag.text.words import fold, stems

Item = TypeVar("Item")
NO_CITATION = "no citation"
_FEW_WORDS = 0.35  # of a sentence's words; fewer in the passages: it is of something else
_MOST_NEW, _MANY_NEW = 3, 0.2  # from so many new words, and such a share, the rest is not enough


def check(sentence: str, hits: Sequence[Hit]) -> tuple[Support, tuple[str, ...]]:
    """Hold `sentence` (markers removed) against the passages it cites.

    Returns the verdict and, unless it is "supported", the reasons in plain words. A sentence of
    a cited passage, word for word, is always supported.
    """
    if not hits:
        return "unsupported", (NO_CITATION,)
    sources = [_source(hit.passage, hit.article) for hit in hits]
    if any(fold(sentence) in source.sentences for source in sources):
        return "supported", ()
    evidence = Evidence.of(sources)
    claim = Line.of(sentence)
    wrong = tuple(dict.fromkeys(_wrong(claim, hits, sources, evidence)))
    doubtful = tuple(dict.fromkeys(_doubtful(claim, sources, evidence)))
    if _share(claim, evidence) < _FEW_WORDS:
        return "unsupported", (*wrong, "its words are not in the cited passage")
    if wrong:
        return "unsupported", (*wrong, *doubtful)
    if doubtful:
        return "partial", doubtful
    return "supported", ()


@dataclass(frozen=True, slots=True)
class Source:
    """A cited passage, prepared for comparing."""

    passage: Passage
    article: Article
    folded: str
    sentences: frozenset[str]  # folded, alone and with the next
    lines: tuple[Line, ...]
    stems: frozenset[str]
    figures: tuple[Figure, ...]
    dates: tuple[cited_dates.Mention, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All cited passages together."""

    folded: str
    stems: frozenset[str]
    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]
    places: Places
    known: Known

    @classmethod
    def of(cls, sources: Sequence[Source]) -> Evidence:
        """Join what was prepared for each passage."""
        known = frozenset[str]().union(*(source.stems for source in sources))
        lines = tuple({line.text: line for source in sources for line in source.lines}.values())
        return cls(
            folded="\n".join(source.folded for source in sources),
            stems=known,
            figures=tuple(figure for source in sources for figure in source.figures),
            lines=lines,
            places=Places.of(lines),
            known=Known.of(known),
        )


@lru_cache(maxsize=64)
def _source(passage: Passage, article: Article) -> Source:
    """Cached: a streamed answer is checked again with every sentence that is complete."""
    text = passage.indexed_text
    spans = sentence_spans(text, language=article.language)
    english = in_english(text, article.language)
    own = [fold(text[start:end]) for start, end in spans]
    runs = [fold(text[a:d]) for (a, _), (_, d) in zip(spans, spans[1:], strict=False)]
    return Source(
        passage=passage,
        article=article,
        folded=fold(text),
        sentences=frozenset([*own, *runs, fold(passage.text), fold(text)]),
        lines=tuple(Line.of(text[start:end]) for start, end in spans),
        stems=frozenset(stems(text)),
        figures=_both(text, english, lambda said: figuring.read(_undated(said, article))),
        dates=_both(text, english, lambda said: cited_dates.mentions(said, article.published)),
    )


def _undated(text: str, article: Article) -> str:
    return cited_dates.without(text, cited_dates.mentions(text, article.published))


def _both(text: str, english: str, read: Callable[[str], tuple[Item, ...]]) -> tuple[Item, ...]:
    """What is read in `text` as it stands, and as English prints it: a claim may do either."""
    return read(text) if english == text else (*read(text), *read(english))


def _wrong(
    claim: Line, hits: Sequence[Hit], sources: Sequence[Source], evidence: Evidence
) -> Iterator[str]:
    """Reasons each of which is enough for "unsupported"."""
    yield from wrong_quotations(claim.text, hits, evidence.folded)
    dates = cited_dates.mentions(claim.text, None)
    own = figuring.read(cited_dates.without(claim.text, dates))
    yield from figuring.wrong_figures(own, evidence.figures)
    yield from _wrong_dates(claim.text, sources, relative=False)
    near = opposites.nearest(claim, evidence.lines)
    for turn in opposites.turned(claim, near, evidence.places):
        yield f"the passage says {turn}"


def _doubtful(claim: Line, sources: Sequence[Source], evidence: Evidence) -> Iterator[str]:
    """Reasons that leave the sentence partly supported."""
    passages = [source.passage.indexed_text for source in sources]
    articles = list(dict.fromkeys(source.article.text for source in sources))
    yield from cited_names.wrong_names(claim.text, passages, articles)
    yield from _wrong_dates(claim.text, sources, relative=True)
    new = new_words(claim, evidence.known)
    if len(new) >= _MOST_NEW and len(new) >= _MANY_NEW * sum(w.weighty for w in claim.words):
        listed = ", ".join(f"“{item.text}”" for item in new)
        yield f"the cited passage has nothing like {listed}"


def _share(claim: Line, evidence: Evidence) -> float:
    """Share of the weighty words of `claim` that the evidence has, in whatever form."""
    own = [word for word in claim.words if word.weighty]
    return sum(evidence.known.has(word) for word in own) / len(own) if own else 1.0


def _wrong_dates(sentence: str, sources: Sequence[Source], *, relative: bool) -> Iterator[str]:
    """The dates that no passage bears out: relative ones are read by each article's own date."""
    found = [
        [
            reason
            for claim in cited_dates.mentions(sentence, source.article.published)
            if claim.relative is relative
            for reason in cited_dates.wrong_dates([claim], source.dates)
        ]
        for source in sources
    ]
    yield from (reason for reason in found[0] if all(reason in other for other in found))
