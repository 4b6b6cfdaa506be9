"""How long a question takes, step by step, beside another checkout and beside Chroma alone.

    python -m benchmarks.speed.asking ../shared/bench/news2025 --work DIR --against CHECKOUT \
        --out benchmarks/results/asking.json

Each checkout runs in a process of its own over an index of its own of the same articles, built
once in `--work`. The questions go round: each is asked of every process, one at a time, in an order
that turns, and once only, so that no answer is remembered. Beside them: the search without
reranking, and what it cannot do without (encoding the question, and Chroma's query by itself), with
LangChain's retriever over the same vectors where `--python` names an interpreter that has it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import IO, Any

import numpy as np

from benchmarks.retrieval.data import Data, load_news

ROOT = Path(__file__).parents[2]
CHILD = ROOT / "benchmarks" / "speed" / "timed.py"
ARTICLES, QUESTIONS, WARM_UP = 300, 80, 8


@dataclass(frozen=True, slots=True)
class Child:
    """A process that answers, and what it answered, a row a question."""

    process: subprocess.Popen[str]
    rows: list[dict[str, Any]]

    def ask(self, question: str) -> dict[str, Any]:
        """What it says to one line."""
        told: IO[str] | None = self.process.stdin
        assert told is not None
        told.write(json.dumps(question) + "\n")
        told.flush()
        return self.read()

    def read(self) -> dict[str, Any]:
        """Its next line."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args} ended with {self.process.wait()}.")
        row: dict[str, Any] = json.loads(line)
        return row


def main() -> None:
    """Measure, print, and keep."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("news", type=Path, help="folder of articles.jsonl.xz and questions.jsonl")
    options.add_argument("--work", type=Path, required=True, help="folder for the indexes")
    options.add_argument("--against", type=Path, help="another checkout")
    options.add_argument("--python", default=sys.executable, help="one that has LangChain")
    options.add_argument("--questions", type=int, default=QUESTIONS)
    options.add_argument("--articles", type=int, default=ARTICLES)
    options.add_argument("--only", type=int, help="ask no more than so many of them")
    options.add_argument("--out", type=Path)
    given = options.parse_args()
    data = load_news(given.news, articles=given.articles, questions=given.questions)
    data = replace(data, questions=data.questions[: given.only])
    result = measured(data, given.work.resolve(), given.against, given.python)
    text = json.dumps(result, indent=1, ensure_ascii=False)
    if given.out:
        given.out.write_text(f"{text}\n", encoding="utf-8")
    print(text)


def measured(data: Data, work: Path, against: Path | None, python: str) -> dict[str, Any]:
    """Ask all of them, question by question."""
    articles = written(data, work)
    own = indexed(ROOT, articles, work / "this")
    plan = {"answer": (ROOT, own, "answer"), "search": (ROOT, own, "search")}
    plan["floor"] = (ROOT, own, "floor")
    if against:
        other = indexed(against.resolve(), articles, work / "against")
        plan["against"] = (against.resolve(), other, "answer")
    with ExitStack() as stack:
        children = {
            name: started(stack, *where, python if name == "floor" else sys.executable)
            for name, where in plan.items()
        }
        for at, asked in enumerate(data.questions):
            names = list(children)
            for name in [*names[at % len(names) :], *names[: at % len(names)]]:
                row = children[name].ask(asked.question)
                if at >= WARM_UP:
                    children[name].rows.append(row)
    return report(data, {name: child.rows for name, child in children.items()})


def written(data: Data, work: Path) -> Path:
    """The folder of articles, as one file of lines."""
    folder = work / "articles"
    folder.mkdir(parents=True, exist_ok=True)
    rows = [{key: value for key, value in asdict(item).items() if value} for item in data.articles]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    (folder / "news.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


def indexed(checkout: Path, articles: Path, index: Path) -> Path:
    """The index of `articles` by a checkout: built anew where it is another's."""
    command = [sys.executable, "-m", "rag", "ingest", str(articles), "--index", str(index)]
    for more in ([], ["--rebuild"]):
        done = subprocess.run(
            [*command, *more], cwd=checkout, env=within(checkout), stdout=subprocess.DEVNULL
        )
        if done.returncode == 0:
            return index
    raise SystemExit(f"{checkout} cannot ingest {articles}.")


def within(checkout: Path) -> dict[str, str]:
    """The environment in which `rag` is that of `checkout`."""
    return {**os.environ, "PYTHONPATH": str(checkout)}


def started(stack: ExitStack, checkout: Path, index: Path, mode: str, python: str) -> Child:
    """A process that is ready."""
    process = stack.enter_context(
        subprocess.Popen(
            [python, "-W", "ignore", str(CHILD), str(index), mode],
            cwd=checkout,
            env=within(checkout),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    )
    child = Child(process, [])
    assert child.read() == {"ready": mode}
    assert process.stdin is not None
    stack.callback(process.stdin.close)  # ends it
    return child


def report(data: Data, rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Milliseconds by step of each, and the ratios of their medians."""
    asked = [item.question for item in data.questions[WARM_UP:]]
    found: dict[str, Any] = {
        "articles": len(data.articles),
        "questions": len(asked),
        "cores": os.cpu_count(),
        "load_average": [round(value, 1) for value in os.getloadavg()],
        "milliseconds": {name: steps(of_one) for name, of_one in rows.items()},
        "ratios": ratios(rows),
    }
    if "against" in rows:
        pairs = zip(asked, rows["answer"], rows["against"], strict=True)
        found["other_answers"] = [
            {"question": question, "this": one["answer"], "against": other["answer"]}
            for question, one, other in pairs
            if one["answer"] != other["answer"]
        ]
    return found


def steps(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Median and 95th percentile of each step, of all, and of the processor time."""
    names = dict.fromkeys(name for row in rows for name in row["steps"])
    values = {name: [row["steps"].get(name, 0.0) for row in rows] for name in names}
    values |= {name: [row[name] for row in rows] for name in ("wall", "cpu")}
    return {name: spread(taken) for name, taken in values.items()}


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    p50, p95 = np.percentile([1000 * value for value in seconds], [50, 95])
    return {"p50": round(float(p50), 1), "p95": round(float(p95), 1)}


def ratios(rows: dict[str, list[dict[str, Any]]]) -> dict[str, float]:
    """Of medians, each within this run."""

    def of(name: str, *among: str) -> float:
        return median(sum(row["steps"].get(it, 0.0) for it in among) for row in rows[name])

    def whole(name: str, key: str) -> float:
        return median(row[key] for row in rows[name])

    least = of("floor", "encode", "Chroma")
    found = of("search", "encode", "vectors", "words", "fuse")
    result = {
        "search to encoding and Chroma": found / least,
        "search and reading the question to encoding and Chroma": whole("search", "wall") / least,
    }
    if of("floor", "LangChain"):
        result["search to LangChain's retriever"] = found / of("floor", "LangChain")
    if "against" in rows:
        result["answer to the other checkout's"] = whole("answer", "wall") / whole(
            "against", "wall"
        )
        result["its processor time likewise"] = whole("answer", "cpu") / whole("against", "cpu")
    return {name: round(value, 3) for name, value in result.items()}


if __name__ == "__main__":
    main()
