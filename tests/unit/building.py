"""Articles and hits made up for tests."""

from datetime import date

from rag.retrieval.query import Query, read
from rag.schema import Article, Hit, Kind, Part, Passage, Ranks
from vectorstore.selecting import Catalogue


def article(
    text: str,
    *,
    path: str = "a.txt",
    title: str | None = None,
    author: str | None = None,
    outlet: str | None = None,
    published: date | None = None,
    parts: tuple[Part, ...] = (),
    label: str | None = None,
) -> Article:
    """An article called by its path."""
    return Article(path, path, title, author, outlet, published, None, text, parts, label=label)


def hit(
    source: Article | str,
    start: int = 0,
    end: int | None = None,
    *,
    kind: Kind = "body",
    header: str = "",
    score: float = 0.9,
    logit: float | None = None,
    origin: str = "",
) -> Hit:
    """`source.text[start:end]` as a hit."""
    found = article(source) if isinstance(source, str) else source
    stop = len(found.text) if end is None else end
    passage = Passage(
        f"{found.id}-{start}", found.id, 0, start, stop, found.text[start:stop], header, kind
    )
    return Hit(passage, found, score, Ranks(rerank_score=logit), origin)


def query(text: str) -> Query:
    """A question, read for an index without articles."""
    return read(text, Catalogue((), (), ()))
