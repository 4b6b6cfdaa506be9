"""Who says what: for one question the words of each source side by side, in order of time.

    question -> Hits of many articles -> the best words of each source -> Rows and their bearing

What the rows are held against is said with them: the statement that the question makes or, where
it makes none, the newest of the best rows.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.answering.candidates import Extract
from rag.answering.clashes import Clashes, clashes, said
from rag.answering.contradiction import (
    NEITHER,
    Bearing,
    Claim,
    Judged,
    asking,
    by_value,
    judged,
    value,
)
from rag.answering.disagreement import Value
from rag.answering.extractive import ranked
from rag.resources import Resources
from rag.retrieval.asking import Wanted
from rag.retrieval.finding import found_for, understand
from rag.retrieval.query import NO_FILTERS, Query
from rag.schema import Article, Filters, Hit, Kind, Scope, printed_day
from rag.speakers.attribution import speaker
from rag.text.typed import storable
from rag.text.words import fold
from vectorstore.index import Index

DEPTH = 60  # passages that are reranked: more articles than an answer reads
READ = 30  # passages whose sentences are read
OF_ONE = 3  # of them of one source
ROWS = 30
# A source has a row if its words score within this of the best ones (a logit) …
_MARGIN = 2.5
_LEAST = 0.04  # … and answer with at least this chance …
# … and a second one if they are somebody else's and score within this of its first.
_SECOND = 1.0
# What the others are held against scores within this of the best.
_BEST = 1.0
# A passage is on the topic with this share of the question's words (the rare ones counting more)
# that the best one has, or if it answers with at least this chance.
_ON_TOPIC, _ANSWERS = 0.6, 0.3
# Below this chance of the best row no words answer well: so called are .90 of the questions without
# an answer and .38 of those with one (benchmarks.abstention.comparing).
WEAK = 0.2


@dataclass(frozen=True, slots=True)
class Row:
    """What one source says: `article.text[start:end]`, and how that stands to what it is held to.

    `copies` are near-copies of the article that print the same words. `chance` (0..1): that the
    words answer the question. `reference`: the others are held against this row.
    """

    article: Article
    start: int
    end: int
    kind: Kind
    speaker: str | None
    judged: Judged
    chance: float
    copies: tuple[Article, ...] = ()
    reference: bool = False
    warning: str = ""  # as of its hit

    @property
    def words(self) -> str:
        """The words exactly as they stand in the article."""
        return self.article.text[self.start : self.end]

    @property
    def bearing(self) -> Bearing:
        """Whether the words bear out or contradict what they are held against."""
        return self.judged.bearing


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows by date, those without one last. `against`: what they are held against, in words.

    `weak`: no words answer the question well; these are the nearest. `seconds` by step.
    """

    question: str
    against: str
    rows: tuple[Row, ...]
    weak: bool
    scope: Scope
    seconds: Mapping[str, float]


def compare(question: str, resources: Resources, *, filters: Filters = NO_FILTERS) -> Comparison:
    """Find what independent sources say on `question`, at most two rows of each."""
    question = storable(question)
    query = replace(understand(question, resources, filters=filters), parts=())
    found = found_for(query, resources, depth=DEPTH)
    started = time.perf_counter()
    hits = _on_topic(query.text, _spread(found.hits), resources.index)
    best_first = _sentences(query, hits, resources)
    # An answer reads what is found first, whether on the topic or not.
    beside = [hit for hit in found.hits[: resources.settings.passages] if hit not in hits]
    read = [*best_first, *(_sentences(query, beside, resources) if beside else ())]
    clash = clashes(query, sorted(read, key=lambda item: -item.score), found.hits)
    chosen = _chosen(query.wanted, best_first, clash)
    weak = max((item.chance for item in chosen), default=0.0) < WEAK
    held = _held_against(query, chosen, clash, weak=weak)
    found_on = [_bearing(held, item, clash) for item in chosen]
    if held.by and set(found_on) == {NEITHER}:
        held = NOT_HELD  # to name it would say nothing
    rows = [
        _row(item, judged_, _copies(item, resources.index), reference=item is held.by)
        for item, judged_ in zip(chosen, found_on, strict=True)
    ]
    rows.sort(key=_when)
    seconds = {**found.seconds, "compare": time.perf_counter() - started}
    return Comparison(question, held.line, tuple(rows), weak, query.scope, seconds)


def _sentences(query: Query, hits: Sequence[Hit], resources: Resources) -> list[Extract]:
    """The sentences of `hits`, best first; of two in a row only one gives the figure asked for."""
    found = ranked(query, hits, resources.reranker, every=True)
    if not (asking(query.stated) or query.wanted):
        return found
    return [item for item in found if item.sentences == 1]


def _spread(hits: Iterable[Hit]) -> list[Hit]:
    """The first `READ` hits with no more than `OF_ONE` of one source."""
    taken: dict[str, int] = {}
    kept = []
    for hit in hits:
        taken[_source(hit)] = taken.get(_source(hit), 0) + 1
        if taken[_source(hit)] <= OF_ONE:
            kept.append(hit)
    return kept[:READ]


def _on_topic(question: str, hits: Sequence[Hit], index: Index) -> list[Hit]:
    """The hits of sources that have nearly as many of the question's words as the best one.

    And those that answer well in other words.
    """
    rarity = index.rarity(index.words(question))
    held: dict[str, float] = {}
    for hit in hits:
        own = rarity.keys() & set(index.words(hit.passage.indexed_text))
        held[_source(hit)] = max(held.get(_source(hit), 0.0), sum(rarity[word] for word in own))
    least = _ON_TOPIC * max(held.values(), default=0.0)
    return [hit for hit in hits if held[_source(hit)] >= least or hit.score >= _ANSWERS]


