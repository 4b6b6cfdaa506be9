"""Accuracy and confusion of intents, what stays a fact, and which languages are told.

    python -m benchmarks.intent [../shared] [--out FILE] [--vectors]

`questions.jsonl`: 150 questions, written as people ask before the examples in
`rag/retrieval/intents.toml` were tuned, none of them among these. The fixed ones of `../shared`
and of `examples` ask for facts but for the few of type "metadata"; what else they are taken for is
printed. `foreign.jsonl`: questions in other languages than English, of articles in English.
`--vectors` writes the examples' vectors anew, which is needed after each change of the examples.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rag.models.embedding import Embedder
from rag.retrieval import intent
from rag.retrieval.foreign import foreign
from rag.retrieval.query import read
from tests.unit.building import article, catalogue

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_ENGLISH = catalogue(
    *(
        replace(article("Words.", path=str(n), outlet=outlet, author=author), language="en")
        for n, (outlet, author) in enumerate(
            (
                ("The Ilvane Courier", "Henry Meyer"),
                ("Fox News", "Jane Mercer"),
                ("CNN", "Andrei Akulov"),
            )
        )
    )
)
_FIXED = (
    "eval/articles.dev.jsonl", "bench/news2025/questions.jsonl", "bench/multihop/questions.jsonl",
)  # fmt: skip


def lines(path: Path) -> list[dict[str, Any]]:
    """The records of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def of_intents(embedder: Embedder) -> dict[str, Any]:
    """How many of the 150 are read as meant, and what the others are read as."""
    confusion: Counter[tuple[str, str]] = Counter()
    wrong = []
    for item in lines(HERE / "questions.jsonl"):
        got = read(item["question"], _ENGLISH, embedder=embedder).intent
        confusion[item["intent"], got] += 1
        if got != item["intent"]:
            wrong.append({**item, "read as": got})
    print(f"{'':11}" + "".join(f"{name:>11}" for name in intent.INTENTS))
    for meant in intent.INTENTS:
        row = "".join(f"{confusion[meant, got] or '.':>11}" for got in intent.INTENTS)
        print(f"{meant:11}{row}")
    for item in wrong:
        print(f"{item['intent']} read as {item['read as']}: {item['question']}")
    total = sum(confusion.values())
    print(f"{total - len(wrong)} of {total} right\n")
    table = {f"{meant} as {got}": count for (meant, got), count in sorted(confusion.items())}
    return {"right": total - len(wrong), "questions": total, "table": table, "wrong": wrong}


def fixed(shared: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The fixed questions that ask for facts, with the set they are of."""
    paths = [ROOT / "examples/questions.jsonl", ROOT / "benchmarks/positions/questions.jsonl"]
    for path in [*paths, *(shared / name for name in _FIXED)]:
        for item in lines(path) if path.is_file() else []:
            if item.get("type") != "metadata":
                yield f"{path.parent.name}/{path.stem}", item


def of_facts(embedder: Embedder, shared: Path) -> dict[str, Any]:
    """How many fixed questions stay questions for facts, and what that takes."""
    kept: Counter[str] = Counter()
    every: Counter[str] = Counter()
    wrong, seconds, encoded = [], [], 0
    for name, item in fixed(shared):
        known, started = intent._likest.cache_info().misses, time.perf_counter()
        got = read(item["question"], _ENGLISH, embedder=embedder).intent
        seconds.append(time.perf_counter() - started)
        encoded += intent._likest.cache_info().misses - known
        every[name] += 1
        kept[name] += got == "fact"
        if got != "fact":
            wrong.append({"set": name, "question": item["question"], "read as": got})
    for name, count in every.items():
        print(f"{kept[name]} of {count} stay facts: {name}")
    for item in wrong:
        print(f"  read as {item['read as']}: {item['question'][:150]}")
    took = statistics.median(seconds) * 1000
    print(f"{took:.1f} ms at the median to read one; {encoded} of {len(seconds)} were encoded\n")
    return {"facts": dict(every), "kept": dict(kept), "wrong": wrong, "encoded": encoded}


def of_languages(shared: Path) -> dict[str, Any]:
    """How many questions in other languages are told, and how many English ones falsely."""
    told = [(item, foreign(item["question"], _ENGLISH)) for item in lines(HERE / "foreign.jsonl")]
    right = sum(item["language"] == got for item, got in told)
    missed = [item["question"] for item, got in told if not got]
    english = [item["question"] for _, item in fixed(shared)]
    english += [item["question"] for item in lines(HERE / "questions.jsonl")]
    false = [question for question in english if foreign(question, _ENGLISH)]
    print(f"{right} of {len(told)} foreign questions told with their language; missed: {missed}")
    print(f"{len(false)} of {len(english)} English ones taken for foreign: {false}")
    return {"foreign": len(told), "right": right, "missed": missed, "english": len(english),
            "false": false}  # fmt: skip


def main() -> None:
    """Print the tables and write the figures."""
    parse = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parse.add_argument("shared", type=Path, nargs="?", default=ROOT.parent / "shared")
    parse.add_argument("--out", type=Path)
    parse.add_argument("--vectors", action="store_true")
    options = parse.parse_args()
    embedder = Embedder()
    if options.vectors:
        np.save(intent.VECTORS, intent.vectors_of_examples(embedder).astype(np.float16))
    result = {
        "intents": of_intents(embedder),
        "fixed": of_facts(embedder, options.shared),
        "languages": of_languages(options.shared),
    }
    if options.out:
        text = json.dumps(result, indent=2, ensure_ascii=False)
        options.out.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
