"""Byline from Python: what `import rag` offers. See docs/python.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, overload

from rag import pipeline
from rag.answering import comparison
from rag.answering.comparison import Comparison
from rag.export import evidence_pack, verifying
from rag.export.verifying import Verdict
from rag.resources import Resources, open_resources
from rag.retrieval.finding import find
from rag.retrieval.query import NO_FILTERS
from rag.schema import Answer, Done, Event, Filters, Hit, IngestReport, Turn
from rag.settings import Settings


def open_index(
    index: str | Path | Settings = ".byline", *, create: bool = False, **settings: Any
) -> AbstractContextManager[Resources]:
    """Open the index in a folder, with further settings by their names; close it with `with`.

    Neither the environment nor `byline.toml` is read: what is not given has its default.

    >>> with open_index(sample_index) as opened:
    ...     files, articles, passages = opened.index.counts()
    >>> articles
    18

    Raises:
        IndexMissing: nothing was ingested there yet, and not `create`.
        IndexMismatch: it was built with other settings.
        SettingsError: the setting `llm` names no usable model.

    """
    own = index if isinstance(index, Settings) else Settings(index=Path(index))
    return open_resources(replace(own, **settings), create=create)


def ingest(folder: str | Path, opened: Resources) -> IngestReport:
    """Make the index mirror a folder of articles; only what changed is read again.

    >>> report = ingest(sample_articles, opened)
    >>> report.files, report.unchanged, report.failed
    (18, 18, ())

    Raises:
        FolderLost: the folder is missing or lost most of its files.
        IndexLocked: another process is writing to the index.

    """
    return pipeline.ingest(Path(folder), opened)


@overload
def ask(
    question: str,
    opened: Resources,
    *,
    history: Sequence[Turn] = ...,
    filters: Filters = ...,
    as_typed: bool = ...,
    stream: Literal[False] = ...,
) -> Answer: ...


@overload
def ask(
    question: str,
    opened: Resources,
    *,
    history: Sequence[Turn] = ...,
    filters: Filters = ...,
    as_typed: bool = ...,
    stream: Literal[True],
) -> Iterator[Event]: ...


def ask(
    question: str,
    opened: Resources,
    *,
    history: Sequence[Turn] = (),
    filters: Filters = NO_FILTERS,
    as_typed: bool = False,
    stream: bool = False,
) -> Answer | Iterator[Event]:
    """Answer a question; with `stream`, give each event as it comes, the last of them `Done`.

    `as_typed`: without the questions of `history`, and with what looks misspelt.

    >>> answer = ask("How many contract workers were brought to Gannet Dock?", opened)
    >>> answer.status
    'answered'
    >>> cited = answer.citations[0]
    >>> cited.article.text[cited.quote_start : cited.quote_end] == cited.quote
    True
    >>> events = ask("Who won the chess world championship?", opened, stream=True)
    >>> [type(event).__name__ for event in events]
    ['Searched', 'Token', 'Done']
    """
    events = pipeline.answer(question, opened, history=history, filters=filters, as_typed=as_typed)
    if stream:
        return events
    return next(event.answer for event in events if isinstance(event, Done))


def search(
    question: str, opened: Resources, *, k: int = 10, filters: Filters = NO_FILTERS
) -> list[Hit]:
    """Find the best `k` passages, best first.

    >>> hits = search("strike ballot", opened, k=3)
    >>> [hit.article.text[hit.passage.start : hit.passage.end] == hit.passage.text for hit in hits]
    [True, True, True]
    """
    return list(find(question, opened, filters=filters).hits[:k])


def compare(question: str, opened: Resources, *, filters: Filters = NO_FILTERS) -> Comparison:
    """List who says what on a question or a statement, by date.

    >>> found = compare("8,500 people marched in Lantern Square on Saturday.", opened)
    >>> {row.bearing for row in found.rows} >= {"supports", "contradicts"}
    True
    """
    return comparison.compare(question, opened, filters=filters)


def verify(
    pack: str | Path, *, articles: str | Path | None = None, index: str | Path | None = None
) -> list[Verdict]:
    """Look whether the words that an evidence pack cites still stand in the articles.

    They are looked for in the folder `articles`, else in the folder that `index` was made of.

    Raises:
        IndexMissing: neither is given, and there is no index in `.byline`.
        PackError: the file is no evidence pack.

    """
    loaded = evidence_pack.load(Path(pack))
    folder = None if articles is None else Path(articles)
    of_index = None if index is None else Path(index)
    return list(verifying.verify(loaded, *verifying.folders(loaded, folder, of_index)))
