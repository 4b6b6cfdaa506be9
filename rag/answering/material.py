"""What a language model is shown of the articles, by what the question asks for.

Query, Found -> the passages in the order of their worth -> stretches, as many as it may read
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice, zip_longest

from rag.answering.stretches import stretches
from rag.answering.summarising import CONSIDERED, Source, sources
from rag.models.prompts import Asked, answer_messages
from rag.resources import Resources
from rag.retrieval.finding import found_for
from rag.retrieval.query import Query, read
from rag.retrieval.search import Found
from rag.retrieval.sides import sides
from rag.retrieval.topics import Subject, asks_theses, named_article, share
from rag.schema import Hit, Kind, Ranks
from rag.text.injection import passage_warning
from vectorstore.index import Index

CHARACTERS = 3  # a token; English has four, names, figures and other scripts fewer
REPLY = 1024  # tokens kept free for the reply, at most a quarter of the window
_MOST = 6_000  # words, where the setting does not say
_CHARACTERS_A_WORD = 7  # the space behind it and the lines around a passage included
_SHARES = 3  # of several articles, none has more than one of so many shares of the words
_SIDES = 6  # that are searched, a topic of a side each
_PROSE: tuple[Kind, ...] = ("body", "caption")
_LEAD = 0.5  # what an article's first passage gains beside the topic's words


def shown(
    query: Query, found: Found, about: Subject | None, resources: Resources
) -> tuple[Hit, ...]:
    """What `resources.model` is shown, best first; empty where nothing was found.

    `about`: what a summary or a timeline is to be of. Of one article that is named the whole, of a
    topic the best of every independent source, of a comparison what is found for each side; else
    the passages found. At least one passage, though the model could not read so much. Raises
    ModelError.
    """
    words = room(query.asked, resources)
    each = words // _SHARES
    if about:
        held = sources(about.articles[:CONSIDERED], resources.index)
        whole = [_whole(source, query, found) for source in held]
        if about.is_named and any(whole):
            return stretches(chain(*whole) if about.is_one else _by_turns(whole), words)
        best = [_best(about.topic, own, resources.index) for own in whole if own]
        return stretches((*best, *_independent(found.hits, held)), words, each=each)
    if query.intent == "comparison" or (query.statement and asks_theses(query)):
        return stretches((*_of_sides(query, resources), *found.hits), words, each=each)
    if query.parts or query.each or query.composite:
        return stretches(found.hits, words, each=each)
    return stretches(_of_fact(query, found, resources), words)


def room(question: str, resources: Resources) -> int:
    """How many words of articles the model may read beside the rules, the question and a reply."""
    setting = resources.settings.evidence_words or _MOST
    context = resources.model.context if resources.model else 0
    rules = answer_messages(Asked(question, date.max), ())
    left = free(context) - sum(len(text) for _, text in rules)
    return max(1, min(setting, left // _CHARACTERS_A_WORD))


def free(context: int) -> int:
    """How many characters a window of `context` tokens holds beside a reply."""
    return (context - min(REPLY, context // 4)) * CHARACTERS


def _of_fact(query: Query, found: Found, resources: Resources) -> Iterable[Hit]:
    """The passages found; behind the first of them the whole of an article that is named."""
    article = named_article(query, found, resources.index, resources.embedder)
    if article is None:
        return found.hits
    first = resources.settings.passages
    whole = (_whole(source, query, found) for source in sources([article], resources.index))
    return chain(found.hits[:first], *whole, found.hits[first:])


def _whole(source: Source, query: Query, found: Found) -> list[Hit]:
    """All passages of an article in its order; readers' comments only where they are asked for."""
    kinds = query.filters.kinds or _PROSE
    known = {hit.passage.id: hit for hit in found.hits}
    article, origin = source.article, source.origin
    return [
        known.get(item.id)
        or Hit(item, article, 1.0, Ranks(), origin, passage_warning(article, item))
        for item in source.passages
        if item.kind in kinds
    ]


def _best(topic: str, passages: Sequence[Hit], index: Index) -> Hit:
    """The passage of an article with most words of the topic, the first rather than another."""
    return max(
        passages,
        key=lambda hit: share(topic, hit.passage.text, index) + _LEAD * (hit is passages[0]),
    )


def _independent(hits: Sequence[Hit], held: Sequence[Source]) -> Iterator[Hit]:
    """The hits without those of near-copies of the sources at hand."""
    own = {source.article.id for source in held}
    copied = {source.origin for source in held if source.origin}
    return (hit for hit in hits if hit.article.id in own or hit.origin not in copied)


def _of_sides(query: Query, resources: Resources) -> Iterator[Hit]:
    """The best passages for each side of a comparison, by turns."""
    between = sides(query)
    asked = [
        f"What does {name} say about {topic}?" if topic else f"What does {name} say?"
        for name in between.names
        for topic in between.topics
    ]
    known = resources.index.catalogue()
    queries = (replace(read(it, known, filters=query.filters), parts=()) for it in asked)
    return _by_turns([found_for(it, resources).hits for it in islice(queries, _SIDES)])


def _by_turns(given: Sequence[Sequence[Hit]]) -> Iterator[Hit]:
    """The first of each, then the second of each, and so on."""
    return (hit for turn in zip_longest(*given) for hit in turn if hit is not None)
