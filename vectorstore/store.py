"""Vectors in Chroma, embedded in the index folder or on a server. Only this file knows Chroma.

An embedded Chroma must not be in use by two processes at once, not even to read: a client applies
Chroma's log to the files when it opens or searches, and one that does so while another writes
leaves files that crash whoever opens them next (seen in 3 of 3 trials with version 1.5.9). So
`index.py` calls nothing here without a lock, and reopens a client that others have written past.
"""

from __future__ import annotations

import itertools
import threading
import urllib.request
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from rag.errors import StoreUnavailable
from rag.schema import Passage
from vectorstore.privacy import make_private

if TYPE_CHECKING:
    from chromadb import Collection as ChromaCollection
    from chromadb.api import ClientAPI

BATCH = 1_000  # passages in one write: Chroma takes 5,461, but searches wait for a write
MANY_ARTICLES = 1_000  # that one filter names
GROWTH = 4  # how much more to look for where a filter is applied to what was found
SERVER_SECONDS = 60.0  # without a byte from the server, when the call fails; Chroma waits forever
HEARTBEAT_SECONDS = 2.0  # how long the server may take to say that it lives
EF_SEARCH = 200  # breadth of the graph search: more than the candidates a question asks for

_spellings: set[str] = set()
_spellings_lock = threading.Lock()


