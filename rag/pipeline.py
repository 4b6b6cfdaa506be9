"""Byline in one file: a folder becomes an index, a question becomes a cited answer.

    files -> Article -> Passage -> index            ingest
    question -> Hit -> Answer with Citations        answer

Read this first; each step has its own file. Every front end (page, command line, evaluation)
consumes the events of `answer` and nothing else.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answering import followup, starters
from rag.answering.alternatives import instead
from rag.answering.decide import Decision, decide
from rag.answering.disagreement import among, differing
from rag.answering.evidence import Evidence, gather
from rag.answering.generate import Writing, whole, written
from rag.answering.languages import to_write_in
from rag.answering.refusal import suspected
from rag.answering.second_opinion import second_opinion
from rag.answering.subanswers import together
from rag.answering.writer import declined, reported, told
from rag.articles.paths import upload
from rag.errors import LLMError
from rag.indexing import uploads
from rag.indexing.file_states import Shelf
from rag.indexing.folder import ingest_files, ingest_folder
from rag.indexing.uploads import Pasted
from rag.indexing.work import Machines
from rag.models.llm import LanguageModel
from rag.models.prompts import Asked
from rag.resources import Resources
from rag.retrieval.finding import found_to_answer, understand
from rag.retrieval.foreign import foreign, languages
from rag.retrieval.form_words import without_form
from rag.retrieval.intent import stands_alone
from rag.retrieval.query import NO_FILTERS, Query
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
    Turn,
)
from rag.speakers.coreference import by_rule
from rag.text.typed import storable

if TYPE_CHECKING:
    from rag.indexing.fetching import Address

_READ_INSTEAD = 20  # hits in which a refusal seeks what is so instead


def ingest(
    folder: Path | None,
    resources: Resources,
    *,
    progress: Progress | None = None,
    allow_removal: bool = False,
    machines: Machines | None = None,
) -> IngestReport:
    """Make the index mirror `folder` (None: the one it has). See `rag.indexing.folder`."""
    return ingest_folder(
        folder, resources, progress, allow_removal=allow_removal, machines=machines
    )


def add_uploads(
    resources: Resources,
    files: Sequence[tuple[Path, str]],
    *,
    progress: Progress | None = None,
) -> IngestReport:
    """Keep copies of `files` (temporary file, the name or path it came with) and ingest them.

    Files that are too large or unreadable end in the report's `failed`.
    """
    refused = uploads.keep(files, resources.settings)
    not_kept = {item.file for item in refused}
    kept = [uploads.safe_path(name) for _, name in files if name not in not_kept]
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
    paths = dict.fromkeys(map(upload, names))

    def back(shelf: Shelf) -> Shelf:
        return replace(shelf, left_out=shelf.left_out - set(paths))

    return ingest_files(list(paths), resources, progress, change=back)


def example_questions(
    resources: Resources,
    count: int = starters.MOST,
    *,
    ask: Callable[[str], Answer] | None = None,
    pause: Callable[[], None] = lambda: None,
) -> list[str]:
    """Up to `count` questions that the articles at hand answer well: each is asked first.

    That takes seconds; what was found for an index as it is stays with it. `ask` answers in the
    articles' own words, `pause` is called before each article that is read.
    """
    found = starters.kept(resources.index)
    if found is None:
        state = resources.index.state()
        found = tuple(starters.starters(resources.index, ask or partial(_alone, resources), pause))
        starters.keep(resources.index, state, found)
    return list(found[:count])


def _alone(resources: Resources, question: str) -> Answer:
    """The answer in the articles' own words."""
    done = deque(answer(question, replace(resources, model=None, entailment=None)), maxlen=1).pop()
    assert isinstance(done, Done)  # always the last event
    return done.answer


