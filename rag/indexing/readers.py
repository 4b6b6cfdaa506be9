"""Processes that read files ahead, while the one that asks encodes what was read.

A file that takes too long, or whose bytes stop the process that reads it, costs that file alone.
What comes back is data (JSON), never code: a file that takes a reading process over gains nothing
in this one.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Event, Semaphore, Timer
from typing import IO, Any

from pydantic import TypeAdapter

from rag.articles import Reading, read_file
from rag.errors import ArticleError

_PATIENCE = 2.0  # seconds waited for files until one more process reads: starting it takes one
_AHEAD = 48  # files that are read, or being read, before they are asked for
_LENGTH = struct.Struct("!Q")  # bytes of the frame that follows
_PROGRAM = "from rag.indexing.readers import serve; serve()"
_ROOT = Path(__file__).parents[2]

Outcome = Reading | ArticleError
logger = logging.getLogger(__name__)


def count_for(wanted: int) -> int:
    """How many processes to read with: `wanted`, or as many as there are cores, at most four."""
    return wanted or min(4, os.cpu_count() or 1)


@dataclass(slots=True)
class Readers:
    """Up to `count` processes, each started when those before are too slow for who asks.

    `seconds`: how long one file may take.

    With a `count` of 0 files are read in this process, without a limit of time.
    """

    count: int
    seconds: float
    _threads: ThreadPoolExecutor | None = None
    _idle: deque[_Process] = field(default_factory=deque)
    _started: list[_Process] = field(default_factory=list)
    _places: Semaphore = field(default_factory=lambda: Semaphore(1))  # to read at the same time
    _allowed: int = 1
    _waited: float = 0.0  # seconds, since the last process was started
    _closing: Event = field(default_factory=Event)

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the processes, whatever they are doing."""
        self._closing.set()
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            for process in self._started:
                process.stop()
            self._threads.shutdown()
            for process in self._started:  # one may have been started meanwhile
                process.stop()

    def read(self, files: Iterable[tuple[str, Path]]) -> Iterator[Outcome]:
        """What each of `files` (cited path, file) holds, or why it cannot be read, in order.

        The next files are taken and read while the caller works on what came.
        """
        if not self.count:
            yield from (_outcome(path, file) for path, file in files)
            return
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self.count, thread_name_prefix="reader")
        waiting: deque[Future[Outcome]] = deque()
        for path, file in files:
            waiting.append(self._threads.submit(self._apart, path, file))
            if len(waiting) > _AHEAD:
                yield self._taken(waiting.popleft())
        while waiting:
            yield self._taken(waiting.popleft())

    def _taken(self, outcome: Future[Outcome]) -> Outcome:
        """What a file holds; if that keeps the caller waiting, another process helps."""
        started = time.perf_counter()
        while self._allowed < self.count:
            wait([outcome], max(0.0, _PATIENCE - self._waited))
            self._waited += time.perf_counter() - started
            if outcome.done():
                break
            self._allowed, self._waited, started = self._allowed + 1, 0.0, time.perf_counter()
            self._places.release()
        return outcome.result()

    def _apart(self, path: str, file: Path) -> Outcome:
        with self._places:
            if self._closing.is_set():
                return ArticleError("Nobody waits for it any more.")
            process = self._idle.pop() if self._idle else self._start()
            outcome = process.read(path, file, self.seconds)
            if process.is_running:
                self._idle.append(process)
            return outcome

    def _start(self) -> _Process:
        process = _Process.start()
        self._started.append(process)
        return process


@dataclass(slots=True)
class _Process:
    """One reading process, used by one thread at a time."""

    child: subprocess.Popen[bytes]

    @staticmethod
    def start() -> _Process:
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        return _Process(
            subprocess.Popen(
                [sys.executable, "-c", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": path},
            )
        )

    @property
    def is_running(self) -> bool:
        return self.child.poll() is None

    def stop(self) -> None:
        self.child.kill()
        self.child.wait()
        for stream in (self.child.stdin, self.child.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):  # what it was not told any more
                    stream.close()

    def read(self, path: str, file: Path, seconds: float) -> Outcome:
        """Have it read one file; past `seconds`, or dead, it is not used again."""
        late = Event()

        def end() -> None:
            late.set()
            self.child.kill()

        timer = Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            answer = self._exchange(path, file)
        finally:
            timer.cancel()
        if answer is not None:
            return of_json(answer)
        self.child.kill()
        self.child.wait()
        if late.is_set():
            return ArticleError(
                f"Reading it took longer than {seconds:g} seconds: split the file, or save its text"
                " in another format."
            )
        return ArticleError(
            f"Reading it stopped the reading process (exit code {self.child.returncode}): the file"
            " is damaged, or needs more memory than there is. Save it again or in another format."
        )

    def _exchange(self, path: str, file: Path) -> bytes | None:
        """Its answer; None if it died over it."""
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        try:
            _send(self.child.stdin, json.dumps([path, os.fspath(file)]).encode())
            return _receive(self.child.stdout)
        except (OSError, ValueError):  # ValueError: stopped meanwhile, its pipes are closed
            return None


# --- in the reading process


def serve() -> None:
    """Read each file that is named on the standard input; end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt ends
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    while (asked := _receive(sys.stdin.buffer)) is not None:
        path, file = json.loads(asked)
        _send(answers, as_json(_outcome(path, Path(file))))


def _outcome(path: str, file: Path) -> Outcome:
    try:
        return read_file(file, path)
    except ArticleError as error:
        return error
    except (Exception, RecursionError) as error:
        logger.exception("Reading %s failed", path)
        return ArticleError(
            f"Byline failed over this file ({type(error).__name__}); please report it. Saved in "
            "another format it may be readable."
        )


# --- between the two


@cache
def _adapter() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)


def as_json(outcome: Outcome) -> bytes:
    """What a file holds, or why it cannot be read, for another process."""
    if isinstance(outcome, ArticleError):
        return b"!" + json.dumps(str(outcome)).encode()
    return _adapter().dump_json(outcome)


def of_json(answer: bytes) -> Outcome:
    """What `as_json` made of an outcome."""
    if answer.startswith(b"!"):
        return ArticleError(json.loads(answer[1:]))
    return _adapter().validate_json(answer)


def _send(stream: IO[bytes], data: bytes) -> None:
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def _receive(stream: Any) -> bytes | None:
    """The next frame; None where the other side has ended."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    return data if len(data) == length else None
