"""Answers questions by the checkout that it is run in, and tells what each step took.

    PYTHONPATH=CHECKOUT python benchmarks/speed/timed.py INDEX answer|search|floor

A child of `benchmarks.speed.asking`: a question a line comes in, an object a line goes out. It is
also run by older checkouts, so that it names nothing but what they have as well. `search`: read
and found, not reranked. `floor`: the question encoded and Chroma asked by itself, over the same
vectors; with LangChain installed also its retriever over these.
"""

from __future__ import annotations

import functools
import importlib
import json
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

# What is timed, where it is called from, and the step that it counts as. Time in a step within a
# step counts for the inner one alone.
STEPS = (
    ("rag.pipeline", "understand", "understand"),
    ("rag.pipeline", "found_to_answer", "fuse"),
    ("rag.pipeline", "gather", "evidence"),
    ("rag.pipeline", "decide", "decide"),
    ("rag.models.embedding", "Embedder.query", "encode"),
    ("vectorstore.queries", "Reading.dense", "vectors"),
    ("vectorstore.queries", "Reading.lexical", "words"),
    ("vectorstore.queries", "Reading.whole", "words"),
    ("vectorstore.queries", "Reading._dense", "vectors"),
    ("vectorstore.queries", "Reading._worded", "words"),
    ("vectorstore.queries", "Reading._whole", "words"),
    ("rag.models.reranking", "Reranker.logits", "rerank"),
)
WRITE = "write and check"  # all that is left
PASSAGES = 100  # taken from Chroma, as many as Byline takes
NEAREST = 4  # what LangChain's retriever returns unless told otherwise


class Clock:
    """Seconds by step, each without those of the steps within it."""

    def __init__(self) -> None:
        """Begin with none."""
        self.seconds = Counter[str]()
        self._open: list[str] = []
        self._since = 0.0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count the time within as `name`.

        Reranking for evidence is scoring sentences; encoding to understand is part of that.
        """
        if name == "rerank" and "evidence" in self._open:
            name = "sentences"
        if name == "encode" and "understand" in self._open:
            name = "understand"
        self._turn()
        self._open.append(name)
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def _turn(self) -> None:
        now = time.perf_counter()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now

    def wrap(self, module: str, path: str, name: str) -> None:
        """Count each call of what stands at `path` of `module`; nothing where it has none."""
        owner: Any = importlib.import_module(module)
        *parents, last = path.split(".")
        for parent in parents:
            owner = getattr(owner, parent)
        if not hasattr(owner, last):
            return
        called: Callable[..., Any] = getattr(owner, last)

        @functools.wraps(called)
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.step(name):
                return called(*args, **kwargs)

        setattr(owner, last, timed)


def main() -> None:
    """Say that it is ready, then answer line by line."""
    index, mode = Path(sys.argv[1]), sys.argv[2]
    clock = Clock()
    if mode != "floor":
        for step in STEPS:
            clock.wrap(*step)
    with {"answer": answering, "search": searching, "floor": floor}[mode](index, clock) as run:
        print(json.dumps({"ready": mode}), flush=True)
        for line in sys.stdin:
            clock.seconds.clear()
            started, cpu = time.perf_counter(), time.process_time()
            told = run(json.loads(line))
            wall, cpu = time.perf_counter() - started, time.process_time() - cpu
            print(json.dumps({"wall": wall, "cpu": cpu, **told}), flush=True)


Run = Callable[[str], dict[str, Any]]


@contextmanager
def opened(index: Path) -> Iterator[Any]:
    """Byline's resources, its models loaded."""
    from rag.resources import open_resources
    from rag.settings import load_settings

    with open_resources(load_settings({"index": index})) as resources:
        resources.warm()
        yield resources


@contextmanager
def answering(index: Path, clock: Clock) -> Iterator[Run]:
    """Whole answers, with what they say and cite."""
    from rag import pipeline

    with opened(index) as resources:

        def run(question: str) -> dict[str, Any]:
            with clock.step(WRITE):
                answer = deque(pipeline.answer(question, resources), maxlen=1).pop().answer
            cited = [(c.article.path, c.quote_start, c.quote_end) for c in answer.citations]
            told = {"status": answer.status, "text": answer.text, "cited": cited}
            return {"steps": dict(clock.seconds), "answer": told}

        yield run


@contextmanager
def searching(index: Path, clock: Clock) -> Iterator[Run]:
    """The question read, and the passages found in the order of the first stage."""
    from rag.retrieval.finding import found_for, understand

    with opened(index) as resources:
        bare = replace(resources, reranker=None)

        def run(question: str) -> dict[str, Any]:
            with clock.step("understand"):
                query = understand(question, bare)
            with clock.step("fuse"):
                found_for(query, bare)
            return {"steps": dict(clock.seconds)}

        yield run


@contextmanager
def floor(index: Path, clock: Clock) -> Iterator[Run]:
    """What no search in Chroma can do without, and LangChain's retriever over the same vectors."""
    import chromadb
    import numpy as np

    with opened(index) as resources:
        held = resources.index.article_ids()
        ids = [p.id for id_ in held for p in resources.index.passages_of(id_)]
        client = chromadb.EphemeralClient()
        space = {"hnsw": {"space": "cosine", "ef_search": 200}}
        bare = client.create_collection("bare", embedding_function=None, configuration=space)
        texts = client.create_collection("texts", embedding_function=None, configuration=space)
        for at in range(0, len(ids), 1000):
            batch = ids[at : at + 1000]
            vectors, passages = resources.index.vectors(batch), resources.index.passages(batch)
            rows = np.stack([vectors[id_] for id_ in batch])
            bare.add(ids=batch, embeddings=rows)
            texts.add(ids=batch, embeddings=rows, documents=[passages[i].text for i in batch])
        embedder, peer = resources.embedder, langchain(client, resources.embedder)

        def run(question: str) -> dict[str, Any]:
            if peer:
                with clock.step("LangChain"):
                    peer(question)
            with clock.step("encode"):
                vector = embedder.documents([question])[0]  # `query` may know it already
            with clock.step("Chroma"):
                bare.query(query_embeddings=vector[None], n_results=PASSAGES, include=["distances"])
            return {"steps": dict(clock.seconds)}

        yield run


def langchain(client: Any, embedder: Any) -> Callable[[str], Any] | None:
    """LangChain's plain retriever over the collection "texts"; None where it is not installed."""
    try:
        from langchain_chroma import Chroma
        from langchain_core.embeddings import Embeddings
    except ImportError:
        return None

    class Shared(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in row] for row in embedder.documents(texts)]

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    store = Chroma("texts", embedding_function=Shared(), client=client)
    return store.as_retriever(search_kwargs={"k": NEAREST}).invoke


if __name__ == "__main__":
    main()
