"""The writer of comparisons: what each side says on a topic, labelled, by its own words.

A side is a person, an author, an outlet or a group that the question names; else every source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from rag.answering.candidates import Extract
from rag.answering.fact import Fact
from rag.answering.leads import Lead, lead
from rag.answering.prose import prose
from rag.answering.summarising import Source, sources
from rag.answering.summary import is_anothers, leans, ought
from rag.resources import Resources
from rag.retrieval.query import Query
from rag.retrieval.search import Found
from rag.retrieval.sides import Sides, sides
from rag.retrieval.topics import share
from rag.schema import Article, Filters
from rag.speakers.attribution import speaker
from rag.speakers.pronouns import helped
from rag.text.sentences import article_sentences
from rag.text.words import fold, last_stem, stems
from vectorstore.index import Index
from vectorstore.selecting import CORRECTION, OPINION
from vectorstore.tallies import words

_SOURCES = 6  # of which every one has its say
_READ = 10  # articles that are read
_LINES = 60  # sentences that the reranker sees
_WRITTEN = 500  # articles of an author or an outlet that are read, the newest
_SIGNED, _SIGNATURE = 300, 5  # characters at an article's head, and words of a line, that sign it
_OPENING, _BEHIND = 8, 5  # words in which a side is named that says something
_LONG = 55  # words of a sentence
_SECOND, _MOST = 0.7, 2  # a side has a second sentence if that scores within this of the first
_FURTHER, _MOST_ALONE = 2.5, 4  # and one that stands alone has so many more easily
_ENOUGH = 0.6  # share of a topic's words that is said to be spoken of
_LEAST = 0.35  # chance that a sentence answers, below which it is not on the topic
_MARGIN = 4.0  # logits below the best source's, at which another one says nothing on the topic
# What a sentence gains for being somebody's own words and for the topic's, and an author's for
# saying what ought to be.
_OWN, _TOPIC, _THESIS, _OTHERS = 1.0, 1.5, 0.7, 1.0
_SAYS = re.compile(
    r"\b(?:said|says?|told|thinks?|argue[sd]?|claim(?:s|ed)?|warn(?:s|ed)?|want(?:s|ed)?|put|puts"
    r"|call(?:s|ed)|believe[sd]?|insist(?:s|ed)?|according to|estimate[sd]?|oppose[sd]?"
    r"|support(?:s|ed)?"
    r"|urge[sd]?|promise[sd]?|demand(?:s|ed)?|reckons?)\b",
    re.IGNORECASE,
)


_OFFICE = r"(?:administration|government|campaign|era|years|presidency|team|officials?)\b"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a side, what it scores on the topic, and who says it."""

    extract: Extract
    score: float
    who: str | None


def side_by_side(query: Query, found: Found, resources: Resources) -> list[Fact]:
    """What each side says, or that nothing of it was found; empty where no side says anything."""
    between = sides(query)
    if not between.names:
        return _of_every_source(between.topics[0], query, found, resources)
    if len(between.topics) > 1 and (fact := _of_both(between, found, resources)):
        return [fact]
    told = [
        (name, topic, _of_side(name, topic, query, found, resources, alone=len(between.names) == 1))
        for name in between.names
        for topic in between.topics
    ]
    if not any(said for _, _, said in told):
        return []
    return [fact for name, topic, said in told for fact in _facts(name, topic, said)]


# --- every source


def _of_every_source(topic: str, query: Query, found: Found, resources: Resources) -> list[Fact]:
    """The best sentence of each source by its own author, by date."""
    near = _articles(topic, found, resources.index)
    best = []
    for source in sources(near, resources.index):
        lines = list(_lines(source))
        scores = _scored(query.text, lines, resources)
        scores = [score + _own(item) for item, score in zip(lines, scores, strict=True)]
        if lines:
            at = int(np.argmax(scores))
            best.append(Said(lines[at], scores[at], _speaker(lines[at])))
    top = max((item.score for item in best), default=0.0)
    kept = [item for item in best if item.score >= top - _MARGIN]
    kept = sorted(kept, key=lambda item: -item.score)[:_SOURCES]
    return _told(sorted(kept, key=_when)) if len(kept) > 1 else []


def _own(item: Extract) -> float:
    """What an author's sentence gains where it says what ought to be, or loses as another's."""
    if is_anothers(item.hit.article, item.start, item.end):
        return -_OTHERS
    return _THESIS * ought(item.words)


# --- a side


