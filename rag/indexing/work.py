"""One ingest under way: files are read, their articles split, embedded and stored."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from rag.articles import Reading, must_be_readable
from rag.articles.splitting import Limits, split
from rag.errors import ArticleError
from rag.indexing import duplicates
from rag.indexing.pace import Pace
from rag.indexing.readers import Outcome, Readers, count_for
from rag.resources import Resources
from rag.schema import (
    Article,
    FailedFile,
    FileRecord,
    IngestReport,
    Passage,
    Progress,
    Step,
)
from vectorstore.index import Index, Prepared

_STEPS = ("read", "embed", "store")
_BATCH = 512  # passages embedded and stored at once: what a killed ingest loses at most
_PIECE = 128  # passages embedded between two words on how far it is
_LATEST = 3  # failures that are told while others are still being read

Ready = tuple[list[Passage], np.ndarray]  # an article's passages, and their vectors


class Ahead(Protocol):
    """Who reads files while those before are embedded and stored."""

    def read(self, files: Iterable[tuple[str, Path]]) -> Iterator[Outcome]:
        """What each of `files` (cited path, file) holds, or why it cannot be read, in order."""


class Machines(Protocol):
    """Other machines, which read, split and embed; what is new and what is stored is said here."""

    def reading(self, held: Collection[str]) -> AbstractContextManager[Ahead]:
        """They leave articles alone that are `held` (by id): those are in the index already."""

    def ready(self, article: Article) -> Ready | None:
        """What they made of an article of the file that came last, asked in its order."""


@dataclass(slots=True)
class Waiting:
    """An article of a file that is to be stored; without `vectors` it is embedded before that."""

    path: str  # of the file
    article: Article
    passages: list[Passage]
    vectors: np.ndarray | None = None


@dataclass(slots=True)
class Work:
    """One ingest under way: what waits to be embedded, what is counted."""

    resources: Resources
    progress: Progress | None
    total: int
    left_out: Collection[str] = ()
    machines: Machines | None = None  # None: all is done on this one
    looked_at: int = 0  # files read, failed, or found as they were
    path: str = ""  # of the file that was looked at last
    added: int = 0
    changed: int = 0
    as_before: list[str] = field(default_factory=list)
    failed: dict[str, tuple[FailedFile, ...]] = field(default_factory=dict)
    partly: dict[str, tuple[FailedFile, ...]] = field(default_factory=dict)
    emptied: list[str] = field(default_factory=list)  # all of their articles are left out
    waiting: list[Waiting] = field(default_factory=list)
    unfinished: list[tuple[FileRecord, list[str]]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_STEPS, 0.0))
    pace: Pace = field(default_factory=Pace)
    latest: deque[FailedFile] = field(default_factory=lambda: deque(maxlen=_LATEST))
    failures: int = 0

    def skip(self, skipped: Mapping[str, FailedFile]) -> None:
        """Name what is not read, unless it was left out."""
        for path, item in skipped.items():
            if path not in self.left_out:
                self._fail(path, item)

    def read(
        self, found: Mapping[str, Path], known: Mapping[str, FileRecord], *, again: bool = False
    ) -> None:
        """Read what is new, changed or to be read `again`, and queue its articles.

        The next files are read, in processes of their own, while these are embedded and stored.
        """
        records: deque[FileRecord] = deque()

        def changed() -> Iterator[tuple[str, Path]]:
            for path, file in found.items():
                record = self._changed(path, file, None if again else known.get(path))
                if record is None:
                    self._tell(path)
                else:
                    records.append(record)
                    yield path, file

        with self._ahead(known) as ahead:
            outcomes = ahead.read(changed())
            while (outcome := self._next(outcomes)) is not None:
                record = records.popleft()
                if isinstance(outcome, ArticleError):
                    self._fail(record.path, FailedFile(record.path, str(outcome)))
                else:
                    self._keep(record, outcome, is_new=record.path not in known)
                self._tell(record.path)

    def _ahead(self, known: Mapping[str, FileRecord]) -> AbstractContextManager[Ahead]:
        if self.machines is not None:
            return self.machines.reading({a for record in known.values() for a in record.articles})
        settings = self.resources.settings
        return Readers(count_for(settings.readers), settings.read_seconds)

    def _next(self, outcomes: Iterator[Outcome]) -> Outcome | None:
        with self.clock("read"):
            return next(outcomes, None)

    def _tell(self, path: str) -> None:
        self.looked_at += 1
        self.path = path
        self.pace.read(self.looked_at, self.seconds["read"])
        self._say()

    def _say(self, encoded: float = 0.0) -> None:
        """Say how far it is, with this share of the files that wait to be stored encoded."""
        if self.progress is not None:
            waiting = len(self.unfinished)
            done = self.looked_at - waiting + int(waiting * encoded)
            left = self.pace.left(self.total - self.looked_at)
            self.progress(
                Step(done, self.total, self.path, left, self.failures, tuple(self.latest))
            )

    def _fail(self, path: str, *found: FailedFile) -> None:
        self.failed[path] = found
        self.latest.extend(found)
        self.failures += len(found)

    def flush(self) -> None:
        """Embed and store what waits; then the records of the files that are complete."""
        index = self.resources.index
        if not self.waiting and not self.unfinished:
            return
        with self.clock("embed"):
            self._embed([item for item in self.waiting if item.vectors is None])
            prepared = _grouped(self.waiting)
        with self.clock("store"):
            index.add_files(prepared)
            index.finish_files(self.unfinished)
        self.waiting, self.unfinished = [], []
        self._say()

    def _embed(self, items: Sequence[Waiting]) -> None:
        """Give `items` their vectors; tells how far it is."""
        embedder = self.resources.embedder
        texts = [passage.indexed_text for item in items for passage in item.passages]
        vectors = np.zeros((len(texts), embedder.dimension if texts else 0), np.float32)
        for first in range(0, len(texts), _PIECE):
            piece, before = texts[first : first + _PIECE], time.perf_counter()
            vectors[first : first + _PIECE] = embedder.documents(piece)
            self.pace.encoded(len(piece), time.perf_counter() - before)
            self._say((first + len(piece)) / len(texts))
        ends = np.cumsum([len(item.passages) for item in items[:-1]], dtype=int)
        for item, of_article in zip(items, np.split(vectors, ends), strict=False):
            item.vectors = of_article

    def finish(self, gone: Sequence[str], started: float) -> IngestReport:
        """Store what waits, forget the files that have `gone`, and say what was done."""
        index = self.resources.index
        self.flush()
        for path in (*gone, *self.emptied):
            index.remove_file(path)
        with self.clock("store"):
            index.commit()
        return self.report(index, removed=len(gone), started=started)

    def report(self, index: Index, *, removed: int, started: float) -> IngestReport:
        """What was done, with the index's totals."""
        _, articles, passages = index.counts()
        total = time.perf_counter() - started
        return IngestReport(
            files=self.total,
            added=self.added,
            changed=self.changed,
            removed=removed,
            unchanged=len(self.as_before),
            failed=tuple(item for found in self.failed.values() for item in found),
            articles=articles,
            passages=passages,
            seconds={**self.seconds, "total": total},
            partly=tuple(item for found in self.partly.values() for item in found),
        )

    @contextmanager
    def clock(self, step: str) -> Iterator[None]:
        """Add the time spent within to `seconds[step]`."""
        before = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] += time.perf_counter() - before

    def _changed(self, path: str, file: Path, known: FileRecord | None) -> FileRecord | None:
        """The file's new record, its articles still to come; None if it is as it was or failed."""
        try:
            return self._record(path, file, known)
        except (ArticleError, OSError) as error:
            self._fail(path, FailedFile(path, _reason(error)))
            return None

    def _record(self, path: str, file: Path, known: FileRecord | None) -> FileRecord | None:
        stat = file.stat()
        if known and (known.size, known.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
            self.as_before.append(path)
            return None
        must_be_readable(stat.st_size)
        with file.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        if known and known.sha256 == sha256:
            self.resources.index.touch_file(path, stat.st_size, stat.st_mtime_ns)
            self.as_before.append(path)
            return None
        return FileRecord(path, sha256, stat.st_size, stat.st_mtime_ns, ())

    def _keep(self, record: FileRecord, reading: Reading, *, is_new: bool) -> None:
        """Queue what could be read; report the rows or members that could not."""
        if reading.failed:
            self._fail(record.path, *reading.failed)
        kept = [article for article in reading.articles if article.path not in self.left_out]
        if kept:
            if reading.partly:
                self.partly[record.path] = reading.partly
            self._queue(record, kept)
            self.added += is_new
            self.changed += not is_new
        elif reading.articles:
            self.emptied.append(record.path)

    def _queue(self, record: FileRecord, articles: Sequence[Article]) -> None:
        """Let what the index lacks wait to be embedded; the file is finished after that."""
        waiting = {item.article.id for item in self.waiting}
        for article in articles:
            if article.id not in waiting and not self.resources.index.has_article(article.id):
                self._wait(record.path, article)
                waiting.add(article.id)
            if sum(len(item.passages) for item in self.waiting) >= _BATCH:
                self.flush()
                waiting = set()
        ids = tuple(dict.fromkeys(article.id for article in articles))
        cited = list({article.id: article.path for article in articles}.values())
        self.unfinished.append((replace(record, articles=ids), cited))

    def _wait(self, path: str, article: Article) -> None:
        """Split it, unless other machines did that, and their part of embedding it as well."""
        ready = self.machines.ready(article) if self.machines is not None else None
        item = Waiting(path, article, *(ready or (self._split(article),)))
        self.pace.queued(len(item.passages))
        if ready:
            self.pace.encoded(len(item.passages), 0.0)  # the wait for it counts as reading
        self.waiting.append(item)

    def _split(self, article: Article) -> list[Passage]:
        settings, embedder = self.resources.settings, self.resources.embedder
        with self.clock("embed"):  # the first time, this loads the model
            embedder.load()
        limits = Limits(settings.passage_words, settings.overlap_sentences, embedder.max_tokens)
        with self.clock("read"):
            return split(article, embedder.token_starts, limits)


def _grouped(waiting: Sequence[Waiting]) -> Mapping[str, list[Prepared]]:
    """What waits, all of it with vectors, grouped by file."""
    prepared = dict[str, list[Prepared]]()
    for item in waiting:
        assert item.vectors is not None
        signature = duplicates.signature(item.article)
        ready = Prepared(item.article, tuple(item.passages), item.vectors, signature)
        prepared.setdefault(item.path, []).append(ready)
    return prepared


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror.lower()}: is it still there, and may Byline read it?"
    return str(error)
