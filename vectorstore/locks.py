"""Who may do what to an index folder at the same time: one writes, one has Chroma open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import IndexLocked, StoreUnavailable

CHROMA_SECONDS = 60.0  # how long a search waits for other processes to leave Chroma alone
WRITE, CHROMA = "write.lock", "chroma.lock"


class Gate:
    """Lets one thread of one process through at a time; without a path it lets everyone."""

    def __init__(self, path: Path | None) -> None:
        """Name the file to lock; it is made when first held."""
        self._thread = threading.RLock()
        # the thread lock comes first, so the file lock is never asked for by two threads
        self._file = FileLock(path, mode=0o600, thread_local=False) if path else None

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Wait for the others to leave. Raises StoreUnavailable after `CHROMA_SECONDS`."""
        if self._file is None:
            yield
            return
        with self._thread:
            try:
                self._file.acquire(timeout=CHROMA_SECONDS, poll_interval=0.005)
            except (Timeout, OSError) as error:
                raise StoreUnavailable(
                    f"{self._file.lock_file} was held by another process for {CHROMA_SECONDS:.0f} s"
                    f" or cannot be locked ({error}). Look for a byline that hangs and end it."
                ) from error
            try:
                yield
            finally:
                self._file.release()

    def take(self) -> bool:
        """Take it if nobody has it, without waiting; then `leave` it. False: somebody has it."""
        if self._file is None or not self._thread.acquire(blocking=False):
            return False
        try:
            self._file.acquire(timeout=0)
        except (Timeout, OSError):
            self._thread.release()
            return False
        return True

    def leave(self) -> None:
        """Let others through again, after `take`."""
        assert self._file is not None
        self._file.release()
        self._thread.release()


@contextmanager
def write_lock(folder: Path) -> Iterator[None]:
    """Be the only process that writes to the index. Raises IndexLocked at once if another does."""
    lock = FileLock(folder / WRITE, mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise locked(folder) from error
    try:
        yield
    finally:
        lock.release()


def locked(folder: Path) -> IndexLocked:
    """Return what is told to who wants to write while another does."""
    return IndexLocked(
        f"Another byline is writing to this index (it holds {folder / WRITE}). Wait until it"
        " has finished and try again; the lock goes when that process ends, however it ends."
    )
