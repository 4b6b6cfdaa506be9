"""Whether OpenVINO ranks as sentence-transformers does, and how much faster it is.

    python -m benchmarks.inference.agreement --out benchmarks/inference/results/agreement.json

For each question in `examples/questions.jsonl`: the 20 passages of the sample articles that are
nearest to it, scored by the reranker; all passages and questions encoded by the embedding model.
The backends take turns at each question and at each round of encoding, in changing order; a ratio
is taken within a turn, and the table shows medians.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.articles import find_files, read_articles
from rag.articles.splitting import Limits, split
from rag.models.embedding import Embedder
from rag.models.reranking import Reranker
from rag.models.runtime import Compute

ROOT = Path(__file__).parents[2]
BACKENDS = {
    "torch f32": Compute("torch"),
    "openvino f32": Compute("openvino", "f32"),
    "openvino auto": Compute("openvino", "auto"),
}
REFERENCE = "torch f32"
_DEPTH = 20  # passages scored for a question
_PACKAGES = ("openvino", "torch", "sentence-transformers", "tokenizers")


@dataclass(slots=True)
class Backend:
    """Both models run one way, and what was measured of them."""

    embedder: Embedder
    reranker: Reranker
    vectors: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    logits: list[NDArray[np.float32]] = field(default_factory=list)  # of each question
    scoring: list[float] = field(default_factory=list)  # seconds for each question
    encoding: list[float] = field(default_factory=list)  # seconds for each round


def main() -> None:
    """Measure, print the table, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--articles", type=Path, default=ROOT / "examples" / "articles")
    parser.add_argument("--questions", type=Path, default=ROOT / "examples" / "questions.jsonl")
    parser.add_argument("--rounds", type=int, default=5, help="of encoding all passages")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    lines = options.questions.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()]
    backends = {
        name: Backend(Embedder(compute=c), Reranker(compute=c)) for name, c in BACKENDS.items()
    }
    texts = passages(options.articles, backends[REFERENCE].embedder)
    encode(backends, texts, options.rounds)
    score(backends, questions, texts)
    tokens = sum(len(backends[REFERENCE].embedder.token_starts(text)) for text in texts)
    results = {name: compared(each, backends[REFERENCE], tokens) for name, each in backends.items()}
    for name, result in results.items():
        print(f"{name:<15}" + "  ".join(f"{key} {value}" for key, value in result.items()))
    if options.out:
        about = {"questions": len(questions), "passages": len(texts), **machine()}
        text = json.dumps({**about, "backends": results}, indent=1)
        options.out.write_text(text + "\n", encoding="utf-8")


def passages(folder: Path, embedder: Embedder) -> list[str]:
    """The indexed text of each passage of the articles in `folder`."""
    limits = Limits(tokens=embedder.max_tokens)
    return [
        passage.indexed_text
        for file in find_files(folder)
        for article in read_articles(file, file.name)
        for passage in split(article, embedder.token_starts, limits)
    ]


def encode(backends: dict[str, Backend], texts: Sequence[str], rounds: int) -> None:
    """Encode all texts once to warm up, then `rounds` times against the clock."""
    for each in backends.values():
        each.vectors = each.embedder.documents(texts)
    for turn in range(rounds):
        for each in in_turn(backends, turn):
            seconds, _ = timed(each.embedder.documents, texts)
            each.encoding.append(seconds)


def score(backends: dict[str, Backend], questions: Sequence[str], texts: Sequence[str]) -> None:
    """Score the nearest passages for each question, the first question twice to warm up."""
    vectors = backends[REFERENCE].vectors
    for turn, question in enumerate([questions[0], *questions]):
        near = np.argsort(-vectors @ backends[REFERENCE].embedder.query(question))[:_DEPTH]
        found = [texts[row] for row in near]
        for each in in_turn(backends, turn):
            seconds, logits = timed(each.reranker.logits, question, found)
            if turn:
                each.scoring.append(seconds)
                each.logits.append(logits)


def in_turn(backends: dict[str, Backend], turn: int) -> list[Backend]:
    """All backends, each first in one turn of three."""
    every = list(backends.values())
    return every[turn % len(every) :] + every[: turn % len(every)]


def timed(work: Callable[..., Any], *arguments: Any) -> tuple[float, Any]:
    """Seconds, and what `work` returned."""
    start = time.perf_counter()
    made = work(*arguments)
    return time.perf_counter() - start, made


def compared(one: Backend, reference: Backend, tokens: int) -> dict[str, float]:
    """The speed of `one` and how far it agrees with `reference`; `tokens` are those encoded."""
    pairs = list(zip(one.logits, reference.logits, strict=True))
    return {
        "ms_for_20_pairs": round(1000 * median(one.scoring), 1),
        "times_as_fast": ratio(reference.scoring, one.scoring),
        "tokens_per_second": round(tokens / median(one.encoding)),
        "times_as_fast_encoding": ratio(reference.encoding, one.encoding),
        "least_cosine": round(float((one.vectors * reference.vectors).sum(axis=1).min()), 6),
        "spearman_mean": round(float(np.mean([spearman(a, b) for a, b in pairs])), 5),
        "spearman_least": round(min(spearman(a, b) for a, b in pairs), 5),
        "same_on_top": round(float(np.mean([a.argmax() == b.argmax() for a, b in pairs])), 3),
        "most_logits_differ": round(max(float(np.abs(a - b).max()) for a, b in pairs), 5),
    }


def ratio(slow: Sequence[float], fast: Sequence[float]) -> float:
    """Median of the ratios within a turn."""
    return round(median(a / b for a, b in zip(slow, fast, strict=True)), 2)


def spearman(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Rank correlation: Pearson's of the ranks, equal values sharing their mean rank."""
    return float(np.corrcoef(ranks(one), ranks(other))[0, 1])


def ranks(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Ranks from 0 upwards, equal values sharing their mean rank."""
    below = (values[:, None] > values[None, :]).sum(axis=1)
    equal = (values[:, None] == values[None, :]).sum(axis=1)
    return below + (equal - 1) / 2


def machine() -> dict[str, Any]:
    """What the speeds depend on."""
    return {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in _PACKAGES},
    }


if __name__ == "__main__":
    main()