def _of_side(
    name: str, topic: str, query: Query, found: Found, resources: Resources, *, alone: bool
) -> list[Said]:
    """The sentences of a side that are best on the topic, and what goes on from them at once."""
    index = resources.index
    written, is_outlet = _written_by(name, query, found, index)
    written = sorted(written, key=lambda item: -share(topic, item.text, index))[:_READ]
    near = written or _articles(f"{name} {topic}", found, index)
    is_writer = {article.id for article in written}
    read = sources(near, index)
    lines = [
        item
        for source in read
        for item in _lines(source, only=None if source.article.id in is_writer else name)
        if is_outlet or _is_of(item, name, source.article.id in is_writer)
    ]
    asked = f"What does {name} say about {topic}?" if topic else query.text
    if topic and written:  # what a writer writes, he does not "say"
        asked = f"What is to be said about the {topic}?"
    lines = sorted(lines, key=lambda item: -share(topic, item.words, index))[:_LINES]
    scores = _scored(asked, lines, resources)
    said = [
        Said(item, score + _gain(item, name, topic, index), _speaker(item))
        for item, score in zip(lines, scores, strict=True)
    ]
    said = [item for item in said if _is_on(topic, item, resources)]
    best = sorted(said, key=lambda item: -item.score)
    margin, most = (_FURTHER, _MOST_ALONE) if alone else (_SECOND, _MOST)
    kept = _apart([item for item in best if item.score >= best[0].score - margin])[:most]
    kept = sorted(kept, key=lambda item: (_when(item), item.extract.start))
    if not alone:
        return kept
    by_id = {source.article.id: source for source in read}
    return [both for item in kept for both in _with_next(item, by_id[item.extract.hit.article.id])]


def _with_next(item: Said, source: Source) -> list[Said]:
    """The sentence, and the next of its paragraph if that leans on it and is the same voice's."""
    text, end = source.article.text, item.extract.end
    line = text.find("\n", end)
    behind = article_sentences(source.article, end, line if line >= 0 else len(text))[:1]
    if not behind or not leans(source.article, *behind[0]):
        return [item]
    extract = source.extract(*behind[0], score=item.score)
    further = Said(extract, item.score, _speaker(extract)) if extract else None
    return [item, further] if further and further.who == item.who else [item]


def _gain(item: Extract, name: str, topic: str, index: Index) -> float:
    """What a sentence gains on the topic for being the side's own words, else for the topic's."""
    if _speaks(item, name):
        return _OWN * share(topic, _context(item), index)
    return _TOPIC * share(topic, item.words, index)


def _written_by(name: str, query: Query, found: Found, index: Index) -> tuple[list[Article], bool]:
    """The articles by an author, or of an outlet, that the side is; whether it is an outlet."""
    known = index.catalogue()
    said = words(name)
    authors = tuple(item for item in known.people_with(said) if _is_same(name, item))
    outlets = tuple(item for item in known.outlets_with(said) if _is_same(name, item))
    signed = {hit.article.id: hit.article for hit in found.hits if _is_signed(hit.article, name)}
    if signed or name == name.lower() or len(authors) + len(outlets) != 1:
        return list(signed.values()), False
    limits = Filters(authors=authors, outlets=outlets)
    facts = known.chosen(query.filters).also(limits).facts("newest", _WRITTEN)
    held = index.articles([item.id for item in facts if item.label != CORRECTION])
    return list(held.values()), bool(outlets)


def _is_signed(article: Article, name: str) -> bool:
    """Whether an opinion piece without a known author has the name alone on a line at its head."""
    if article.author or article.label != OPINION:
        return False
    lines = article.text[:_SIGNED].splitlines()[1:]
    return any(len(line.split()) <= _SIGNATURE and _is_same(name, line) for line in lines)


def _is_same(name: str, other: str) -> bool:
    own = set(stems(name))
    return bool(own) and own <= set(stems(other))


def _is_of(item: Extract, name: str, is_writer: bool) -> bool:
    """Whether a sentence is the side's own: its writer's, its words, or what it is told to say."""
    if is_writer:
        return not is_anothers(item.hit.article, item.start, item.end)
    return _speaks(item, name) or (_speaker(item) is None and _is_told_of(_words(item), name))


def _is_told_of(words: str, name: str) -> bool:
    """Whether a sentence tells what `name` says or wants: its subject, or right behind the verb."""
    verb = _SAYS.search(words)
    if verb is None or re.search(rf"\b{re.escape(name)}\s+{_OFFICE}", words, re.IGNORECASE):
        return False
    opening = " ".join(words.split()[:_OPENING])
    behind = " ".join(words[verb.end() :].split()[:_BEHIND])
    return _names(opening, name) or _names(behind, name)


def _words(item: Extract) -> str:
    """The sentence as it is printed, with whom a pronoun means."""
    return helped(item.hit.article, item.start, item.end)


def _speaks(item: Extract, name: str) -> bool:
    who = _speaker(item)
    return who is not None and _names(who, name)