def answer(
    question: str,
    resources: Resources,
    *,
    history: Sequence[Turn] = (),
    filters: Filters = NO_FILTERS,
    preview: bool = False,
    as_typed: bool = False,
    today: date | None = None,
) -> Generator[Event, None, None]:
    """Searched, then Token and Checked as the answer is written, then Done.

    With `preview`, a Preview comes before the text of a language model where the articles' own
    words answer. `as_typed`: search the question's own words, without what came before it and with
    its slips. `today`: the day that a language model is told; None: this machine's.
    Where a language model fails, or writes a second text, Restarted comes between: what was
    written before it is withdrawn.
    """
    started, question = time.perf_counter(), storable(question)
    model = resources.model.for_question() if resources.model else None
    resources = replace(resources, model=model)
    bare = without_form(question) if model and not as_typed else question
    asked = bare if as_typed else _standalone(bare, history, resources)
    query = understand(asked, resources, filters=filters, as_typed=as_typed)
    found = found_to_answer(query, resources)
    searched = time.perf_counter()
    evidence = gather(query, found, resources)
    read = evidence.shown or evidence.hits
    yield Searched(query.text, found.hits, read, query.scope.searched, found.seconds)
    decision = decide(query, evidence, resources.settings.threshold)
    blank = replace(
        _blank(question, query, evidence, decision), reworded=query.asked.split() != bare.split()
    )
    alone = partial(_in_own_words, blank, query, evidence, decision, resources)
    if model and evidence.shown:
        if preview and decision.answers:
            yield Preview(whole(alone()))
        given = _asked(blank, query, decision, today or date.today())
        done = yield from _by_model(blank, query, evidence, given, alone, model, resources)
    else:
        done = yield from alone()
    if resources.judge and done.model != EXTRACTIVE:
        done = yield from second_opinion(done, resources.judge)
    now = time.perf_counter()
    seconds = {**found.seconds, "answer": now - searched, "total": now - started}
    yield Done(replace(done, seconds=seconds))


def _standalone(question: str, history: Sequence[Turn], resources: Resources) -> str:
    """What is searched: without what came before, and by a model in the articles' language.

    The rule stands in where the model fails: the answer step will report the failure.
    """
    known, model = resources.index.catalogue(), resources.model
    is_foreign = model is not None and bool(foreign(question, known))
    if not is_foreign and (not history or stands_alone(question, resources.embedder)):
        return question
    language = to_write_in(languages(known)) if model else ""
    try:
        return followup.standalone(question, history, model, language)
    except LLMError:
        return by_rule(question, history)


def _blank(question: str, query: Query, evidence: Evidence, decision: Decision) -> Answer:
    return Answer(
        question=question,
        standalone_question=query.text,
        status="answered",
        text="",
        sentences=(),
        citations=(),
        hits=evidence.hits,
        dropped_markers=(),
        model=EXTRACTIVE,
        scope=query.scope,
        chance=decision.chance,
        notes=query.notes,
    )


def _in_own_words(
    blank: Answer, query: Query, evidence: Evidence, decision: Decision, resources: Resources
) -> Writing:
    """Without a model: a refusal, what Byline itself knows, or the articles' words."""
    if not decision.answers:
        return (yield from _refused(blank, query, evidence, decision))
    if evidence.parts:
        return (yield from _parts(blank, query, evidence, decision, resources))
    if evidence.facts:
        return (yield from told(blank, evidence.facts))
    if evidence.settled:
        return (yield from reported(blank, query, evidence.extracts, (), evidence.remarks))
    stated = differing(query, evidence.sentences)
    remarks, verdict = evidence.remarks, evidence.verdict
    return (yield from reported(blank, query, evidence.extracts, stated, remarks, verdict))


def _refused(blank: Answer, query: Query, evidence: Evidence, decision: Decision) -> Writing:
    """Decline; where the question takes for granted what is not so, with what is."""
    if decision.chance is None:
        return (yield from declined(blank, decision.lacking))
    there = instead(query.premise, evidence.found.hits[:_READ_INSTEAD], evidence.denial)
    return (yield from declined(blank, decision.lacking, there))


def _parts(
    blank: Answer, query: Query, evidence: Evidence, decision: Decision, resources: Resources
) -> Writing:
    """Each part of the question as it would be answered by itself, in the articles' words."""
    given = []
    for part, its, decided in zip(query.parts, evidence.parts, decision.parts, strict=True):
        alone = _blank(part.asked, part, its, decided)
        given.append((part.label, whole(_in_own_words(alone, part, its, decided, resources))))
    return (yield from together(blank, given))


def _asked(blank: Answer, query: Query, decision: Decision, today: date) -> Asked:
    """The question as a language model is asked it."""
    hint = suspected(decision.lacking, is_doubted=not decision.answers)
    return Asked(blank.question, today, query.asked if blank.reworded else "", hint)


def _by_model(
    blank: Answer,
    query: Query,
    evidence: Evidence,
    asked: Asked,
    alone: Callable[[], Writing],
    model: LanguageModel,
    resources: Resources,
) -> Writing:
    """What `model` writes from what it is shown; `alone` should it fail."""
    own = replace(blank, model=model.name, hits=evidence.shown)
    retry, embedder = resources.settings.retry_unsupported, resources.embedder
    done = yield from written(own, asked, model, alone, retry_unsupported=retry, embedder=embedder)
    if done.model == EXTRACTIVE:
        return done
    stated = differing(query, evidence.sentences)
    return replace(done, disagreements=among(query, stated, done.citations))
