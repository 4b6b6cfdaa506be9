"""A folder of files -> the index, touching only what changed.

One bad file costs that file. Killed at any moment, the next ingest completes the work: a file's
record is written last, and articles are known by their content.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from rag.articles import Listing, Reading, is_folder, listed, must_be_readable, read_file
from rag.articles.paths import UPLOADS, is_upload, upload
from rag.articles.splitting import Limits, split
from rag.errors import ArticleError, FolderLost, SettingsError
from rag.indexing import duplicates
from rag.indexing.file_states import LastIngest, Shelf, load, save
from rag.indexing.lost_folder import must_hold, removing
from rag.models.embedding import Embedder
from rag.resources import Resources
from rag.schema import Article, FailedFile, FileRecord, IngestReport, Passage, Progress
from vectorstore.index import Index, Prepared

_STEPS = ("read", "embed", "store")
_BATCH = 512  # passages embedded and stored at once: what a killed ingest loses at most


def ingest_folder(
    folder: Path | None,
    resources: Resources,
    progress: Progress | None = None,
    *,
    allow_removal: bool = False,
) -> IngestReport:
    """Make the index mirror `folder` and the files added on the page; None: the folder it has.

    Files that were left out (`rag.indexing.file_states`) are as if they were not there. What of
    the folder cannot be looked at or read keeps what is stored of it. With `allow_removal` the
    folder may be missing or have lost most of its files.

    Raises:
        SettingsError: `folder` is no folder, or the index is of another one.
        ArticleError: `folder` may not be listed.
        FolderLost: it is missing, or lost most of its files (`rag.indexing.lost_folder`).
        IndexLocked: another process is writing.
        StoreUnavailable: the index or its shelf cannot be read or written.

    """
    index, started = resources.index, time.perf_counter()
    with index.writing():
        known = index.files()
        root = _claimed(index, folder, known, allow_removal=allow_removal)
        shelf = load(index.folder)
        there = _there(root, resources.settings.index / UPLOADS)
        if not allow_removal:
            _must_hold(root, known, there, shelf, index)
        if root != index.folder_of_articles:
            index.folder_of_articles = root
        found = {path: file for path, file in there.files.items() if path not in shelf.left_out}
        work = _Work(resources, progress, total=len(found), left_out=shelf.left_out)
        work.skip(there.skipped)
        for path, file in found.items():
            work.take(path, file, known.get(path))
        report = work.finish(_gone(known, found, there, shelf), started)
        failed, partly = (
            {path: told[path] for path in work.as_before if path in told}
            for told in (shelf.failed, shelf.partly)
        )
        last = LastIngest(
            datetime.now(UTC), report.files, report.added, report.changed, report.removed,
            report.seconds["total"],
        )  # fmt: skip
        failed, partly = {**failed, **work.failed}, {**partly, **work.partly}
        save(index.folder, replace(shelf, failed=failed, partly=partly, last=last))
        return report


def ingest_files(
    paths: Collection[str],
    resources: Resources,
    progress: Progress | None = None,
    *,
    change: Callable[[Shelf], Shelf] | None = None,
) -> IngestReport:
    """Read these files again, changed or not, and leave the others alone; forget those that went.

    `change` is made to what is left out before that. Raises as `ingest_folder`.
    """
    index, started = resources.index, time.perf_counter()
    with index.writing():
        shelf = load(index.folder)
        shelf = change(shelf) if change else shelf
        # What is left out is said first: killed after it, the next ingest completes the work.
        save(index.folder, shelf)
        there = _of_these(paths, _there(*_needed(paths, resources)))
        found = {path: file for path, file in there.files.items() if path not in shelf.left_out}
        work = _Work(resources, progress, total=len(found), left_out=shelf.left_out)
        work.skip(there.skipped)
        known = index.files()
        gone = _gone({path: known[path] for path in paths if path in known}, found, there, shelf)
        if any(not is_upload(path) and path not in shelf.left_out for path in gone):
            root = _claimed(index, None, known)
            _must_hold(root, known, _there(root, None), shelf, index)
        for path, file in found.items():
            work.take(path, file, known.get(path), again=True)
        report = work.finish(gone, started)
        failed, partly = (
            {path: why for path, why in told.items() if path not in paths}
            for told in (shelf.failed, shelf.partly)
        )
        failed, partly = {**failed, **work.failed}, {**partly, **work.partly}
        save(index.folder, replace(shelf, failed=failed, partly=partly))
        return report


@dataclass(slots=True)
class _Work:
    """One ingest under way: what waits to be embedded, what is counted."""

    resources: Resources
    progress: Progress | None
    total: int
    left_out: Collection[str] = ()
    done: int = 0
    added: int = 0
    changed: int = 0
    as_before: list[str] = field(default_factory=list)
    failed: dict[str, tuple[FailedFile, ...]] = field(default_factory=dict)
    partly: dict[str, tuple[FailedFile, ...]] = field(default_factory=dict)
    emptied: list[str] = field(default_factory=list)  # all of their articles are left out
    waiting: list[tuple[str, Article, list[Passage]]] = field(default_factory=list)
    unfinished: list[tuple[FileRecord, list[str]]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_STEPS, 0.0))

    def skip(self, skipped: Mapping[str, FailedFile]) -> None:
        """Name what is not read, unless it was left out."""
        self.failed |= {
            path: (item,) for path, item in skipped.items() if path not in self.left_out
        }

    def take(self, path: str, file: Path, known: FileRecord | None, *, again: bool = False) -> None:
        """Read one file if it is new, changed or to be read `again`, and queue its articles."""
        try:
            with self.clock("read"):
                record = self._changed(path, file, None if again else known)
                reading = None if record is None else read_file(file, path)
        except (ArticleError, OSError) as error:
            self.failed[path] = (FailedFile(path, _reason(error)),)
        else:
            if record is not None and reading is not None:
                self._keep(record, reading, is_new=known is None)
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total, path)

    def flush(self) -> None:
        """Embed and store what waits; then the records of the files that are complete."""
        index = self.resources.index
        with self.clock("embed"):
            prepared = _embedded(self.waiting, self.resources.embedder)
        with self.clock("store"):
            index.add_files(prepared)
            index.finish_files(self.unfinished)
        self.waiting, self.unfinished = [], []

    def finish(self, gone: Sequence[str], started: float) -> IngestReport:
        """Store what waits, forget the files that have `gone`, and say what was done."""
        index = self.resources.index
        self.flush()
        for path in (*gone, *self.emptied):
            index.remove_file(path)
        with self.clock("store"):
            if self.added or self.changed or gone or self.emptied:
                index.set_origins(duplicates.origins(index.signatures()))
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
        """The file's new record (its articles still to come), or None if it is as it was."""
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
            self.failed[record.path] = reading.failed
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
        waiting = {article.id for _, article, _ in self.waiting}
        for article in articles:
            if article.id not in waiting and not self.resources.index.has_article(article.id):
                self.waiting.append((record.path, article, self._split(article)))
                waiting.add(article.id)
            if sum(len(passages) for *_, passages in self.waiting) >= _BATCH:
                self.flush()
                waiting = set()
        ids = tuple(dict.fromkeys(article.id for article in articles))
        cited = list({article.id: article.path for article in articles}.values())
        self.unfinished.append((replace(record, articles=ids), cited))

    def _split(self, article: Article) -> list[Passage]:
        settings, embedder = self.resources.settings, self.resources.embedder
        with self.clock("embed"):  # the first time, this loads the model
            embedder.load()
        limits = Limits(settings.passage_words, settings.overlap_sentences, embedder.max_tokens)
        with self.clock("read"):
            return split(article, embedder.token_starts, limits)