def _names(words: str, name: str) -> bool:
    """Whether a text has the last word of a name, which stands for the whole of it."""
    last = last_stem(name)
    return bool(last) and last <= set(stems(words))


def _is_on(topic: str, item: Said, resources: Resources) -> bool:
    """Whether a sentence is on the topic: it or its passage has most words of it, or it answers."""
    likely, held = _chance(item.score, resources), share(topic, item.extract.words, resources.index)
    if not topic or max(held, share(topic, _context(item.extract), resources.index)) >= _ENOUGH:
        return True
    return held > 0 and likely >= _LEAST


def _chance(score: float, resources: Resources) -> float:
    return resources.reranker.probability(score) if resources.reranker else 1.0


def _context(item: Extract) -> str:
    """The sentence with the headline and the passage that it stands in."""
    return f"{item.hit.article.title or ''}\n{item.hit.passage.text}"


def _of_both(between: Sides, found: Found, resources: Resources) -> Fact | None:
    """One sentence, or two in a row, in which a side speaks of both topics."""
    name, topics = between.names[0], between.topics
    near = _articles(" ".join((name, *topics)), found, resources.index)
    best: tuple[float, Extract] | None = None
    for source in sources(near, resources.index):
        lines = list(_lines(source, every=True))
        for first, second in zip(lines, lines[1:], strict=False):
            apart = source.article.text[first.end : second.start].strip()
            if apart or not (_speaks(first, name) and _speaks(second, name)):
                continue
            pair = source.extract(first.start, second.end)
            if pair is None or not all(_held(topic, pair, resources.index) for topic in topics):
                continue
            score = float(_scored(f"{name}: {', '.join(topics)}", [pair], resources)[0])
            if best is None or score > best[0]:
                best = (score, pair)
    return _told([Said(best[1], best[0], _speaker(best[1]))])[0] if best else None


def _held(topic: str, item: Extract, index: Index) -> bool:
    return share(topic, item.words, index) >= _ENOUGH


# --- shared


def _articles(topic: str, found: Found, index: Index) -> list[Article]:
    """The articles found, then those with most of the topic's words."""
    ids = [hit.article.id for hit in found.hits]
    ids += [item for item, _ in index.whole(topic, _READ, None)]
    wanted = list(dict.fromkeys(ids))[:_READ]
    held = index.articles(wanted)
    return [held[item] for item in wanted if item in held]


def _lines(source: Source, *, every: bool = False, only: str | None = None) -> Iterable[Extract]:
    """The sentences of an article that can stand alone; `every`: those too that cannot.

    `only`: of an article that names this side at all.
    """
    if only is not None and not _names(source.article.text, only):
        return
    for line in prose(source.article):
        extract = source.extract(line.start, line.end)
        if extract is None:
            continue
        fits = len(extract.words.split()) <= _LONG and not extract.words.endswith("?")
        if every or (fits and not leans(source.article, line.start, line.end)):
            yield extract


def _scored(asked: str, lines: Sequence[Extract], resources: Resources) -> list[float]:
    """How well each answers: the reranker's logits, or without it the words shared."""
    if resources.reranker is None:
        return [4 * share(asked, item.words, resources.index) for item in lines]
    logits: list[float] = resources.reranker.logits(
        asked, [_words(item) for item in lines]
    ).tolist()
    return logits


def _speaker(item: Extract) -> str | None:
    return speaker(item.hit.article, item.start, item.end)


def _apart(said: Sequence[Said]) -> list[Said]:
    """Without those that print what a better one has printed."""
    kept: dict[str, Said] = {}
    for item in said:
        kept.setdefault(fold(item.extract.words), item)
    return list(kept.values())


def _facts(name: str, topic: str, said: Sequence[Said]) -> list[Fact]:
    if not said:
        what = f"“{topic}”" if topic else "that"
        return [Fact(f"Of “{name}” I found no sentence on {what}.", is_known=True)]
    return _told(said)


def _told(said: Iterable[Said]) -> list[Fact]:
    """The sentences behind who says them and where, each source named once."""
    facts: list[Fact] = []
    before: Lead | None = None
    for item in said:
        extract = item.extract
        source = lead(extract.hit, extract.start, extract.end)
        goes_on = before is not None and before.covers(source)
        before = before if goes_on else source
        words = helped(extract.hit.article, extract.start, extract.end)
        text = words if goes_on else f"{source.text}: {words}"
        place = (extract.hit, extract.start, extract.end)
        facts.append(Fact(text, (place,), is_known=True, goes_on=goes_on))
    return facts


def _when(item: Said) -> date:
    return item.extract.hit.article.published or date.max
