"""What a worker of a cluster does with files: the steps of an ingest on one machine, as rows.

    number, path, file -> ship   -> the same with data, or with the reading: why there is none
                       -> Read   -> the reading; then, for each article, its id and passages
                       -> Encode -> the same with vectors

Files are shipped from the machine that ingests, so that no other needs to see the folder.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from rag.articles import Reading, read_bytes
from rag.articles.splitting import Limits, split
from rag.errors import ArticleError, BylineError
from rag.indexing.readers import Outcome, Readers, as_json, of_json
from rag.indexing.work import Ready
from rag.resources import fingerprint, open_embedder
from rag.schema import Article, Passage
from rag.settings import Settings
from vectorstore.index import Fingerprint

_FLOAT = np.dtype("<f4")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """How a worker has to read and encode; of the settings it is told nothing else."""

    settings: Settings
    fingerprint: Fingerprint
    version: str  # of Byline
    held: frozenset[str] = frozenset()  # ids of articles that the index has already

    def must_fit(self) -> None:
        """Raise BylineError if this machine would read or encode otherwise than was ordered."""
        if self.version != (here := version("byline")):
            raise BylineError(f"it has Byline {here}, not {self.version}")
        own = fingerprint(self.settings, open_embedder(self.settings))
        for name in ("weights", "dimension", "reader"):
            asked, is_here = getattr(self.fingerprint, name), getattr(own, name)
            if asked != is_here:
                raise BylineError(f"its {name} are {is_here}, not {asked}")


def order(settings: Settings) -> Order:
    """The order of who ingests with these settings. Raises ModelError."""
    embedding = settings.embedding
    if (folder := Path(embedding).expanduser()).is_dir():
        embedding = str(folder.resolve())
    needed = Settings(
        embedding=embedding,
        inference=settings.inference,
        precision=settings.precision,
        read_seconds=settings.read_seconds,
        passage_words=settings.passage_words,
        overlap_sentences=settings.overlap_sentences,
    )
    return Order(needed, fingerprint(needed, open_embedder(needed)), version("byline"))


def misfit(asked: Order) -> str:
    """Why this machine cannot do as `asked`; empty: it can."""
    try:
        asked.must_fit()
    except BylineError as error:
        return str(error)
    return ""


def ship(row: Row) -> Row:
    """A file's bytes, or why they cannot be had."""
    try:
        return {**row, "data": read_bytes(_file(row)), "reading": b""}
    except ArticleError as error:
        return {**row, "data": b"", "reading": as_json(error)}


class Read:
    """Reads files, each in a process of its own, and splits their articles."""

    def __init__(self, asked: Order) -> None:
        """Raises BylineError if this machine cannot do as asked."""
        asked.must_fit()
        self._held = asked.held
        self._embedder, settings = open_embedder(asked.settings), asked.settings
        tokens = self._embedder.max_tokens
        self._limits = Limits(settings.passage_words, settings.overlap_sentences, tokens)
        self._readers = Readers(1, settings.read_seconds)
        self._folder = tempfile.TemporaryDirectory(prefix="byline-")

    def rows(self, row: Row) -> Iterator[Row]:
        """What a file holds, then the passages of each of its articles; none of those held."""
        reading = row["reading"] or as_json(self._outcome(row))
        yield {"number": row["number"], "reading": reading, "article": "", "passages": b""}
        outcome, seen = of_json(reading), set[str]()
        for article in outcome.articles if isinstance(outcome, Reading) else ():
            is_new = article.id not in self._held and article.id not in seen
            seen.add(article.id)
            yield {
                "number": row["number"],
                "reading": b"",
                "article": article.id,
                "passages": self._split(article) if is_new else b"",
            }

    def _outcome(self, row: Row) -> Outcome:
        copy = Path(self._folder.name, f"file{_file(row).suffix}")
        copy.write_bytes(row["data"])
        try:
            return next(self._readers.read([(row["path"], copy)]))
        finally:
            copy.unlink()

    def _split(self, article: Article) -> bytes:
        passages = split(article, self._embedder.token_starts, self._limits)
        return _passages().dump_json(passages)


class Encode:
    """Encodes passages, on the GPU that it was given or on a core."""

    def __init__(self, asked: Order) -> None:
        """Raises BylineError if this machine cannot do as asked."""
        asked.must_fit()
        self._embedder = open_embedder(asked.settings)
        self._embedder.load()

    def rows(self, rows: Sequence[Row]) -> list[Row]:
        """The same with the vectors of their passages, as bytes."""
        passages = [_passages().validate_json(row["passages"] or b"[]") for row in rows]
        vectors = self._embedder.documents([p.indexed_text for of in passages for p in of])
        ends = np.cumsum([len(of) for of in passages])[:-1]
        parted = np.split(np.asarray(vectors, _FLOAT), ends)
        return [{**row, "vectors": part.tobytes()} for row, part in zip(rows, parted, strict=True)]


def ready(row: Row) -> Ready | None:
    """The passages and vectors of an article as they came back; None: they were not made."""
    if not row["passages"]:
        return None
    passages = _passages().validate_json(row["passages"])
    vectors = np.frombuffer(row["vectors"], _FLOAT).reshape(len(passages), -1)
    return passages, vectors.astype(np.float32)


def as_row(number: int, path: str, file: Path) -> Row:
    """A file to be shipped; its name may hold bytes that are no UTF-8."""
    return {"number": number, "path": path, "file": json.dumps(os.fspath(file))}


def _file(row: Row) -> Path:
    return Path(json.loads(row["file"]))


@cache
def _passages() -> TypeAdapter[list[Passage]]:
    return TypeAdapter(list[Passage])
