"""Byline in one file: a folder becomes an index, a question becomes a cited answer.

    files -> Article -> Passage -> index            ingest
    question -> Hit -> Answer with Citations        answer

Read this first; each step has its own file. Every front end (page, command line, evaluation)
consumes the events of `answer` and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rag import filtering, followup, questions, uploads, writing
from rag.answerable import answerable, missing_names
from rag.citations import cite, marker
from rag.errors import LLMError
from rag.extractive import Extract, extract, lead, quoted
from rag.ingest import ingest_folder
from rag.llm import EXTRACTIVE, LanguageModel
from rag.questions import Asked
from rag.resources import Resources
from rag.retrieval import Found, search
from rag.schema import (
    Answer,
    Checked,
    Citation,
    Done,
    Event,
    Filters,
    IngestReport,
    Progress,
    Scope,
    Searched,
    Sentence,
    Token,
    Turn,
)
from rag.support import check
from rag.writing import Writing, refusal

NO_FILTERS = Filters()
_LOOKED_AT = 30  # articles that example questions are drawn from


def ingest(
    folder: Path | None, resources: Resources, *, progress: Progress | None = None
) -> IngestReport:
    """Make the index mirror `folder` (None: the folder it already has). See `rag.ingest`."""
    return ingest_folder(folder, resources, progress)


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
    report = ingest_folder(None, resources, progress)
    return replace(report, failed=(*refused, *report.failed))


def example_questions(resources: Resources, count: int) -> list[str]:
    """Up to `count` questions that the articles at hand invite."""
    summaries = resources.index.summaries()
    spread = summaries[:: max(1, len(summaries) // _LOOKED_AT)]
    articles = resources.index.articles([item.id for item in spread])
    return questions.examples(list(articles.values()), count)


def understand(
    question: str, resources: Resources, *, filters: Filters = NO_FILTERS
) -> tuple[Asked, Scope]:
    """The question without words that limit where to look, and how much of the index is left."""
    known = resources.index.catalogue()
    asked = questions.understood(question, filters, outlets=known.outlets, authors=known.authors)
    return asked, filtering.scope(asked.filters, known)


def find(question: str, resources: Resources, *, filters: Filters = NO_FILTERS) -> Found:
    """The best passages for `question`, with ranks and times."""
    asked, _ = understand(question, resources, filters=filters)
    return _found(asked, resources)


def _found(asked: Asked, resources: Resources) -> Found:
    return search(
        asked.question,
        index=resources.index,
        embedder=resources.embedder,
        reranker=resources.reranker,
        settings=resources.settings,
        filters=asked.filters,
        boosts=asked.boosts,
    )


def answer(
    question: str,
    resources: Resources,
    *,
    history: Sequence[Turn] = (),
    filters: Filters = NO_FILTERS,
) -> Iterator[Event]:
    """Searched, then Token and Checked as the answer is written, then Done.

    Raises:
        LLMError: after Searched, so that what was found can still be shown.

    """
    started = time.perf_counter()
    alone = _standalone(question, history, resources.model)
    understood, scope = understand(alone, resources, filters=filters)
    asked = understood.question
    found = _found(understood, resources)
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
    most = resources.settings.answer_sentences
    repeated = quoted(found.quotes, most=most)
    extracts = repeated or extract(asked, hits, resources.reranker, most=most)
    missing = [] if found.quotes else missing_names(asked, found.hits)
    if repeated:
        done = yield from _extracted(replace(blank, model=EXTRACTIVE), repeated)
    elif missing or not answerable(extracts, resources.settings.threshold):
        done = yield from _declined(blank, missing)
    elif resources.model is not None:
        done = yield from writing.written(blank, resources.model)
    else:
        done = yield from _extracted(blank, extracts)
    now = time.perf_counter()
    seconds = {**found.seconds, "answer": now - written, "total": now - started}
    yield Done(replace(done, seconds=seconds))


def _standalone(question: str, history: Sequence[Turn], model: LanguageModel | None) -> str:
    """The rule stands in where the model fails: the answer step will report the failure."""
    try:
        return followup.standalone(question, history, model)
    except LLMError:
        return followup.by_rule(question, [turn.question for turn in history])


def _declined(blank: Answer, missing: Sequence[str]) -> Writing:
    """Say that the articles do not answer, what they never mention, and what limited the search."""
    text = refusal(blank.scope)
    if missing and blank.scope.searched:
        text += f" The articles found do not mention {' or '.join(missing)}."
    yield Token(text)
    return replace(blank, status="not_in_articles", text=text)


def _extracted(blank: Answer, extracts: Sequence[Extract]) -> Writing:
    """The articles' own sentences, each with its source in front and its number behind."""
    lines: list[str] = []
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    for number, item in enumerate(extracts, start=1):
        citation = cite(number, item.hit, item.start, item.end)
        support, reasons = check(item.words, [item.hit])
        text = f"{lead(item.hit.article, item.hit.passage.kind)}: {item.words}"
        sentence = Sentence(text, (number,), support, reasons)
        line = f"{text} {marker(number)}"
        yield Token(line if not lines else f"\n\n{line}")
        yield Checked(sentence)
        lines.append(line)
        sentences.append(sentence)
        citations.append(citation)
    return replace(
        blank, text="\n\n".join(lines), sentences=tuple(sentences), citations=tuple(citations)
    )
