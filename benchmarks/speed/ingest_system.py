"""One system's ingest in this process: its figures as a line of JSON.

python -m benchmarks.speed.ingest_system NAME FOLDER WORK
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from benchmarks.speed.peers import Given
from benchmarks.speed.processes import measured
from rag.models.embedding import Embedder, Vectors
from rag.pipeline import ingest
from rag.resources import Resources, open_resources
from rag.schema import Passage
from rag.settings import Settings

READ_TOKENS = 256  # of a text, by the packaged encoder, special ones included
FIRST = "a first text loads the model"
OWN = ("byline", "encoder", "stand-in")

Encoded = Callable[[], Sequence[Given]]


def main(name: str, folder: Path, work: Path) -> None:
    """Ingest and print."""
    work.mkdir(parents=True, exist_ok=True)
    if name in OWN:
        figures, given = _own(name, folder, work / "byline")
        packages: Sequence[str] = ("chromadb", "openvino", "tantivy", "tokenizers")
    else:
        peer = import_module(f"benchmarks.speed.peers.{name}_ingest")
        figures, given = _peer(peer.prepare, folder, work / name)
        packages = (*peer.PACKAGES, "sentence-transformers", "torch")
    print(json.dumps({
        **figures,
        **(seen(folder, given) if given else {}),
        "versions": {package: version(package) for package in packages},
    }))  # fmt: skip


def _peer(
    prepare: Callable[[Path, Path], Callable[[Path], Encoded]], folder: Path, work: Path
) -> tuple[dict[str, float], Sequence[Given]]:
    work.mkdir()
    ready = prepare(Embedder().folder, work)
    figures, given = measured(lambda: ready(folder))
    return figures, given()


def _own(name: str, folder: Path, index: Path) -> tuple[dict[str, float], Sequence[Given]]:
    with open_resources(Settings(index=index), create=True) as resources:
        resources.embedder.documents([FIRST])
        if name == "stand-in":
            figures, _ = measured(lambda: ingest(folder, replace(resources, embedder=StandIn())))
            return figures, ()
        if name == "byline":
            figures, _ = measured(lambda: ingest(folder, resources))
            return figures, _given(resources)
        texts = [passage.indexed_text for passage in passages(resources)]
        figures, _ = measured(lambda: resources.embedder.documents(texts))
        return figures, _given(resources)


def passages(resources: Resources) -> list[Passage]:
    """All passages of an index, article by article."""
    ids = resources.index.article_ids()
    return [passage for id_ in ids for passage in resources.index.passages_of(id_)]


class StandIn(Embedder):
    """Loads the model and cuts by its tokens, but makes vectors up: for memory, not for time."""

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors that follow from nothing but how many came before."""
        random = np.random.default_rng(len(texts))
        vectors = random.standard_normal((len(texts), self.dimension), np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _given(resources: Resources) -> list[Given]:
    articles = resources.index.articles(resources.index.article_ids()).values()
    names = {it.id: it.path.partition("#")[0] for it in articles}
    return [
        Given(names[it.article_id], it.indexed_text, len(it.indexed_text) - len(it.text))
        for it in passages(resources)
    ]


def seen(folder: Path, given: Sequence[Given]) -> dict[str, int]:
    """Characters, white space left out: of the articles, encoded, and covered by what was encoded.

    What is encoded twice, as overlaps are, counts twice as encoded and once as covered.
    """
    ends = _ends([it.text for it in given])
    by_article: dict[str, list[str]] = {}
    for it, end in zip(given, ends, strict=True):
        by_article.setdefault(it.article, []).append(_bare(it.text[it.before : end]))
    files = {file.name: _bare(file.read_text(encoding="utf-8")) for file in folder.iterdir()}
    return {
        "characters": sum(map(len, files.values())),
        "encoded": sum(len(text) for texts in by_article.values() for text in texts),
        "texts": len(given),
        "covered": sum(_covered(files[name], texts) for name, texts in by_article.items()),
    }


def _bare(text: str) -> str:
    return "".join(text.split())


def _ends(texts: Sequence[str]) -> list[int]:
    """Where in each text the last token ends that the encoder reads."""
    tokenizer = Tokenizer.from_file(str(Embedder().folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(READ_TOKENS)
    return [max((end for _, end in it.offsets), default=0) for it in tokenizer.encode_batch(texts)]


def _covered(article: str, texts: Sequence[str]) -> int:
    """How many characters of an article the texts, in its order, hold."""
    covered = begin = until = 0
    for text in texts:
        at = article.find(text, begin)
        if at < 0:  # the reader changed something in it: taken as new
            covered += len(text)
            continue
        covered += max(0, at + len(text) - max(at, until))
        begin, until = at, max(until, at + len(text))
    return min(covered, len(article))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
