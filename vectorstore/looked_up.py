"""What a search found, and what the manifest knows of it, looked up once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.schema import Passage
from vectorstore.holdings import Chosen

if TYPE_CHECKING:
    from vectorstore.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Candidates:
    """Found of one state of the index: passages by cosine and by BM25, articles by theirs.

    `passages` by their ids; `origins` of their articles, where these have a signature.
    """

    dense: Mapping[str, float]
    lexical: Mapping[str, float]
    whole: Mapping[str, float]
    passages: Mapping[str, Passage]
    origins: Mapping[str, str]


class PassageRows:
    """Rows of passages, each read once however often it is asked for."""

    def __init__(self, manifest: Manifest) -> None:
        """Begin with none."""
        self._manifest = manifest
        self._rows: dict[str, Any] = {}
        self._asked: set[str] = set()

    def present(self, ids: Collection[str], among: Chosen | None = None) -> set[str]:
        """Those of the passages that the manifest has; of the articles `among` which is looked."""
        new = [id_ for id_ in ids if id_ not in self._asked]
        if new:
            self._asked.update(new)
            self._rows |= {row.id: row for row in self._manifest.passage_rows(new)}
        rows = [self._rows[id_] for id_ in ids if id_ in self._rows]
        passing = among.among({row.article_id for row in rows}) if among else None
        return {row.id for row in rows if passing is None or row.article_id in passing}

    def read(self, ids: Collection[str]) -> tuple[dict[str, Passage], dict[str, str]]:
        """Those of these passages that are still there, and the origins of their articles."""
        rows = [self._rows[id_] for id_ in dict.fromkeys(ids)]
        passages = self._manifest.with_text(rows)
        origins = {row.article_id: row.origin for row in rows if row.origin is not None}
        return {passage.id: passage for passage in passages}, origins
