"""Each command and each Python example of README and docs runs, over a copy of the sample articles.

Blocks `sh` hold commands, blocks `console` commands with what they print, which is compared word
by word: lines break as the page has room. A block `text` below `<!-- printed -->` holds what the
Python above it prints. A block below `<!-- not run: WHY -->` needs a key, a server of another
program or the network. Pages about the interface for programs are replayed against a Byline of
their own, behind a login. After a change: `python -m tests.integration.test_docs_commands` writes
anew what is printed (with names, `README.md asking.md`, into those pages alone).
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.documentation import GUIDES, Block, blocks
from tests.forked import Forked
from tests.integration.replaying import (
    SHOWN,
    Session,
    is_run,
    reading,
    replayed,
    set_up,
    to_show,
    words_of,
)

TOLD = [page for page in GUIDES if any(is_run(block) for block in blocks(page))]
SERVED = {"api.md", "mcp.md", "openai.md"}  # by a Byline at SHOWN, where a user is set
NEEDED = ("curl", "jq")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the articles of a reader's folder, and give host and port."""
    arguments, log = ["serve", "articles/", "--port", "0"], folder / "log.txt"
    environ = {**os.environ, "BYLINE_AUTH": "anna:correct horse"}
    with Forked("rag", arguments, cwd=folder, environ=environ, log=log) as server:
        line = ""
        while not line.startswith("Byline is ready: "):
            line = server.stdout.readline()
            assert line, log.read_text()
        try:
            yield line.partition("//")[2].strip()
        finally:
            server.send_signal(signal.SIGINT)


@contextmanager
def session_of(page: Path, shared: Path) -> Iterator[Session]:
    """In the folder that pages share, or in one of the page's own that is served."""
    if page.name not in SERVED:
        with reading(shared):
            yield Session()
        return
    with tempfile.TemporaryDirectory() as name:
        own = Path(name)
        set_up(own)
        with reading(own), served(own) as address:
            yield Session({SHOWN: address})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reader")
    set_up(folder)
    return folder


@pytest.mark.parametrize("page", TOLD, ids=lambda page: page.name)
def test_what_the_page_says_is_so(page: Path, folder: Path) -> None:
    missing = [name for name in NEEDED if page.name in SERVED and not shutil.which(name)]
    if missing:
        pytest.skip(f"apt-get install {' '.join(missing)}")
    with session_of(page, folder) as session:
        for block in filter(is_run, blocks(page)):
            for line, said, got in replayed(block, session):
                if block.language != "sh":
                    assert words_of(got) == words_of(said), line


def write(page: Path, folder: Path) -> None:
    """Put what is printed now into the page's blocks that show it."""
    lines = page.read_text(encoding="utf-8").splitlines()
    new: list[tuple[Block, str]] = []
    with session_of(page, folder) as session:
        for block in filter(is_run, blocks(page)):
            got = [to_show(text) for _, _, text in replayed(block, session)]
            if block.printed:
                new.append((block, got[0]))
            elif block.language == "console":
                prompts = [prompt.rstrip("\n") for prompt in block.prompts]
                both = (f"{prompt}\n{text}" for prompt, text in zip(prompts, got, strict=True))
                new.append((block, "\n".join(item.rstrip() for item in both)))
    for block, text in reversed(new):
        lines[block.first : block.last] = text.splitlines()
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        set_up(Path(name))
        for told in TOLD:
            if told.name in (sys.argv[1:] or [told.name]):
                write(told, Path(name))
