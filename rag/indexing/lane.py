"""What was read is encoded and stored in threads of its own, while the next files are read."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from rag.models.embedding import Vectors
from rag.schema import Article, FileRecord, Passage

_WAITING = 2  # batches that are given and not stored: one is encoded while one is stored


@dataclass(slots=True, eq=False)
class Batch:
    """Articles that are encoded and stored together, then the files that are complete with them."""

    articles: list[tuple[str, Article, list[Passage]]] = field(default_factory=list)  # with a file
    files: list[tuple[FileRecord, list[str]]] = field(default_factory=list)  # as `finish_files`
    ids: set[str] = field(default_factory=set)  # of the articles
    leaving: set[str] = field(default_factory=set)  # ids that its files had and have no more
    passages: int = 0
    made: dict[int, Vectors] = field(default_factory=dict)  # elsewhere, by their first passage
    lacking: list[int] = field(default_factory=list)  # passages that are to be encoded here
    encoded: float = 0.0  # share of those

    def add(
        self, file: str, article: Article, passages: list[Passage], vectors: Vectors | None = None
    ) -> None:
        """Let an article of a file wait; with its vectors, where other machines made them."""
        self.articles.append((file, article, passages))
        self.ids.add(article.id)
        if vectors is not None:
            self.made[self.passages] = vectors
        else:
            self.lacking.extend(range(self.passages, self.passages + len(passages)))
        self.passages += len(passages)

    def finish(self, record: FileRecord, cited: list[str], before: Collection[str]) -> None:
        """Let a file be complete with this batch; it had the articles `before`."""
        self.files.append((record, cited))
        self.leaving.update(set(before).difference(record.articles))

    @property
    def unencoded(self) -> int:
        """How many of the files wait for their passages to be encoded."""
        return len(self.files) - int(len(self.files) * self.encoded)


class Stopped(Exception):
    """The ingest ends before its time: what is encoded is not wanted any more."""


class Lane:
    """Stores batches in the order in which they are given. Close it in the thread that gives.

    What `encode` or `store` raises is raised by the next call.
    """

    def __init__(
        self, encode: Callable[[Batch], Vectors], store: Callable[[Batch, Vectors], None]
    ) -> None:
        """Start nothing yet: threads come with the first batch."""
        self._encode, self._store = encode, store
        self._encoder = ThreadPoolExecutor(1, thread_name_prefix="encoding")
        self._storer = ThreadPoolExecutor(1, thread_name_prefix="storing")
        self._under_way: deque[tuple[Batch, Future[None]]] = deque()
        self._stopping = threading.Event()

    def __enter__(self) -> Lane:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for what is given; after an error only for what is being stored."""
        if kind is not None:
            self._stopping.set()
        for pool in (self._encoder, self._storer):
            pool.shutdown(cancel_futures=kind is not None)

    def give(self, batch: Batch) -> None:
        """Have a batch encoded and stored, in threads."""
        vectors = self._encoder.submit(self._encode, batch)
        stored = self._storer.submit(self._in_order, batch, vectors)
        self._under_way.append((batch, stored))

    def pause(self) -> None:
        """Wait while more is given than memory should hold."""
        self._wait(_WAITING)

    def drain(self) -> None:
        """Wait until all that was given is stored."""
        self._wait(0)

    def go_on(self) -> None:
        """For the encoder, now and then: raises Stopped where nobody wants the rest."""
        if self._stopping.is_set():
            raise Stopped

    @property
    def under_way(self) -> list[Batch]:
        """What is given and, as far as is known, not stored."""
        return [batch for batch, _ in tuple(self._under_way)]

    def _in_order(self, batch: Batch, vectors: Future[Vectors]) -> None:
        """Store a batch, unless the one before it could not be: it may build on that."""
        self.go_on()
        try:
            self._store(batch, vectors.result())
        except BaseException:
            self._stopping.set()
            raise

    def _wait(self, most: int) -> None:
        while len(self._under_way) > most:
            self._under_way[0][1].result()
            self._under_way.popleft()
