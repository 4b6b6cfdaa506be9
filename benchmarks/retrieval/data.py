"""The data sets of the retrieval benchmarks: articles, questions, which articles answer."""

from __future__ import annotations

import hashlib
import json
import lzma
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SEED = 7  # of the articles that a trial keeps beside the gold ones


@dataclass(frozen=True, slots=True)
class Source:
    """An article as every system gets it. Absent metadata is empty."""

    id: str
    title: str
    text: str
    url: str = ""
    published: str = ""
    author: str = ""
    outlet: str = ""

    @property
    def content(self) -> str:
        """Headline, blank line, text: what systems without a notion of a headline index."""
        return f"{self.title}\n\n{self.text}".strip()

    @property
    def metadata(self) -> dict[str, str]:
        """What systems that keep metadata get beside `content`."""
        known = {"title": self.title, "url": self.url, "published": self.published}
        more = {"author": self.author, "outlet": self.outlet}
        return {"article_id": self.id, **known, **{k: v for k, v in more.items() if v}}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the ids of the articles that answer it, and strings that are the answer."""

    id: str
    question: str
    gold: frozenset[str]
    answers: tuple[str, ...] = ()
    type: str = ""


@dataclass(frozen=True, slots=True)
class Data:
    """Articles, questions, and for each article id that of the first article of the same text."""

    articles: tuple[Source, ...]
    questions: tuple[Asked, ...]
    first_copy: Mapping[str, str]

    @property
    def key(self) -> str:
        """Hash of articles and questions: what a run over them depends on."""
        return digest([self.articles, [(q.id, q.question) for q in self.questions]])


def load_news(folder: Path, *, articles: int | None = None, questions: int | None = None) -> Data:
    """Read `articles.jsonl.xz` and `questions.jsonl`, or a part that keeps all gold articles."""
    with lzma.open(folder / "articles.jsonl.xz", "rt", encoding="utf-8") as lines:
        sources = [_source(json.loads(line)) for line in lines]
    asked = [
        Asked(row["id"], row["question"], frozenset(row["articles"]), tuple(row["answers"]))
        for row in rows(folder / "questions.jsonl")[:questions]
    ]
    return _data(_part(sources, asked, articles), asked)


def load_multihop(folder: Path, *, questions: int | None = None) -> Data:
    """Read `facts.jsonl`, each fact an article of its own, and `questions.jsonl`."""
    facts = [_source({**row, "text": row["fact"]}) for row in rows(folder / "facts.jsonl")]
    asked = [
        Asked(row["id"], row["question"], frozenset(row["facts"]), (), row["type"])
        for row in rows(folder / "questions.jsonl")[:questions]
    ]
    return _data(facts, asked)


def rows(file: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def digest(value: Any) -> str:
    """Twelve hex digits that stand for any printable value."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:12]


def first_copies(articles: Iterable[Source]) -> dict[str, str]:
    """Id -> id of the first article with the same text, white space folded."""
    first: dict[str, str] = {}
    return {item.id: first.setdefault(" ".join(item.text.split()), item.id) for item in articles}


def _data(articles: Sequence[Source], asked: Sequence[Asked]) -> Data:
    copies = first_copies(articles)
    merged = [
        Asked(q.id, q.question, frozenset(copies[item] for item in q.gold), q.answers, q.type)
        for q in asked
    ]
    return Data(tuple(articles), tuple(merged), copies)


def _source(row: Mapping[str, Any]) -> Source:
    authors = row.get("authors") or [row.get("author") or ""]
    return Source(
        id=row["id"],
        title=row.get("title") or "",
        text=row["text"],
        url=row.get("url") or "",
        published=row.get("published") or "",
        author=", ".join(authors),
        outlet=row.get("outlet") or "",
    )


def _part(articles: Sequence[Source], asked: Sequence[Asked], keep: int | None) -> Sequence[Source]:
    """At least `keep` articles, among them every gold one, in their order."""
    if keep is None:
        return articles
    wanted: set[str] = set().union(*(q.gold for q in asked))
    others = [item.id for item in articles if item.id not in wanted]
    more = max(0, min(keep - len(wanted), len(others)))
    wanted.update(random.Random(_SEED).sample(others, more))
    return [item for item in articles if item.id in wanted]
