"""What an answer may be written from: gathered once, for whoever decides and for every writer.

Query, Found -> Evidence
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answering import catalogue, elapsed, overview, talk
from rag.answering.candidates import Extract, candidates
from rag.answering.closed import Verdict, denial, verdict
from rag.answering.corrections import bears_on, corrected, corrections, remark, taken_back
from rag.answering.extractive import extract, quoted, ranked
from rag.answering.fact import Fact
from rag.answering.languages import sentence
from rag.answering.material import shown
from rag.answering.refusal import Lack
from rag.answering.side_by_side import side_by_side
from rag.answering.summarising import summarised
from rag.answering.timeline import told_in_order
from rag.answering.timing import not_reached, timely
from rag.models.weights import BUNDLED
from rag.resources import Resources
from rag.retrieval.foreign import languages
from rag.retrieval.query import Query
from rag.retrieval.search import Found
from rag.retrieval.topics import Subject, asks_theses, subject
from rag.schema import Hit
from rag.text.words import last_stem, stems

_READERS = 5  # comments that are read where readers are asked for
_TOLD = 3.0  # what was taken back is told of if its score is this close to the best
_WITNESSES = 12  # sentences that may bear out or deny what a question states


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passages found, their sentences, and what Byline itself can say of the articles.

    `shown`, best first: the stretches that a language model writes from; none where none is set.
    `hits`, best first: the passages that are read without one; `sentences`, best first, are theirs;
    `extracts` those that answer; `verdict`: whether the first surely bears out what the question
    states; `denial`: a sentence that denies what it takes for granted; `remarks`: what a reader of
    theirs should know of corrections.
    `facts`: the whole answer, or `lack`: why there is none.
    `settled`: what is here answers the question, no chance need be weighed; `known`: and nobody
    knows it better, as what the index holds. `parts`: of a question with several, the evidence for
    each.
    """

    found: Found
    hits: tuple[Hit, ...]
    sentences: tuple[Extract, ...] = ()
    extracts: tuple[Extract, ...] = ()
    remarks: tuple[Fact, ...] = ()
    facts: tuple[Fact, ...] = ()
    lack: Lack | None = None
    verdict: Verdict = ""
    denial: Extract | None = None
    settled: bool = False
    known: bool = False
    parts: tuple[Evidence, ...] = ()
    shown: tuple[Hit, ...] = ()


def gather(query: Query, found: Found, resources: Resources) -> Evidence:
    """Take what the question asks for, by its intent; passages stand in where that is not there.

    Each part of a question is taken by itself. Raises ModelError.
    """
    about = None
    if query.intent in ("summary", "timeline"):
        about = subject(query, found, resources.index, resources.embedder)
    evidence = _gathered(query, found, about, resources)
    if resources.model is None or evidence.known:
        return evidence
    return replace(evidence, shown=shown(query, found, about, resources))


def _gathered(query: Query, found: Found, about: Subject | None, resources: Resources) -> Evidence:
    blank = Evidence(found, found.hits[: resources.settings.passages])
    if query.parts:
        return _of_parts(query, found, resources)
    if query.foreign and resources.embedder.name == BUNDLED:
        held = languages(resources.index.catalogue())
        return replace(blank, lack=Lack("language", sentence(query.foreign, held)))
    given = _by_intent(query, blank, about, resources)
    return given if given is not None else _from_passages(query, blank, resources)


def _of_parts(query: Query, found: Found, resources: Resources) -> Evidence:
    most = max(1, resources.settings.answer_sentences + 1 - len(query.parts))
    fewer = replace(
        resources, settings=replace(resources.settings, answer_sentences=most), model=None
    )
    parts = tuple(
        gather(part, of_part, fewer) for part, of_part in zip(query.parts, found.parts, strict=True)
    )
    blank = Evidence(found, found.hits[: resources.settings.passages])
    if query.elapsed:
        events = [(item.extracts, item.found.hits) for item in parts]
        if fact := elapsed.fact(query, events):
            return replace(blank, facts=(fact,), settled=True)
    return replace(blank, parts=parts)


