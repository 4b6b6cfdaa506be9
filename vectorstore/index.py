"""An index folder: manifest, vectors and words kept in step, whoever is killed when.

Writing goes in an order that any moment may interrupt: articles are marked pending, then their
vectors go to Chroma, then the manifest gets them in one transaction, which makes them visible.
What a killed writer left in Chroma without the manifest is deleted by the next writer; until then
no search shows it, for only what the manifest has is returned.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from types import TracebackType

import numpy as np

from rag.errors import BylineError, IndexLocked
from rag.schema import FileRecord
from vectorstore import beside, migrations, opening, privacy
from vectorstore.fingerprint import Fingerprint, as_meta, match
from vectorstore.index_folder import as_text, from_text
from vectorstore.lexical import LexicalIndex
from vectorstore.locks import CHROMA, Gate, locked, write_lock
from vectorstore.manifest import ARTICLES, Manifest
from vectorstore.prepared import Prepared
from vectorstore.queries import Reading
from vectorstore.store import BATCH
from vectorstore.syncing import Vectors

__all__ = ["Fingerprint", "Index", "Prepared"]


class Index(Reading):
    """Open with `Index.open`; a context manager. One may be used from many threads at once.

    Any method may raise StoreUnavailable; those that look also IndexMismatch, if the index was
    rebuilt with other settings while it was open.
    """

    def __init__(
        self, opened: opening.Opened, manifest: Manifest, fingerprint: Fingerprint,
        chroma: str, database: str, later: bool,
    ) -> None:  # fmt: skip
        """Not for callers: use `Index.open`."""
        self.folder = opened.folder
        self._opened = opened
        self._manifest = manifest
        self._replaced: list[Manifest] = []  # of folders that were made anew while this was open
        self._fingerprint = fingerprint
        self._chroma_url = chroma
        self._database_url = database
        self._chroma_gate = Gate(None if chroma else opened.stores / CHROMA)
        self._writer = threading.Lock()  # held by the thread inside `writing`
        self._refreshing = threading.RLock()
        self._id = ""
        self._commits = 0  # the commit of whichever process that our searches see
        self._fed = 0  # the manifest's generation up to which the lexical writer was told
        self._vectors: Vectors
        self._lexical: LexicalIndex
        self._attach(later=later)

    @classmethod
    def open(
        cls,
        folder: Path,
        fingerprint: Fingerprint | None,
        *,
        chroma: str = "",
        database: str = "",
        create: bool = False,
        later: bool = False,
    ) -> Index:
        """Open the index in `folder`, with vectors at the server `chroma` or in the folder.

        With the address of a `database` the truth is there, the vectors are at `chroma`, and the
        folder is a cache of this machine's. With `later` vectors in the folder that nothing has
        touched are not opened before they are needed: that takes half a second.

        Without a fingerprint it is opened with the one that it has, and cannot be created.
        One that cannot be written is opened as it is at this moment, to be asked. An older one
        is brought up to the schema of today; one that others can look into is made private.

        Raises:
            IndexMissing: nothing was ingested there yet, and not `create`.
            IndexMismatch: it was built with another fingerprint, or by a later Byline.
            IndexLocked: it has to be brought up to date, and another process is writing.
            StoreUnavailable: Chroma or the manifest cannot be opened.

        """
        opened = opening.opened(folder.resolve(), create=create, database=database)
        try:
            manifest = opening.manifest_of(opened.stores, database)
        except BaseException:
            opened.close()
            raise
        try:
            if create and fingerprint and not opened.read_only:
                manifest.create({**as_meta(fingerprint), "chroma": chroma})
            migrations.bring_up(manifest)
            known = fingerprint or migrations.own(opened.folder, manifest)
            return cls(opened, manifest, known, chroma, database, later)
        except BaseException:
            manifest.close()
            opened.close()
            raise

    @staticmethod
    def erase(folder: Path, chroma: str = "", database: str = "") -> None:
        """Delete the index, for a rebuild; `uploads` and whatever else is in the folder stays.

        Raises:
            IndexLocked: another process is writing to it.

        """
        opening.erase(folder.resolve(), chroma, database)

    def close(self) -> None:
        """Close all three stores. No other thread may be using the index."""
        self._vectors.close()
        self._lexical.release()
        for manifest in (*self._replaced, self._manifest):
            manifest.close()
        self._opened.close()

    def __enter__(self) -> Index:
        """Return the index itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    # --- writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer, of all processes; first mend what a killed writer left.

        On the way out everything is committed. Articles of files that were not finished go if the
        block ended well, and stay after an error, so that the next run need not embed them again.

        Raises:
            IndexLocked: another process, or another thread, is writing.
            StoreUnavailable: the folder cannot be written.

        """
        self._opened.must_be_writable()
        self.refresh()  # first, for the lock would make a folder that is gone
        if not self._writer.acquire(blocking=False):
            raise locked(self.folder)
        try:
            with self._manifest.sole_writer(), self._cache_lock():
                self.refresh()
                self._recover()
                try:
                    yield
                    self._drop(self._manifest.drop_unfinished())
                finally:
                    self._settle()
        finally:
            self._writer.release()

    def add_files(self, files: Mapping[str, Sequence[Prepared]]) -> None:
        """Store articles by file and make them findable; words are found after `commit`.

        An article that is there already, from whichever file, is not written again.

        Raises:
            ValueError: vectors of another shape than the passages, or not finite.

        """
        self._must_be_writing()
        prepared = [item for batch in files.values() for item in batch]
        for item in prepared:
            item.must_fit(self._fingerprint.dimension)
        known = self._manifest.held(item.article.id for item in prepared)
        new = {i.article.id: i for i in prepared if i.article.id not in known}
        if new:
            self._manifest.mark_pending(new)
            self._upsert(list(new.values()))
        passages = self._manifest.put_articles(
            {
                path: [(item.article, item.passages) for item in batch]
                for path, batch in files.items()
            }
        )
        self._manifest.put_signatures({i.article.id: i.signature for i in prepared if i.signature})
        if passages:
            self._lexical.add(passages)
        self._fed = self._manifest.get("generation")

    def finish_files(self, files: Sequence[tuple[FileRecord, Sequence[str]]]) -> None:
        """Write the files' rows, when all their articles are stored.

        Of a file's cited paths, the i-th cites its i-th article. Articles that a file had before
        and has no more go, unless another file has them.

        Raises:
            ValueError: an article of the record is not stored, or the lengths differ.

        """
        self._must_be_writing()
        self._drop(self._manifest.finish_files(files))

    def touch_file(self, path: str, size: int, mtime_ns: int) -> None:
        """Note the new size (bytes) and time of a file whose content has not changed."""
        self._must_be_writing()
        self._manifest.touch_file(path, size, mtime_ns)

    def remove_file(self, path: str) -> None:
        """Forget a file with the articles that no other file has. Unknown paths are ignored.

        Remove files after adding: what has only moved is then not embedded again.
        """
        self._must_be_writing()
        self._drop(self._manifest.remove_file(path))

    def commit(self) -> None:
        """Make the words of everything stored so far findable, here and in other processes."""
        self._must_be_writing()
        self._lexical.commit(self._id, self._fed)
        self._commits = self._manifest.bump("commits")

    def warm(self) -> None:
        """Open what is not open yet, so that the first search does not wait for it."""
        with self._vectors.current():
            pass

    @property
    def beside(self) -> beside.Beside:
        """What lies beside the index: shelf, feeds, added files."""
        return beside.of(self.folder, self._database_url)

    @property
    def folder_of_articles(self) -> Path | None:
        """The folder that was last ingested; None before the first time."""
        return from_text(self._manifest.get("folder"))

    @folder_of_articles.setter
    def folder_of_articles(self, folder: Path | None) -> None:
        self._manifest.put("folder", as_text(folder))

    def _must_be_writing(self) -> None:
        if not self._writer.locked():
            raise RuntimeError("an index is changed inside `with index.writing():` only")

    def _upsert(self, items: Sequence[Prepared]) -> None:
        passages = [passage for item in items for passage in item.passages]
        if not passages:
            return
        vectors = np.concatenate([item.vectors for item in items if item.passages])
        for first in range(0, len(passages), BATCH):
            batch = slice(first, first + BATCH)
            with self._vectors.changing() as store:
                store.upsert(passages[batch], vectors[batch])

    def _drop(self, article_ids: Sequence[str]) -> None:
        """Follow the manifest, which no longer has these articles."""
        if not article_ids:
            return
        self._lexical.delete(article_ids)
        self._fed = self._manifest.get("generation")
        with self._vectors.changing() as store:
            store.delete_articles(article_ids)
        self._manifest.clear_pending(article_ids)

    def _recover(self) -> None:
        held, gone = self._manifest.pending()
        if gone:
            with self._vectors.changing() as store:
                store.delete_articles(gone)
        self._manifest.clear_pending(held + gone)
        self._mend_words()

    def _mend_words(self) -> None:
        """Make the lexical index again if it is not in step. The write lock must be held."""
        self._lexical.reload()
        self._fed = self._manifest.get("generation")
        if self._follow(self._fed) and not self._database_url:
            self._commits = self._manifest.bump("commits")

    def _follow(self, generation: int) -> bool:
        """Bring the words to this generation, by the log of changes or anew; whether they were not.

        Nobody else may be writing to the folder.
        """
        known = self._lexical.generation(self._id)
        if known == generation:
            return False
        changed = None if known is None else self._manifest.changed_since(known)
        if changed is None:
            self._lexical.rebuild(self._manifest.all_passages(), self._id, generation)
            return True
        self._lexical.delete(changed)
        for first in range(0, len(ids := sorted(changed)), ARTICLES):
            self._lexical.add(self._manifest.passages_of(ids[first : first + ARTICLES]))
        self._lexical.commit(self._id, generation)
        self._lexical.release()
        return True

    def _words_lock(self, stores: Path) -> AbstractContextManager[None]:
        return self._cache_lock() if self._database_url else write_lock(stores)

    @contextmanager
    def _cache_lock(self) -> Iterator[None]:
        """Be the only one of this machine to write to a folder whose truth is elsewhere."""
        if not self._database_url:
            yield  # the lock of the manifest is the folder's
            return
        with write_lock(self.folder):
            yield

    def _settle(self) -> None:
        """Leave the words in step with the manifest, even after an error between the two."""
        if self._fed == self._manifest.get("generation"):
            self.commit()
            self._lexical.release()
        else:
            self._lexical.release()
            self._mend_words()
        privacy.tighten(self.folder)  # Chroma and tantivy make files as the umask has it

    # --- seeing what others write

    def refresh(self) -> bool:
        """See what another process has committed; True if there was something. Searches do this.

        Raises:
            IndexMissing: the index was erased.
            IndexMismatch: it was built again with other settings.

        """
        with self._refreshing:
            if not self._manifest.is_in_place():
                self._reopen()
            meta = self._manifest.seen()
            if meta.get("index") != self._id:
                old = self._vectors
                self._attach()
                old.close()
                return True
            if meta["commits"] == self._commits:
                return False
            self._lexical.reload()
            if self._database_url and not self._writer.locked():
                with suppress(IndexLocked), self._cache_lock():  # or another one brings it up
                    self._lexical.reload()
                    self._follow(meta["generation"])
                if not self._lexical.is_at(self._id, meta["generation"]):
                    return True  # and looked at again next time
            self._commits = meta["commits"]
            return True

    def trouble(self) -> str | None:
        """Say in a sentence why no question could be answered now; None: one could.

        Cheap enough to be called each second: it opens nothing that is open, and waits for a
        Chroma server two seconds at most. What only a search finds out it does not see.
        """
        try:
            self.refresh()
            return self._vectors.trouble()
        except BylineError as error:
            return str(error)

    def out_of_step(self) -> str | None:
        """Say that the stores do not hold the same number of passages; None: they do.

        What a running ingest has half done does not count, nor what the next one puts right.
        """
        self.refresh()
        with suppress(IndexLocked), self._manifest.sole_writer(), self._cache_lock():
            with self._vectors.current() as store:
                vectors = store.count()
            passages, (words, _) = self._manifest.counts()[2], self._lexical.sizes()
            if not passages == vectors == words and not any(self._manifest.pending()):
                return (
                    f"The index in {self.folder} has {passages} passages, but {vectors} vectors and"
                    f" the words of {words}. Mend it: byline repair --index {self.folder}"
                )
        return None

    def damage(self) -> str | None:
        """Search the vectors in a child process and compare what the stores hold; in a sentence.

        Takes about a second. None: nothing was found, though `byline check` looks at more.
        """
        self.refresh()
        if trouble := self._vectors.tried():
            return (
                f"The vectors cannot be searched ({trouble})."
                f" Make them again: byline repair --index {self.folder}"
            )
        return self.out_of_step()

    # --- for a backup

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._fingerprint.dimension

    def copy_manifest(self, path: Path) -> None:
        """Write the manifest as it is at this moment to a new file, whoever is writing to it."""
        self.refresh()
        self._manifest.copy(path)

    # --- staying in step

    def _attach(self, *, later: bool = False) -> None:
        """Check that the manifest is ours to use, then open vectors and words for it."""
        meta = self._manifest.seen()
        if not meta:
            raise opening.missing(self.folder, self._database_url)
        migrations.require(self.folder, meta)
        match(self.folder, meta, self._fingerprint)
        stores, index_id = self._opened.stores, meta["index"]
        vectors = Vectors(
            stores, self._manifest, self._chroma_gate, index_id=index_id,
            dimension=self._fingerprint.dimension, url=self._chroma_url,
        )  # fmt: skip
        vectors.ready(later=later)  # fail now rather than at the first question
        self._vectors, self._id, self._commits = vectors, index_id, meta["commits"]
        self._fed = meta["generation"]
        self._lexical = LexicalIndex(stores / opening.LEXICAL)
        if not self._lexical.is_at(self._id, self._fed):
            with suppress(IndexLocked), self._words_lock(stores):  # a writer mends it itself
                self._mend_words()

    def _reopen(self) -> None:
        """Go on with the index that stands in place of ours. Raises IndexMissing: none does."""
        path = self._opened.stores / opening.MANIFEST
        if not path.is_file():
            raise opening.gone(self.folder)
        self._replaced.append(self._manifest)  # other threads may be reading from it
        self._manifest, self._id = opening.manifest_of(path.parent), ""