def must_lie_apart(folder: Path, index: Path) -> None:
    """Raises SettingsError if the index would be written among the articles themselves."""
    if _resolved(folder) == index.resolve():
        raise SettingsError(
            f"{index} is the folder of articles itself: give the index a folder of its own, "
            f"such as --index {index / '.byline'}"
        )


def _resolved(folder: Path) -> Path:
    try:
        return folder.resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a link in a circle, a NUL
        raise SettingsError(f"{folder} is not a folder. Name a folder of articles.") from error


def _claimed(
    index: Index,
    folder: Path | None,
    known: Mapping[str, FileRecord],
    *,
    allow_removal: bool = False,
) -> Path | None:
    """The folder that the index mirrors from now on."""
    current = index.folder_of_articles
    root = current if folder is None else _resolved(folder)
    if root is None:
        return None
    must_lie_apart(root, index.folder)
    if not is_folder(root) and not (allow_removal and root == current):
        count = sum(not is_upload(path) for path in known)
        if root != current or not count:
            raise SettingsError(f"{folder or root} is not a folder. Name a folder of articles.")
        raise FolderLost(
            f"{root} is missing, with all of its {count:,} files; is a disk not mounted? The index "
            "stays as it was. If they were deleted on purpose: "
            f"{removing(root, index.folder)}"
        )
    if current is not None and current != root and is_folder(current):
        raise SettingsError(
            f"This index is of {current}. For {folder} name another one (--index DIR), "
            "or replace it (byline ingest --rebuild)."
        )
    return root