class PassageVectors:
    """One vector for each passage of one index, by cosine. Any call may raise StoreUnavailable."""

    def __init__(self, folder: Path, index_id: str, *, url: str = "") -> None:
        """Name the place: embedded in `folder`, or the server at `url`. Nothing is opened yet."""
        self.where = url or str(folder)
        self.name = f"byline-{index_id}"  # two indexes on one server never mix
        self._folder = folder
        self._url = url
        self._client: ClientAPI | None = None
        self._collection: ChromaCollection | None = None
        self._spelling = ""

    # --- opening and closing

    def open(self, *, create: bool) -> None:
        """Open the latest state, closing what was open. `create`: an absent collection is made."""
        self.close()
        with self._mapped():
            self._client = self._connect()
            if create:
                self._collection = self._client.get_or_create_collection(
                    self.name,
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine", "ef_search": EF_SEARCH}},
                )
            else:
                self._collection = self._client.get_collection(self.name, embedding_function=None)

    def close(self) -> None:
        """Free what is open: no search may be under way. Can be opened again."""
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            sessions = _http_sessions(client)
            client.close()  # type: ignore[attr-defined]
            for session in sessions:
                session.close()  # Chroma leaves its sockets open
        with _spellings_lock:
            _spellings.discard(self._spelling)

    def erase(self) -> None:
        """Delete the collection, if there is one."""
        self.close()
        with self._mapped():
            self._client = self._connect()
            if self.name in {collection.name for collection in self._client.list_collections()}:
                self._client.delete_collection(self.name)
        self.close()

    def _connect(self) -> ClientAPI:
        import chromadb  # 0.5 s: only who opens an index waits for it
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if not self._url:
            make_private(self._folder)
            self._spelling = _unused_spelling(self._folder)
            return chromadb.PersistentClient(self._spelling, settings=settings)
        parts = urlsplit(self._url)
        ssl = parts.scheme == "https"
        port = parts.port or (443 if ssl else 8000)
        host = parts.hostname or "localhost"
        client = chromadb.HttpClient(host=host, port=port, ssl=ssl, settings=settings)
        for session in _http_sessions(client):
            session.timeout = SERVER_SECONDS
        return client

    # --- writing

    def upsert(self, passages: Sequence[Passage], vectors: np.ndarray) -> None:
        """Write passages, `vectors[i]` being the vector of `passages[i]`.

        At most BATCH passages; one that is there already is replaced. Their texts stay in the
        manifest: Chroma would index each three letters of them, 4.7 kB a passage.
        """
        with self._open_collection() as collection:
            collection.upsert(
                ids=[passage.id for passage in passages],
                embeddings=vectors,
                metadatas=[_metadata(passage) for passage in passages],
            )

    def delete_articles(self, article_ids: Sequence[str]) -> None:
        """Delete the vectors of all passages of these articles, if there are any."""
        with self._open_collection() as collection:
            for first in range(0, len(article_ids), MANY_ARTICLES):
                collection.delete(where=_where(article_ids[first : first + MANY_ARTICLES], ()))

    def delete(self, passage_ids: Sequence[str]) -> None:
        """Delete the vectors of these passages, if there are any."""
        with self._open_collection() as collection:
            for first in range(0, len(passage_ids), MANY_ARTICLES):
                collection.delete(ids=list(passage_ids[first : first + MANY_ARTICLES]))

    # --- reading

    def ids(self) -> set[str]:
        """Return the ids of all passages that have a vector."""
        with self._open_collection() as collection:
            return set(collection.get(include=[])["ids"])

    def count(self) -> int:
        """How many passages have a vector."""
        with self._open_collection() as collection:
            return int(collection.count())

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the vectors (float32) that there are, by passage id; at most BATCH are asked."""
        if not passage_ids:
            return {}
        with self._open_collection() as collection:
            found: Any = collection.get(ids=list(passage_ids), include=["embeddings"])
        rows = np.asarray(found["embeddings"], np.float32)
        return dict(zip(found["ids"], rows, strict=True))

    def silence(self) -> str | None:
        """Say that the server does not answer, within seconds; None: it does."""
        url = f"{self._url.rstrip('/')}/api/v2/heartbeat"
        try:
            with urllib.request.urlopen(url, timeout=HEARTBEAT_SECONDS):
                return None
        except (OSError, HTTPException) as error:
            return f"Chroma at {self.where} does not answer ({error}). {self._hint}"

    def query(
        self,
        vector: np.ndarray,
        k: int,
        article_ids: Collection[str] | None = None,
        kinds: Collection[str] = (),
    ) -> list[tuple[str, float]]:
        """Find the `k` nearest passage ids with their cosine similarity (-1..1), best first.

        At most MANY_ARTICLES can be named: Chroma's filters are slow, and `$in` of too many is
        refused (20,000 passages: 100 ms, without 10 ms).
        """
        if k < 1 or (article_ids is not None and not article_ids):
            return []
        if article_ids is None and kinds:
            found, exhausted = self._of_kinds(vector, k * GROWTH, kinds)
            if len(found) >= k or exhausted:
                return found[:k]
        return self._nearest(vector, k, _where(article_ids, kinds))

    def _nearest(self, vector: np.ndarray, n: int, where: Any) -> list[tuple[str, float]]:
        with self._open_collection() as collection:
            found: Any = collection.query(
                query_embeddings=np.asarray(vector, np.float32)[None],
                n_results=n,
                where=where,
                include=["distances"],
            )
        rows = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(id_, 1.0 - distance) for id_, distance in rows]

    def _of_kinds(
        self, vector: np.ndarray, n: int, kinds: Collection[str]
    ) -> tuple[list[tuple[str, float]], bool]:
        """Filter the `n` nearest here; also tell whether there are no more than these."""
        with self._open_collection() as collection:
            found: Any = collection.query(
                query_embeddings=np.asarray(vector, np.float32)[None],
                n_results=n,
                include=["distances", "metadatas"],
            )
        rows = list(zip(found["ids"][0], found["distances"][0], found["metadatas"][0], strict=True))
        # a server gives no metadata for a passage that someone is deleting at this moment
        fit = [
            (id_, 1.0 - distance) for id_, distance, data in rows if data and data["kind"] in kinds
        ]
        return fit, len(rows) < n

    # --- errors

    @contextmanager
    def _open_collection(self) -> Iterator[ChromaCollection]:
        collection = self._collection
        if collection is None:
            raise RuntimeError("PassageVectors.open was not called")
        with self._mapped():
            yield collection

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        from chromadb.errors import NotFoundError

        try:
            yield
        except NotFoundError as error:
            raise StoreUnavailable(
                f"Chroma at {self.where} has no vectors of this index. If they are elsewhere, say"
                " where (BYLINE_CHROMA=URL, or unset for the index folder); else make them again"
                f" from the stored articles: byline repair --index {self._folder.parent}"
            ) from error
        except Exception as error:  # Chroma lets ValueError, httpx and its own errors through
            raise StoreUnavailable(
                f"Chroma at {self.where} failed: {error}. {self._hint}"
            ) from error

    @property
    def _hint(self) -> str:
        if self._url:
            return "Check that a Chroma server runs there (chroma run --host HOST --port PORT)."
        return (
            "Check the disk and its permissions; if the folder is damaged, make it again from the"
            f" stored articles: byline repair --index {self._folder.parent}"
        )


def _http_sessions(client: ClientAPI) -> list[Any]:
    """Find the httpx clients of a Chroma client, which has no public way to them."""
    users = (client, getattr(client, "_admin_client", None))
    sessions = (getattr(getattr(user, "_server", None), "_session", None) for user in users)
    return [session for session in sessions if session is not None]


def _unused_spelling(folder: Path) -> str:
    """Find a spelling of the path that no open client of this process uses.

    Chroma gives equally spelled clients one shared, possibly stale state, and closing one of
    them does not refresh it.
    """
    with _spellings_lock:
        spelled = (str(folder) + "/." * n for n in itertools.count())
        found = next(spelling for spelling in spelled if spelling not in _spellings)
        _spellings.add(found)
    return found


def _metadata(passage: Passage) -> dict[str, str]:
    """What searches filter by."""
    return {"article_id": passage.article_id, "kind": passage.kind}


def _where(article_ids: Collection[str] | None, kinds: Collection[str]) -> Any:
    """Chroma's filter expression; None for no filter."""
    tests: list[dict[str, Any]] = []
    if article_ids is not None:
        tests.append({"article_id": {"$in": list(article_ids)}})
    if kinds:
        tests.append({"kind": {"$in": list(kinds)}})
    return {"$and": tests} if len(tests) > 1 else next(iter(tests), None)
