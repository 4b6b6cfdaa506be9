"""Articles and hits made up for tests."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rag.answering.layout import laid_out, segments
from rag.retrieval.query import Query, read
from rag.schema import Answer, Article, Citation, Hit, Kind, Part, Passage, Ranks, Sentence
from vectorstore import database, manifest_tables, storing
from vectorstore.holdings import Catalogue


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


def model_answer(text: str, hits: Sequence[Hit], *reasons: str) -> Answer:
    """What a model wrote with the markers [1] … of `hits`; each sentence is partly supported."""
    said = [item for item in segments(laid_out(text)) if item.words and not item.label]
    sentences = tuple(Sentence(s.words, s.numbers, "partial", reasons) for s in said)
    citations = tuple(
        Citation(n, h.article, h.passage, h.passage.start, h.passage.end)
        for n, h in enumerate(hits, start=1)
    )
    return Answer("What?", "What?", "answered", text, sentences, citations, tuple(hits), (), "t:m")


def query(text: str) -> Query:
    """A question, read for an index without articles."""
    return read(text, catalogue())


def catalogue(*held: Article) -> Catalogue:
    """A catalogue of these articles, each in the file that its path begins with."""
    tables = database.in_file(Path(":memory:"))
    files: dict[str, list[tuple[Article, list[Passage]]]] = {}
    for item in held:
        kinds = {part.kind for part in item.parts} or {"body"}
        passages = [
            Passage(f"{item.id}-{n}", item.id, n, 0, 0, "", "", kind)
            for n, kind in enumerate(sorted(kinds))
        ]
        files.setdefault(item.path.partition("#")[0], []).append((item, passages))
    with tables.transaction() as db:
        db.make(manifest_tables.TABLES)
        db.run("INSERT INTO meta (key, number) VALUES ('generation', 0)")
        storing.put_articles(db, files)
    return Catalogue(tables)