def _there(root: Path | None, uploads: Path | None) -> Listing:
    """What the two folders hold; nothing where one is missing."""
    own = listed(root) if root is not None and is_folder(root) else Listing()
    added = listed(uploads) if uploads is not None and is_folder(uploads) else Listing()
    return Listing(
        {**own.files, **{upload(path): file for path, file in added.files.items()}},
        {
            **own.skipped,
            **{
                upload(path): replace(item, file=upload(path))
                for path, item in added.skipped.items()
            },
        },
    )


def _needed(paths: Collection[str], resources: Resources) -> tuple[Path | None, Path]:
    """The folders to look into: what was added needs no folder of articles."""
    only_added = all(is_upload(path) for path in paths)
    root = None if only_added else resources.index.folder_of_articles
    return root, resources.settings.index / UPLOADS


def _of_these(paths: Collection[str], there: Listing) -> Listing:
    """`there`, limited to `paths`, and to what lies in those that are folders ("sub/")."""
    folders = tuple(path for path in paths if path.endswith("/"))

    def is_meant(path: str) -> bool:
        return path in paths or path.startswith(folders)

    return Listing(
        {path: file for path, file in there.files.items() if is_meant(path)},
        {path: item for path, item in there.skipped.items() if is_meant(path)},
    )


def _gone(
    known: Mapping[str, FileRecord], found: Mapping[str, Path], there: Listing, shelf: Shelf
) -> list[str]:
    """Files to be forgotten: neither there nor out of sight, or left out."""
    return [
        path
        for path in known
        if path not in found and (path in shelf.left_out or not there.is_unknown(path))
    ]


def _must_hold(
    root: Path | None,
    known: Mapping[str, FileRecord],
    there: Listing,
    shelf: Shelf,
    index: Index,
) -> None:
    own = [record for path, record in known.items() if not is_upload(path)]
    must_hold(root, own, there, shelf.left_out, index.folder)


def _embedded(
    waiting: Sequence[tuple[str, Article, list[Passage]]], embedder: Embedder
) -> Mapping[str, list[Prepared]]:
    """All waiting passages embedded in one call, grouped by file."""
    if not waiting:
        return {}
    texts = [passage.indexed_text for *_, passages in waiting for passage in passages]
    vectors, at = embedder.documents(texts), 0
    prepared: dict[str, list[Prepared]] = {}
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
