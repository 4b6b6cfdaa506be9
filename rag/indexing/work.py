"""One ingest under way: files are read, their articles split, embedded and stored.

Three things go on at once: files are read in processes of their own (`readers`), what they held is
split here, and what was split is embedded and stored in threads (`lane`).
"""

from __future__ import annotations

import hashlib
import threading
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
from rag.indexing.lane import Batch, Lane
from rag.indexing.pace import Pace
from rag.indexing.readers import Outcome, Readers, count_for
from rag.models.embedding import Vectors
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
_BATCH = 512  # passages stored at once; a killed ingest loses at most three such batches
_PIECE = 64  # passages embedded between two words on how far it is
_LATEST = 3  # failures that are told while others are still being read

Ready = tuple[list[Passage], Vectors]  # an article's passages, and their vectors


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
class Work:
    """One ingest under way: what waits to be embedded, what is counted."""

    resources: Resources
    progress: Progress | None
    total: int
    left_out: Collection[str] = ()
    machines: Machines | None = None  # None: all is done on this one
    looked_at: int = 0  # files read, failed, or found as they were
    done: int = 0  # files, as last told
    path: str = ""  # of the file that was looked at last
    added: int = 0
    changed: int = 0
    as_before: list[str] = field(default_factory=list)
    failed: dict[str, tuple[FailedFile, ...]] = field(default_factory=dict)
    partly: dict[str, tuple[FailedFile, ...]] = field(default_factory=dict)
    emptied: list[str] = field(default_factory=list)  # all of their articles are left out
    waiting: Batch = field(default_factory=Batch)
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_STEPS, 0.0))
    pace: Pace = field(default_factory=Pace)
    latest: deque[FailedFile] = field(default_factory=lambda: deque(maxlen=_LATEST))
    failures: int = 0
    _lane: Lane = field(init=False)
    _telling: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._lane = Lane(self._embed, self._store)

    def skip(self, skipped: Mapping[str, FailedFile]) -> None:
        """Name what is not read, unless it was left out."""
        for path, item in skipped.items():
            if path not in self.left_out:
                self._fail(path, item)

    def read(
        self, found: Mapping[str, Path], known: Mapping[str, FileRecord], *, again: bool = False
    ) -> None:
        """Read what is new, changed or to be read `again`, and queue its articles.

        All of it is stored when this returns.
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

        with self._ahead(known) as ahead, self._lane:
            outcomes = ahead.read(changed())
            while (outcome := self._next(outcomes)) is not None:
                record = records.popleft()
                if isinstance(outcome, ArticleError):
                    self._fail(record.path, FailedFile(record.path, str(outcome)))
                else:
                    self._keep(record, outcome, known.get(record.path))
                self._tell(record.path)
            self._hand_over()
            if self._lane.under_way:
                self._lane.drain()
                self._say()

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

    def _say(self) -> None:
        """Say how far it is: a file is done when its passages are encoded. From any thread."""
        if self.progress is None:
            return
        with self._telling:
            waiting = sum(batch.unencoded for batch in (*self._lane.under_way, self.waiting))
            self.done = max(self.done, self.looked_at - waiting)
            left, latest = self.pace.left(self.total - self.looked_at), tuple(self.latest)
            self.progress(Step(self.done, self.total, self.path, left, self.failures, latest))

    def _fail(self, path: str, *found: FailedFile) -> None:
        self.failed[path] = found
        self.latest.extend(found)
        self.failures += len(found)

    def _hand_over(self) -> None:
        """Have what waits embedded and stored, while the next files are read."""
        if self.waiting.articles or self.waiting.files:
            with self._telling:
                batch, self.waiting = self.waiting, Batch()
                self._lane.give(batch)
            self._lane.pause()

    def _embed(self, batch: Batch) -> Vectors:
        """The vectors of a batch, in its order; tells how far it is.

        Texts of like length are embedded together: what is short is not filled up to what is long.
        """
        embedder = self.resources.embedder
        texts = [passage.indexed_text for *_, passages in batch.articles for passage in passages]
        vectors = np.zeros((len(texts), embedder.dimension if texts else 0), np.float32)
        for first, of_article in batch.made.items():
            vectors[first : first + len(of_article)] = of_article
        lacking = sorted(batch.lacking, key=lambda at: len(texts[at]))
        for first in range(0, len(lacking), _PIECE):
            self._lane.go_on()
            piece, before = lacking[first : first + _PIECE], time.perf_counter()
            with self.clock("embed"):
                vectors[piece] = embedder.documents([texts[at] for at in piece])
            self.pace.encoded(len(piece), time.perf_counter() - before)
            batch.encoded = (first + len(piece)) / len(lacking)
            self._say()
        batch.encoded = 1.0  # of nothing, too
        return vectors

    def _store(self, batch: Batch, vectors: Vectors) -> None:
        """Store a batch; then the records of the files that are complete."""
        index = self.resources.index
        with self.clock("store"):
            index.add_files(_grouped(batch.articles, vectors))
            index.finish_files(batch.files)

    def finish(self, gone: Sequence[str], started: float) -> IngestReport:
        """Forget the files that have `gone`, and say what was done."""
        index = self.resources.index
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

    def _keep(self, record: FileRecord, reading: Reading, before: FileRecord | None) -> None:
        """Queue what could be read; report the rows or members that could not."""
        if reading.failed:
            self._fail(record.path, *reading.failed)
        kept = [article for article in reading.articles if article.path not in self.left_out]
        if kept:
            if reading.partly:
                self.partly[record.path] = reading.partly
            self._queue(record, kept, before.articles if before else ())
            self.added += before is None
            self.changed += before is not None
        elif reading.articles:
            self.emptied.append(record.path)

    def _queue(
        self, record: FileRecord, articles: Sequence[Article], before: Collection[str]
    ) -> None:
        """Let what the index lacks wait to be embedded; the file is finished after that."""
        for article in articles:
            if article.id not in self.waiting.ids and not self._is_stored(article.id):
                ready = self.machines.ready(article) if self.machines is not None else None
                passages, vectors = ready or (self._split(article), None)
                self.waiting.add(record.path, article, passages, vectors)
                self.pace.queued(len(passages))
                if ready:
                    self.pace.encoded(len(passages), 0.0)  # the wait for it counts as reading
            if self.waiting.passages >= _BATCH:
                self._hand_over()
        ids = tuple(dict.fromkeys(article.id for article in articles))
        cited = list({article.id: article.path for article in articles}.values())
        self.waiting.finish(replace(record, articles=ids), cited, before)

    def _is_stored(self, article_id: str) -> bool:
        """Whether the index has the article, or will have it when what is under way is stored."""
        under_way, index = self._lane.under_way, self.resources.index
        if any(article_id in batch.ids for batch in under_way):
            return True
        if any(article_id in batch.leaving for batch in under_way):
            self._lane.drain()  # only then it is known whether it goes
        return index.has_article(article_id)

    def _split(self, article: Article) -> list[Passage]:
        settings, embedder = self.resources.settings, self.resources.embedder
        if not embedder.loaded:
            with self.clock("embed"):
                embedder.load()
        limits = Limits(settings.passage_words, settings.overlap_sentences, embedder.max_tokens)
        with self.clock("read"):
            return split(article, embedder.token_starts, limits)


def _grouped(
    waiting: Sequence[tuple[str, Article, list[Passage]]], vectors: np.ndarray
) -> Mapping[str, list[Prepared]]:
    """What waits with its vectors, grouped by file."""
    at, prepared = 0, dict[str, list[Prepared]]()
    for path, article, passages in waiting:
        of_article = vectors[at : at + len(passages)]
        ready = Prepared(article, tuple(passages), of_article, duplicates.signature(article))
        prepared.setdefault(path, []).append(ready)
        at += len(passages)
    return prepared


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror.lower()}: is it still there, and may Byline read it?"
    return str(error)