def _source(hit: Hit) -> str:
    return hit.origin or hit.article.id


def _chosen(wanted: Wanted | None, best_first: Sequence[Extract], clash: Clashes) -> list[Extract]:
    """The best words of each source, and a second voice that is nearly as good, best first.

    Words that clash, or give the figure or date that is asked for, come before others of their
    source.
    """
    floor = (best_first[0].score if best_first else 0.0) - _MARGIN
    clashing = clash.words
    by_source: dict[str, list[Extract]] = {source: [] for source in clashing}
    for item in best_first:
        near = item.score >= floor and item.chance >= _LEAST
        if near or item.source in clashing or item is best_first[0]:
            by_source.setdefault(item.source, []).append(item)
    rows = [
        row
        for source, own in by_source.items()
        for row in _of_source(wanted, own, clashing.get(source))
    ]
    return sorted(rows, key=lambda item: -item.score)[:ROWS]


def _of_source(
    wanted: Wanted | None, own: Sequence[Extract], clashing: Extract | None
) -> list[Extract]:
    if clashing:
        return [clashing]
    giving = [item for item in own if item.sentences == 1 and _value(wanted, item)]
    first = (giving or own)[0]
    voices = (
        item
        for item in own
        if item.score >= first.score - _SECOND
        and not item.overlaps(first)
        and _speaker(item) not in (None, _speaker(first))
    )
    second = next(voices, None)
    return [first, second] if second and not giving else [first]


@dataclass(frozen=True, slots=True)
class Held:
    """What the rows are held against: the claim (None: nothing is), whose it is, and in words."""

    claim: Claim | None
    by: Extract | None  # None: the question
    line: str
    value: Value | None = None
    wanted: Wanted | None = None  # what that value is of


NOT_HELD = Held(None, None, "")


def _held_against(
    query: Query, best_first: Sequence[Extract], clash: Clashes, *, weak: bool
) -> Held:
    """The statement in the question; else the newest of the best rows, where there are any."""
    statement = query.stated
    if statement:
        line = f"what the question says: “{statement}”"
        wanted = asking(statement)
        return Held(Claim(statement), None, line, value(wanted, statement, None), wanted)
    if len(best_first) < 2 or (weak and not clash.words):
        return NOT_HELD
    newest = max(_references(query.wanted, best_first, clash), key=_age)
    article = newest.hit.article
    source = ", ".join(filter(None, (article.outlet, printed_day(article.published))))
    given = clash.stated.get(newest.source)
    own = given.value if given and given.extract is newest else _value(query.wanted, newest)
    claim = Claim(newest.words, newest.hit, article.published)
    line = f"{source or article.name}: “{newest.words}”"
    return Held(claim, newest, line, own, query.wanted)


def _references(
    wanted: Wanted | None, best_first: Sequence[Extract], clash: Clashes
) -> list[Extract]:
    """The rows that the others may be held against, best first: what a correction says holds."""
    if sources := clash.right or clash.stated:
        return [item for item in best_first if item.source in sources]
    near = [item for item in best_first if item.score >= best_first[0].score - _BEST]
    return [item for item in near if _value(wanted, item)] or near


def _age(item: Extract) -> tuple[date, float]:
    return item.hit.article.published or date.min, item.score


def _value(wanted: Wanted | None, item: Extract) -> Value | None:
    return value(wanted, item.words, item.hit.article.published)


def _bearing(held: Held, item: Extract, clash: Clashes) -> Judged:
    """How a row bears on what is held, and whether it was corrected since."""
    found = _by_words(held, item, clash)
    wrong, correction = clash.taken_back.get(item.source, (None, None))
    if correction is None or wrong is not item:
        return found
    taken = Judged("contradicts", said(correction))
    return replace(found, why=taken.why) if held.by is None and found is not NEITHER else taken


def _by_words(held: Held, item: Extract, clash: Clashes) -> Judged:
    """By what is said; figures clash only as `disagreement` and `corrections` find them to."""
    stated, is_right = clash.stated.get(item.source), clash.right.get(item.source) is item
    if held.claim is None or item is held.by:
        return NEITHER
    theirs = _value(held.wanted, item)
    if held.value and held.by and stated:
        return by_value(held.value, stated.value)
    if held.value and theirs and is_right:
        return by_value(held.value, theirs)
    if held.value and theirs and by_value(held.value, theirs).bearing == "supports":
        return by_value(held.value, theirs)
    if held.value and held.by:
        return NEITHER
    return judged(held.claim, item.words, item.hit)


def _row(item: Extract, judgement: Judged, copies: tuple[Article, ...], *, reference: bool) -> Row:
    hit = item.hit
    return Row(
        article=hit.article,
        start=item.start,
        end=item.end,
        kind=hit.passage.kind,
        speaker=_speaker(item),
        judged=judgement,
        chance=item.chance,
        copies=copies,
        reference=reference,
        warning=hit.warning,
    )


def _speaker(item: Extract) -> str | None:
    return speaker(item.hit.article, item.start, item.end)


def _copies(item: Extract, index: Index) -> tuple[Article, ...]:
    """Near-copies of the article that have these words too."""
    words = fold(item.words)
    near = index.copies(item.hit.article.id)
    return tuple(other for other in near if words in fold(" ".join(other.text.split())))


def _when(row: Row) -> tuple[date, float]:
    return row.article.published or date.max, -row.chance


def shown(row: Row) -> str:
    """How it bears on what is held against, in one word or two; empty where it is neither."""
    if row.reference:
        return "held against"
    return "" if row.bearing == "neither" else row.bearing
