"""What a cited passage offers to hold a sentence against, read once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from rag.checking import cited_dates
from rag.checking import figures as figuring
from rag.checking.atoms import Cased
from rag.checking.binding import Told, told
from rag.checking.figures import Figure
from rag.checking.opposites import Line, Places
from rag.checking.wording import Known
from rag.schema import Article, Passage, printed_day
from rag.text.language import written_in
from rag.text.sentences import Span, sentence_spans
from rag.text.translated import in_english
from rag.text.words import fold, stems

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Source:
    """A cited passage, prepared for comparing."""

    passage: Passage
    article: Article
    language: str | None  # as the article says or its words tell
    shown: str  # its text with what is known of it and its article
    folded: str
    lines: tuple[Line, ...]
    stems: frozenset[str]
    figures: tuple[Figure, ...]
    dates: tuple[cited_dates.Mention, ...]
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All cited passages together."""

    folded: str
    stems: frozenset[str]
    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]
    places: Places
    known: Known
    told: tuple[Told, ...]
    cased: Cased

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
            told=tuple({line.text: line for source in sources for line in source.told}.values()),
            cased=cased_of(tuple(dict.fromkeys(source.article.text for source in sources))),
        )


@lru_cache(maxsize=64)
def source(passage: Passage, article: Article) -> Source:
    """Cached: a streamed answer is checked again with every sentence that is complete."""
    text, language, spans = _read(passage, article)
    english = in_english(text, language)
    return Source(
        passage=passage,
        article=article,
        language=language,
        shown=text,
        folded=fold(text),
        lines=tuple(Line.of(text[start:end]) for start, end in spans),
        stems=frozenset(stems(text)),
        figures=_both(text, english, lambda said: figuring.read(_undated(said, article))),
        dates=_both(text, english, lambda said: cited_dates.mentions(said, article.published)),
        told=tuple(told(_known(passage, article), passage, article, cased_of((article.text,)))),
    )


@lru_cache(maxsize=64)
def printed(passage: Passage, article: Article) -> frozenset[str]:
    """The sentences of a passage, folded, each alone and with the next, and all of it.

    Apart from `source`, which takes twenty times as long: words that stand in a passage as they are
    need no more than this.
    """
    text, _, spans = _read(passage, article)
    own = [fold(text[start:end]) for start, end in spans]
    runs = [fold(text[a:d]) for (a, _), (_, d) in zip(spans, spans[1:], strict=False)]
    return frozenset([*own, *runs, fold(passage.text), fold(text)])


def _read(passage: Passage, article: Article) -> tuple[str, str | None, list[Span]]:
    """A passage with what is known of it, its language, and its sentences."""
    text = f"{_known(passage, article)}\n{passage.text}".strip()
    language = article.language or written_in(article.text)
    return text, language, sentence_spans(text, language=language)


@lru_cache(maxsize=64)
def cased_of(texts: tuple[str, ...]) -> Cased:
    """How articles print their words."""
    return Cased.of(texts)


def _known(passage: Passage, article: Article) -> str:
    """What a reader of the passage is told of it: who wrote it, when, and what it is."""
    part = article.part_at(passage.start)
    own = part.author if part else None
    who = own if passage.kind == "comment" else article.author
    known = (passage.header, who, own, article.label, printed_day(article.published))
    return "\n".join(filter(None, known))


def _undated(text: str, article: Article) -> str:
    return cited_dates.without(text, cited_dates.mentions(text, article.published))


def _both(text: str, english: str, read: Callable[[str], tuple[Item, ...]]) -> tuple[Item, ...]:
    """What is read in `text` as it stands, and as English prints it: a claim may do either."""
    return read(text) if english == text else (*read(text), *read(english))
