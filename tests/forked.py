"""Byline's servers as processes of their own, forked from one that has made the imports.

Importing gradio, Chroma and the rest takes longer than all else in a start. A forked server is a
process as any other, with memory, files, signals and sockets of its own. But it reads files
itself where `BYLINE_READERS` does not say otherwise. Tests of the start itself start Python.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import TextIO

import pytest

from rag.indexing import work

ROOT = Path(__file__).parents[1]
# openvino is none of them: its import starts a thread, which a fork would lose.
IMPORTS = [
    "rag.cli",
    "rag.commands.folders",
    "rag.commands.memory",
    "rag.commands.questions",
    "rag.commands.upkeep",
    "rag.integrations.mcp_server",
    "rag.web.page",
    "chromadb.api.rust",
]
_forking = multiprocessing.get_context("forkserver")


class Forked:
    """What `python -m MODULE ARGUMENTS` does, with the names that `subprocess.Popen` has.

    `environ` is all of its environment. Its standard output is a pipe of text, and what it says of
    errors goes to the file `log`.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str | Path],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        log: Path,
    ) -> None:
        _ready()
        reading, writing = _forking.Pipe(duplex=False)
        given = (module, [str(item) for item in arguments], cwd, dict(environ), log, writing)
        self._process = _forking.Process(target=_run, args=given)
        self._process.start()
        writing.close()
        self.stdout = os.fdopen(os.dup(reading.fileno()), encoding="utf-8")
        reading.close()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int:
        self._process.join()
        code = self._process.exitcode
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Wait for its end, and keep nothing of it."""
        self.stdout.close()
        self.wait()
        self._process.close()

    def __enter__(self) -> Forked:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def ran(
    *arguments: str | Path, cwd: Path, environ: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run one command of Byline to its end."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "errors"
        with Forked("rag", arguments, cwd=cwd, environ=environ, log=log) as process:
            said = process.stdout.read()
            code = process.wait()
        return subprocess.CompletedProcess([*arguments], code, said, log.read_text())


@functools.cache
def _ready() -> None:
    """Start the process that is forked, where `rag` and `tests` are found."""
    _forking.set_forkserver_preload([__name__, *IMPORTS])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        forkserver.ensure_running()


def _run(
    module: str,
    arguments: list[str],
    cwd: Path,
    environ: dict[str, str],
    log: Path,
    writing: Connection,
) -> None:
    """In the forked process: be what a started one would be."""
    sys.stdout = sys.__stdout__ = _onto(1, writing.fileno())
    sys.stderr = sys.__stderr__ = _onto(2, os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environ)
    sys.argv = [module, *arguments]
    tempfile.tempdir = None  # what TMPDIR was
    work.count_for = lambda wanted: wanted
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _onto(number: int, file: int) -> TextIO:
    os.dup2(file, number)
    return open(number, "w", encoding="utf-8", closefd=False)