def _by_intent(
    query: Query, blank: Evidence, about: Subject | None, resources: Resources
) -> Evidence | None:
    """What the intent has a writer of its own for; None: the passages are to answer."""
    if about:
        return _of_subject(query, blank, about, resources)
    match query.intent:
        case "catalogue":
            given = catalogue.facts(query, blank.found, resources.index)
            return _known(blank, given) if given else None
        case "overview":
            return _known(blank, overview.facts(query, resources.index))
        case "talk":
            return _known(blank, talk.facts(query, resources.index))
        case "fact" if query.statement and asks_theses(query):
            return _told(blank, side_by_side(query, blank.found, resources))
        case "comparison":
            return _told(blank, side_by_side(query, blank.found, resources))
        case _:
            return None


def _known(blank: Evidence, given: tuple[Fact, ...] | Lack) -> Evidence:
    """What Byline itself can say, or why it cannot."""
    if isinstance(given, Lack):
        return replace(blank, lack=given)
    return replace(blank, facts=given, settled=True, known=True)


def _of_subject(
    query: Query, blank: Evidence, about: Subject, resources: Resources
) -> Evidence | None:
    """A summary or, where enough is dated, a timeline of what the question names."""
    if query.intent == "timeline" and (facts := told_in_order(about, resources)):
        return _told(blank, facts)
    return _of(blank, summarised(about, resources, theses=asks_theses(query)))


def _told(blank: Evidence, facts: Sequence[Fact]) -> Evidence | None:
    """The facts as the whole answer, what they cite first; None where there are none."""
    if not facts:
        return None
    own = dict.fromkeys(hit for fact in facts for hit, _, _ in fact.places)
    return replace(blank, hits=(*own, *blank.hits), facts=tuple(facts), settled=True)


def _of(blank: Evidence, extracts: Sequence[Extract]) -> Evidence | None:
    """The extracts as the whole answer, their passages first; None where there are none."""
    if not extracts:
        return None
    own = list(dict.fromkeys(item.hit for item in extracts))
    hits = (*own, *blank.hits)
    known = corrections((*hits, *blank.found.hits))
    kept = corrected(extracts, known, figure=False)
    back = (taken_back(item, known) for item in kept)
    remarks = tuple(remark(item) for item in dict.fromkeys(back) if item)
    return replace(blank, hits=hits, extracts=tuple(kept), remarks=remarks, settled=True)


def _from_passages(query: Query, blank: Evidence, resources: Resources) -> Evidence:
    """The words that the question repeats, or the sentences that answer it."""
    reranker, most = resources.reranker, resources.settings.answer_sentences
    repeated = quoted(blank.found.quotes, most=most)
    if repeated:
        return replace(blank, extracts=tuple(repeated), settled=True, known=True)
    known = corrections(blank.found.hits)
    if gone := not_reached(query, blank.found.hits):
        return replace(blank, lack=gone)
    named = _comments_on(query, blank.found.hits) if query.readers else []
    best_first = timely(query, ranked(query, named or blank.hits, reranker), reranker)
    sentences = corrected(best_first, known, figure=query.figure)
    said, witness = verdict(query.closed, sentences[:_WITNESSES])
    ordered = [witness, *(i for i in sentences if i is not witness)] if witness else sentences
    extracts = extract(query, ordered, most=most)
    if witness is None or not extracts or not extracts[0].overlaps(witness):
        said = ""
    near = [item for item in best_first if item.score >= best_first[0].score - _TOLD]
    back = [taken_back(item, known) for item in (near if query.figure else extracts)]
    return replace(
        blank,
        sentences=tuple(sentences),
        extracts=tuple(extracts),
        verdict=said,
        denial=_denial(query, blank.found.hits),
        settled=bool(named) and bool(extracts),
        remarks=tuple(
            remark(item) for item in dict.fromkeys(back) if item and bears_on(item, query.wanted)
        ),
    )


def _comments_on(query: Query, hits: Sequence[Hit]) -> list[Hit]:
    """The best comments that name all that the question names; none where it names nothing."""
    wanted = frozenset[str]().union(*map(last_stem, query.names))
    comments = [hit for hit in hits if hit.passage.kind == "comment"]
    named = [hit for hit in comments if wanted <= frozenset(stems(hit.passage.text))]
    return named[:_READERS] if wanted else []


def _denial(query: Query, hits: Sequence[Hit]) -> Extract | None:
    if query.premise is None:
        return None
    sound = [hit for hit in hits if not hit.warning]
    return denial(query.premise.statement, candidates(sound))
