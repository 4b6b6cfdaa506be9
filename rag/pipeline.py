"""Byline in one file: a folder becomes an index, a question becomes a cited answer.

    files -> Article -> Passage -> index            ingest
    question -> Hit -> Answer with Citations        answer

Read this first; each step has its own file. Every front end (page, command line, evaluation)
consumes the events of `answer` and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answering import catalogue, followup, generate, suggestions
from rag.answering.alternatives import instead, untrue
from rag.answering.decide import verdict
from rag.answering.disagreement import among, differing
from rag.answering.extractive import extract, quoted, ranked
from rag.answering.generate import Writing, refusal, whole
from rag.answering.writer import reported, told
from rag.errors import LLMError
from rag.indexing import uploads
from rag.indexing.file_states import Shelf
from rag.indexing.folder import UPLOADED, ingest_files, ingest_folder
from rag.indexing.uploads import Pasted
from rag.models.llm import LanguageModel
from rag.resources import Resources
from rag.retrieval.finding import NO_FILTERS, found_for, understand
from rag.retrieval.query import Asked, by_rule
from rag.retrieval.search import Found
from rag.schema import (
    EXTRACTIVE,
    Answer,
    Done,
    Event,
    Filters,
    IngestReport,
    Preview,
    Progress,
    Searched,
    Token,
    Turn,
)
from rag.text.typed import storable

if TYPE_CHECKING:
    from rag.indexing.fetching import Address

_LOOKED_AT = 30  # articles that example questions are drawn from


def ingest(
    folder: Path | None,
    resources: Resources,
    *,
    progress: Progress | None = None,
    allow_removal: bool = False,
) -> IngestReport:
    """Make the index mirror `folder` (None: the one it has). See `rag.indexing.folder`."""
    return ingest_folder(folder, resources, progress, allow_removal=allow_removal)


def add_uploads(
    resources: Resources,
    files: Sequence[tuple[Path, str]],
    *,
    progress: Progress | None = None,
) -> IngestReport:
    """Keep copies of `files` (temporary file, the name it came with) and ingest them.

    Files that are too large or unreadable end in the report's `failed`.
    """
    refused = uploads.keep(files, resources.settings)
    too_large = {item.file for item in refused}
    kept = [uploads.safe_name(name) for _, name in files if name not in too_large]
    report = _add(kept, resources, progress)
    return replace(report, failed=(*refused, *report.failed))


def add_text(resources: Resources, pasted: Pasted) -> IngestReport:
    """Keep what was pasted as a file and ingest it. Raises ArticleError."""
    name, data = uploads.as_file(pasted)
    return _add([uploads.store(data, name, resources.settings)], resources)


def add_page(
    resources: Resources, url: str, *, is_allowed: Callable[[Address], bool] | None = None
) -> IngestReport:
    """Fetch a page, keep it as a file and ingest it. Raises as `rag.indexing.fetching.fetch`.

    `is_allowed` says which addresses may be connected to; None: the public ones.
    """
    from rag.indexing.fetching import fetch, is_public  # its HTTP library is slow to import

    page = fetch(storable(url), resources.settings, is_allowed=is_allowed or is_public)
    return _add([uploads.store(page.data, page.name, resources.settings)], resources)


def _add(
    names: Sequence[str], resources: Resources, progress: Progress | None = None
) -> IngestReport:
    """Ingest these files of the folder of added ones; one that was left out before is back."""
    paths = dict.fromkeys(f"{UPLOADED}{name}" for name in names)

    def back(shelf: Shelf) -> Shelf:
        return replace(shelf, left_out=shelf.left_out - set(paths))

    return ingest_files(list(paths), resources, progress, change=back)


def example_questions(resources: Resources, count: int) -> list[str]:
    """Up to `count` questions that the articles at hand invite."""
    summaries = resources.index.summaries()
    spread = summaries[:: max(1, len(summaries) // _LOOKED_AT)]
    articles = resources.index.articles([item.id for item in spread])
    return suggestions.examples(list(articles.values()), count)


def answer(
    question: str,
    resources: Resources,
    *,
    history: Sequence[Turn] = (),
    filters: Filters = NO_FILTERS,
    preview: bool = False,
) -> Generator[Event, None, None]:
    """Searched, then Token and Checked as the answer is written, then Done.

    With `preview`, a Preview comes before the text of a language model.
    Where a language model fails, or writes a second text, Restarted comes between: what was
    written before it is withdrawn.
    """
    started, question = time.perf_counter(), storable(question)
    if resources.model:
        resources = replace(resources, model=resources.model.for_question())
    alone = _standalone(question, history, resources.model)
    understood, scope = understand(alone, resources, filters=filters)
    asked = understood.question
    found = found_for(understood, resources)
    yield Searched(asked, found.hits, scope.searched, found.seconds)
    hits = found.hits[: resources.settings.passages]
    blank = Answer(
        question=question,
        standalone_question=asked,
        status="answered",
        text="",
        sentences=(),
        citations=(),
        hits=hits,
        dropped_markers=(),
        model=resources.model.name if resources.model else EXTRACTIVE,
        scope=scope,
    )
    written = time.perf_counter()
    done = yield from _written(blank, understood, found, resources, preview)
    now = time.perf_counter()
    seconds = {**found.seconds, "answer": now - written, "total": now - started}
    yield Done(replace(done, seconds=seconds))


def _written(
    blank: Answer, understood: Asked, found: Found, resources: Resources, preview: bool
) -> Writing:
    """Decide whether to answer, and how: from the catalogue, in the articles' words, by a model."""
    asked, hits = understood.question, blank.hits
    extracted = replace(blank, model=EXTRACTIVE)
    fact = catalogue.fact(understood, found, resources.index)
    if isinstance(fact, catalogue.Fact):
        return (yield from told(extracted, fact))
    if fact:
        return (yield from _declined(extracted, (), fact))
    most = resources.settings.answer_sentences
    repeated = quoted(found.quotes, most=most)
    if repeated:
        return (yield from reported(extracted, asked, repeated))
    best_first = ranked(asked, hits, resources.reranker)
    extracts = extract(asked, best_first, resources.reranker, most=most)
    weighed = verdict(asked, found, extracts, blank.scope.searched)
    blank, extracted = (replace(item, chance=weighed.chance) for item in (blank, extracted))
    if not extracts or weighed.chance < resources.settings.threshold:
        return (yield from _declined(blank, weighed.lacking, there=instead(asked, found.hits)))
    notes = (*blank.notes, *filter(None, [untrue(asked, found.hits)]))
    blank, extracted = (replace(item, notes=notes) for item in (blank, extracted))
    stated = differing(asked, best_first, hits, resources.reranker)
    if resources.model is None:
        return (yield from reported(extracted, asked, extracts, stated))
    if preview:
        yield Preview(whole(reported(extracted, asked, extracts, stated)))
    done = yield from generate.written(
        blank,
        resources.model,
        lambda: reported(extracted, asked, extracts, stated),
        retry_unsupported=resources.settings.retry_unsupported,
    )
    return replace(done, disagreements=among(asked, stated, done.citations))


def _standalone(question: str, history: Sequence[Turn], model: LanguageModel | None) -> str:
    """The rule stands in where the model fails: the answer step will report the failure."""
    try:
        return followup.standalone(question, history, model)
    except LLMError:
        return by_rule(question, [turn.question for turn in history])


def _declined(blank: Answer, lacking: Sequence[str], more: str = "", there: str = "") -> Writing:
    """Say that the articles do not answer, what none of them does, and what they say instead."""
    text = " ".join(filter(None, (refusal(blank.scope), more)))
    if lacking and blank.scope.searched:
        text += f" None of the articles found {' or '.join(dict.fromkeys(lacking))}."
    text += f" {there}" if there else ""
    yield Token(text)
    return replace(blank, status="not_in_articles", text=text)
