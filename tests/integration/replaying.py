"""Runs what README and docs show, as a reader would: commands in a shell, Python in one session.

A page's session has a folder of its own or shares one. What a page shows of an address or a token
stands for what they are in a test, and the other way round.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from rag.cli import main
from tests import samples
from tests.documentation import ROOT, Block

WIDTH = 100  # characters of a line in a block
SHOWN = "127.0.0.1:7860"  # where the pages say that Byline is served
TOKEN = re.compile(r"byline_[\w-]{43}")
PRECISION = "f32"  # scores are the same on every processor
RUN = ("sh", "console", "python")


@dataclass
class Session:
    """What the blocks of a page share."""

    stand_ins: dict[str, str] = field(default_factory=dict)  # as shown -> as it is here
    names: dict[str, Any] = field(default_factory=dict)  # of Python
    printed: str = ""  # by the last block of Python

    def here(self, text: str) -> str:
        """`text` of the page with what its stand-ins stand for."""
        return _replaced(text, self.stand_ins)

    def told(self, text: str) -> str:
        """What was printed as the page shows it."""
        return _replaced(text, {here: shown for shown, here in self.stand_ins.items()})

    def learn(self, said: str, got: str) -> None:
        """Take the tokens that were made for those that the page shows in their place."""
        self.stand_ins.update(zip(TOKEN.findall(said), TOKEN.findall(got), strict=False))


def _replaced(text: str, by: dict[str, str]) -> str:
    for old, new in by.items():
        text = text.replace(old, new)
    return text


def is_run(block: Block) -> bool:
    """Whether a block is replayed, or holds what one that is prints."""
    return block.run and (block.language in RUN or block.printed)


def replayed(block: Block, session: Session) -> Iterator[tuple[str, str, str]]:
    """Run a block: what was run, what the page says that it prints, and what it printed."""
    where = f"{block.page.name}, line {block.first}"
    if block.printed:
        yield where, block.text, session.printed
    elif block.language == "python":
        session.printed = session.told(_executed(session.here(block.text), where, session.names))
    else:
        says = block.shown if block.language == "console" else [""] * len(block.commands)
        for line, said in zip(block.commands, says, strict=True):
            code, text = printed(session.here(line))
            assert code == 0, f"{where}: {line}\n{text}"
            session.learn(said, text)
            yield f"{where}: {line}", said, session.told(text)


def _executed(code: str, where: str, names: dict[str, Any]) -> str:
    """Run Python: what it prints. In a thread: this one may have the browser tests' event loop."""
    out = io.StringIO()
    with redirect_stdout(out), ThreadPoolExecutor(1) as thread:
        thread.submit(exec, compile(code, where, "exec"), names).result()
    return out.getvalue()


# --- a command


def printed(line: str) -> tuple[int, str]:
    """Run a command in this folder: its exit code, and what it printed."""
    words = shlex.split(line, comments=True)
    given = [word for word in words if re.fullmatch(r"[A-Z]\w*=.*", word)]
    if words[:1] == ["export"]:
        name = words[1].partition("=")[0]
        code, value = _in_shell(f'{line}\nprintf %s "${name}"')
        os.environ[name] = value
        return code, ""
    own = dict(word.split("=", 1) for word in given)
    if words[len(own) :][:1] != ["byline"] or "|" in words:
        return _in_shell(line)
    with mock.patch.dict(os.environ, own):
        return _in_process(words[len(own) + 1 :])


def _in_shell(line: str) -> tuple[int, str]:
    ran = subprocess.run(["sh", "-ec", line], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def _in_process(words: list[str]) -> tuple[int, str]:
    """`byline WORDS`, with `> FILE` and `< FILE`; models that are loaded stay so."""
    into, of = _redirected(words, ">"), _redirected(words, "<")
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    typed = io.StringIO(Path(of).read_text(encoding="utf-8") if of else "")
    with redirect_stdout(out), redirect_stderr(out), mock.patch.object(sys, "stdin", typed):
        try:
            code = main(words)
        except SystemExit as end:
            code = int(end.code or 0)
    text = out.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]
    if into:
        Path(into).write_text(text, encoding="utf-8")
    return code, "" if into else text


def _redirected(words: list[str], sign: str) -> str:
    """The file behind `sign`; both are taken out of the words."""
    if sign not in words:
        return ""
    at = words.index(sign)
    _, file = words[at], words[at + 1]
    del words[at : at + 2]
    return file


# --- what was printed


def words_of(text: str) -> str:
    """`text` without where lines break, where the folder lies, and how long it took."""
    plain = text.replace(f"{os.getcwd()}/", "")
    return " ".join(re.sub(r"\b\d+\.\d+ s\b", "N s", plain).split())


def to_show(text: str) -> str:
    """What was printed, in lines that a page has room for."""
    return "\n".join(
        textwrap.fill(
            line,
            WIDTH,
            subsequent_indent=" " * (len(line) - len(line.lstrip()) + 4),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.replace(f"{os.getcwd()}/", "").strip("\n").splitlines()
    )


# --- what a reader has


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """In a reader's folder, with `byline` to be found."""
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    with chdir(folder), mock.patch.dict(os.environ, {"BYLINE_PRECISION": PRECISION, "PATH": path}):
        yield


def set_up(folder: Path) -> None:
    """What a reader has who has done what the README says first."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    shutil.copytree(ROOT / "examples" / "articles", folder / "articles")
    command = folder / "bin" / "byline"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m rag "$@"\n')
    command.chmod(0o755)
    samples.index(folder / ".byline", of=folder / "articles", precision=PRECISION)
