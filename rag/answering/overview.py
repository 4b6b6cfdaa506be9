"""What a folder of articles is about: how many, from when, from whom, and what is told in them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from rag.answering.catalogue import entries, headline, known, sources, span
from rag.answering.fact import Fact
from rag.answering.grouping import MOST, Group, grouped
from rag.answering.selection import Selection
from rag.retrieval.query import Query
from rag.schema import Filters
from vectorstore.index import Index
from vectorstore.selecting import Facts
from vectorstore.store import BATCH

_FEW = MOST  # articles that are listed one by one
_LOOKED_AT = 6_000  # articles that are grouped; of more, so many spread over time
_LEAD = 2  # passages of an article that say what it is about


def facts(query: Query, index: Index) -> tuple[Fact, ...]:
    """How many articles, from when, of which outlets, then each or a line for each group."""
    held = index.catalogue()
    passing = held.chosen(query.filters)
    number = passing.count()
    if not number:
        why = "No article passes the filters." if held.count() else "There are no articles yet."
        return (known(why),)
    every = Selection(passing)
    head = (*span(every, index), *sources("outlets", every, index))
    if number <= _FEW:
        return (*head, *entries(passing.facts("newest", _FEW), index))
    return (*head, *_told(_groups(index, index.state(), query.filters), number, index))


def _told(groups: Sequence[tuple[Group, str]], number: int, index: Index) -> list[Fact]:
    """A line for each group with the headline of its most central article."""
    articles = index.articles(central for _, central in groups)
    lines = []
    for group, central in groups:
        article = articles.get(central)
        if article:
            count = f"{len(group.members):,} articles"
            about = f"{group.label} ({count})" if group.label else count.capitalize()
            lines.append(known(f"{about}: “{headline(article)}”.", [article]))
    rest = number - sum(len(group.members) for group, _ in groups)
    return [
        *lines,
        *(
            [known(f"{rest:,} more {'is' if rest == 1 else 'are'} on other things.")]
            if rest
            else []
        ),
    ]


@lru_cache(maxsize=2)
def _groups(index: Index, state: str, filters: Filters) -> tuple[tuple[Group, str], ...]:
    """Each group with the id of its most central article; made once for a `state` of the index."""
    passing = index.catalogue().chosen(filters).throughout(_LOOKED_AT)
    vectors = _vectors(passing, index)
    ids = [item.id for item in passing if item.id in vectors]
    titles = {item.id: item.title or "" for item in passing}
    found = grouped(np.array([vectors[id_] for id_ in ids]), [titles[id_] for id_ in ids])
    return tuple((group, ids[group.members[0]]) for group in found)


def _vectors(articles: Sequence[Facts], index: Index) -> dict[str, np.ndarray]:
    """A unit vector for each article: the mean of its first passages' vectors."""
    leads = index.leads([item.id for item in articles], _LEAD)
    wanted = [id_ for item in articles for id_ in leads.get(item.id, ())]
    of_passage: dict[str, np.ndarray] = {}
    for first in range(0, len(wanted), BATCH):
        of_passage |= index.vectors(wanted[first : first + BATCH])
    means = {
        item.id: np.mean([of_passage[i] for i in leads.get(item.id, ()) if i in of_passage], axis=0)
        for item in articles
        if any(i in of_passage for i in leads.get(item.id, ()))
    }
    return {id_: mean / (np.linalg.norm(mean) or 1.0) for id_, mean in means.items()}
