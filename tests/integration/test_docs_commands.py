"""Each command and each Python example of README and docs runs, over a copy of the sample articles.

Blocks `sh` hold commands, blocks `console` commands with what they print, which is compared word
by word: lines break as the page has room. A block below `<!-- not run: WHY -->` needs a key, a
server or the network. After a change: `python -m tests.integration.test_docs_commands` writes anew
what the commands print (with names, `README.md asking.md`, into those pages alone).
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from rag.cli import main
from tests.documentation import GUIDES, ROOT, Block, blocks

WIDTH = 100  # characters of a line in a block
SAME = {"BYLINE_PRECISION": "f32"}  # the same scores on every processor
RUN = ("sh", "console", "python")
TOLD = [page for page in GUIDES if any(b.run and b.language in RUN for b in blocks(page))]


def set_up(folder: Path) -> None:
    """What a reader has who has done what the README says first."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    shutil.copytree(ROOT / "examples" / "articles", folder / "articles")
    with chdir(folder), mock.patch.dict(os.environ, SAME):
        assert printed("byline ingest articles/")[0] == 0


def printed(line: str) -> tuple[int, str]:
    """Run a command in this folder: its exit code, and what it printed."""
    words = shlex.split(line, comments=True)
    given = [word for word in words if re.fullmatch(r"[A-Z]\w*=.*", word)]
    if words[:1] == ["export"]:
        os.environ.update(word.split("=", 1) for word in given)
        return 0, ""
    own = dict(word.split("=", 1) for word in given)
    if words[len(own) :][:1] != ["byline"]:
        ran = subprocess.run(["sh", "-ec", line], capture_output=True, text=True, check=False)
        return ran.returncode, ran.stdout + ran.stderr
    with mock.patch.dict(os.environ, own):
        return in_process(words[len(own) + 1 :])


def in_process(words: list[str]) -> tuple[int, str]:
    """`byline WORDS`, with `> FILE` and `< FILE`; models that are loaded stay so."""
    into, of = redirected(words, ">"), redirected(words, "<")
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


def redirected(words: list[str], sign: str) -> str:
    """The file behind `sign`; both are taken out of the words."""
    if sign not in words:
        return ""
    at = words.index(sign)
    _, file = words[at], words[at + 1]
    del words[at : at + 2]
    return file


# --- a block


def ran(block: Block, names: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Run a block: each command with what it printed. Fails at the first that does."""
    where = f"{block.page.name}, line {block.first}"
    if block.language == "python":
        with redirect_stdout(io.StringIO()):
            exec(compile(block.text, where, "exec"), names)
        return
    for line in block.commands:
        code, text = printed(line)
        assert code == 0, f"{where}: {line}\n{text}"
        yield line, text


def shown(block: Block) -> list[str]:
    """What a console block says that each of its commands prints."""
    return re.split(r"^\$ .*\n?", block.text, flags=re.MULTILINE)[1:]


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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reader")
    set_up(folder)
    return folder


@pytest.mark.parametrize("page", TOLD, ids=lambda page: page.name)
def test_what_the_page_says_is_so(page: Path, folder: Path) -> None:
    names: dict[str, Any] = {}
    with chdir(folder), mock.patch.dict(os.environ, SAME):
        for block in blocks(page):
            if block.run and block.language in RUN:
                got = list(ran(block, names))
                if block.language == "console":
                    for (line, text), said in zip(got, shown(block), strict=True):
                        assert words_of(text) == words_of(said), line


def write(page: Path, folder: Path) -> None:
    """Put what the commands print now into the page's console blocks."""
    lines, names = page.read_text(encoding="utf-8").splitlines(), dict[str, Any]()
    new: list[tuple[Block, str]] = []
    with chdir(folder), mock.patch.dict(os.environ, SAME):
        for block in blocks(page):
            if block.run and block.language in RUN:
                got = list(ran(block, names))
                if block.language == "console":
                    said = [f"$ {line}\n{to_show(text)}".rstrip() for line, text in got]
                    new.append((block, "\n".join(said)))
    for block, text in reversed(new):
        lines[block.first : block.last] = text.splitlines()
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        set_up(Path(name))
        for told in TOLD:
            if told.name in (sys.argv[1:] or [told.name]):
                write(told, Path(name))
