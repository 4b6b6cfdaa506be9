"""Articles with the index that an ingest makes of them: made once in a process, then copied."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.pipeline import ingest
from rag.resources import Resources, open_resources
from rag.settings import Settings
from vectorstore.index import Index

SAMPLES = Path(__file__).parents[1] / "examples" / "articles"


def read(folder: Path, given: Path = SAMPLES, *, precision: str = "auto") -> Path:
    """Leave `folder` as after reading a copy of `given`, which is returned.

    The copy is `folder`/articles, its index `folder`/index.
    """
    articles = folder / "articles"
    shutil.copytree(given, articles)
    index(folder / "index", given, of=articles, precision=precision)
    return articles


def index(
    place: Path, given: Path = SAMPLES, *, of: Path | None = None, precision: str = "auto"
) -> None:
    """Have an index of `given` in `place`, as if it had been read from `of`."""
    shutil.copytree(_made(given, precision), place, dirs_exist_ok=True)
    with Index.open(place, None) as opened:
        opened.folder_of_articles = of or given


@contextmanager
def opened(place: Path) -> Iterator[Resources]:
    """The index of the sample articles, in `place` and open."""
    index(place)
    with open_resources(Settings(index=place)) as resources:
        yield resources


@functools.cache
def _made(given: Path, precision: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="byline-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = Settings(index=folder / "index", precision=precision)
    with open_resources(settings, create=True) as opened:
        ingest(given, opened)
    return settings.index
