"""One encoder for every system, with its vectors kept on disk.

    python -m benchmarks.retrieval.vectors --work WORK

compares a sample of the kept vectors with sentence-transformers' own. All systems embed with the
same weights through the product's `Embedder`, so what is compared is what they find, not how fast
they encode; a text that two systems share, or that comes again in a second run, is encoded once.
"""

from __future__ import annotations

import argparse
import hashlib
import sqlite3
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np

from rag.models.embedding import Embedder, Vectors

_BATCH = 512  # texts encoded between two commits
_LOOKED_UP = 500  # keys in one SQL query
_SAMPLED = 16  # a text is kept for the check if the first byte of its hash is below this
LEAST_COSINE = 0.999
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (sha256 BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sample (sha256 BLOB PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
"""


class Encoder:
    """`Embedder` with its document vectors kept in `folder`; a context manager."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        """Open the file for the embedder's weights, or make it."""
        folder.mkdir(parents=True, exist_ok=True)
        self.embedder = embedder
        self._file = sqlite3.connect(folder / f"vectors-{embedder.weights[:12]}.sqlite")
        self._file.executescript(_SCHEMA)

    def __enter__(self) -> Encoder:
        """Return the encoder itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimension); texts past 256 tokens are cut."""
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        known = self._kept(keys)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        known.update(self._encoded(new))
        if not keys:
            return np.zeros((0, self.embedder.dimension), np.float32)
        return np.stack([np.frombuffer(known[key], np.float32) for key in keys])

    def query(self, text: str) -> Vectors:
        """Unit vector of a question, float32, shape (dimension,)."""
        return self.embedder.query(text)

    def least_cosine(self, most: int = 300) -> tuple[int, float]:
        """How many sampled vectors were compared with sentence-transformers', and the worst."""
        from sentence_transformers import SentenceTransformer

        found = self._file.execute(
            "SELECT text, vector FROM sample JOIN vectors USING (sha256) LIMIT ?", [most]
        ).fetchall()
        if not found:
            return 0, 1.0
        texts = [text for text, _ in found]
        kept = np.stack([np.frombuffer(vector, np.float32) for _, vector in found])
        model = SentenceTransformer(str(self.embedder.folder), local_files_only=True)
        own = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return len(texts), float((kept * own).sum(axis=1).min())

    def _kept(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        known: dict[bytes, bytes] = {}
        for first in range(0, len(keys), _LOOKED_UP):
            some = keys[first : first + _LOOKED_UP]
            marks = ",".join("?" * len(some))
            query = f"SELECT sha256, vector FROM vectors WHERE sha256 IN ({marks})"
            known.update(self._file.execute(query, some))
        return known

    def _encoded(self, new: dict[bytes, str]) -> dict[bytes, bytes]:
        """Encode and keep, a batch at a time: what was encoded before a stop stays."""
        encoded: dict[bytes, bytes] = {}
        keys, started = sorted(new, key=lambda key: len(new[key])), time.perf_counter()
        for first in range(0, len(keys), _BATCH):
            some = keys[first : first + _BATCH]
            vectors = self.embedder.documents([new[key] for key in some])
            batch = {key: vector.tobytes() for key, vector in zip(some, vectors, strict=True)}
            self._keep(batch, new)
            encoded.update(batch)
            _progress(len(encoded), len(keys), started)
        return encoded

    def _keep(self, batch: dict[bytes, bytes], texts: dict[bytes, str]) -> None:
        sampled = [(key, texts[key]) for key in batch if key[0] < _SAMPLED]
        with self._file:
            self._file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", batch.items())
            self._file.executemany("INSERT OR REPLACE INTO sample VALUES (?, ?)", sampled)


def _progress(done: int, total: int, started: float) -> None:
    if total > _BATCH:
        rate = done / (time.perf_counter() - started)
        print(f"  encoded {done} of {total}, {rate:.0f} a second", file=sys.stderr, flush=True)


def main() -> None:
    """Print how near the kept vectors are to sentence-transformers' own; fail if not near."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--work", type=Path, required=True)
    with Encoder(Embedder(), parser.parse_args().work) as encoder:
        count, least = encoder.least_cosine()
    print(f"{count} vectors compared with sentence-transformers': least cosine {least:.5f}")
    if least < LEAST_COSINE:
        raise SystemExit(f"Below {LEAST_COSINE}: delete the vectors in --work and encode again.")


if __name__ == "__main__":
    main()
