"""Ingest as other frameworks' own documentation does it, one file each, behind one interface.

Each file has `PACKAGES` (whose versions are reported) and `prepare(model, work)`, which loads the
packaged weights and returns a function: articles' files in, an index built in `work`, and what the
encoder was given out. Loading is not timed, for each of them loads the same model once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Given:
    """A text that was given to the encoder: `article` is its file's name.

    The first `before` characters are not the article's (metadata put in front).
    """

    article: str
    text: str
    before: int = 0


Ingest = Callable[[Path], Callable[[], Sequence[Given]]]
