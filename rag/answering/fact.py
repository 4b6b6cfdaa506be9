"""A sentence that Byline itself says of articles, and the words of theirs cited for it."""

from __future__ import annotations

from dataclasses import dataclass

from rag.schema import Article, Hit, Passage, Ranks
from rag.text.sentences import article_sentences

Place = tuple[Hit, int, int]  # `hit.article.text[start:end]` is cited


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence of an answer and what is cited for it; without places it cites nothing.

    `is_known`: the index says it (a count, a date of the folder), so that it is not held against
    the cited words. `goes_on`: words of the source of the fact before, whose name is not repeated.
    """

    text: str
    places: tuple[Place, ...] = ()
    is_known: bool = False
    goes_on: bool = False


def whole(article: Article) -> Hit:
    """The article as one hit, for what rests on no passage of it."""
    end = len(article.text)
    head = ". ".join(filter(None, (article.title, article.credits)))
    passage = Passage(f"{article.id}-all", article.id, 0, 0, end, article.text, head, "body")
    return Hit(passage, article, 1.0, Ranks())


def place(hit: Hit, value: str) -> tuple[Hit, int, int]:
    """Where the article prints `value`: its sentence, else the article's first."""
    text = hit.article.text
    spans = article_sentences(hit.article) or [(0, len(text))]
    at = text.casefold().find(value.casefold()) if value else -1
    start, end = next(((s, e) for s, e in spans if s <= at < e), spans[0])
    return whole(hit.article), start, end
